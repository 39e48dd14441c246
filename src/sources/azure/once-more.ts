import type { Readable } from 'node:stream';
import type { TokenCredential } from '@azure/identity';
import type { PipelinePolicy } from './client-options.ts';

/**
 * A question whose token was refused is put once more, with another token: the refused one was forgotten (azure-wire.ts).
 * What may change something is not, and whoever sent it decides. `isQuestion`: by its method, for one service asks by GET
 * and the other by POST.
 */
export function onceMore(
  credential: TokenCredential,
  scope: string,
  isQuestion: (method: string) => boolean,
): PipelinePolicy {
  return {
    name: 'ciliscopeOnceMore',
    async sendRequest(request, next) {
      if (!isQuestion(request.method)) return next(request);
      try {
        const response = await next(request);
        // One that names claims is the client's to answer.
        const wanted = response.headers.get('www-authenticate') ?? '';
        if (response.status !== 401 || /claims=/i.test(wanted)) return response;
        (response.readableStreamBody as Readable | undefined)?.resume();
      } catch (error) {
        // Some clients make an error of it on the way.
        if ((error as { statusCode?: unknown }).statusCode !== 401) throw error;
      }
      // In some clients what signs lies around us, in others between us and the wire.
      const token = await credential.getToken(scope, { enableCae: true });
      request.headers.set('Authorization', `Bearer ${token?.token}`);
      return next(request);
    },
  };
}
