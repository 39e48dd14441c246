import { ApiError, badRequest } from '../api-error.ts';
import { quote } from './go-json.ts';

/** Where a list goes on: the version it is a picture of (-1 = now) and the last key given. */
export type Continue = { version: number; after: string };

type Token = { v: string; rv: number; start: string };

/** In the form of a real server: base64 of JSON, the key followed by a zero byte, relative to the list's folder. */
export function tellContinue({ version, after }: Continue, prefix: string): string {
  const start = prefix === '' ? after : `/${after.slice(prefix.length)}`;
  const token: Token = { v: 'meta.k8s.io/v1', rv: version, start: `${start}\u0000` };
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

/** Throws ApiError (400) for what no server gave. */
export function readContinue(token: string, prefix: string): Continue {
  const text = Buffer.from(token, 'base64url').toString('latin1');
  let parsed: Token;
  try {
    parsed = JSON.parse(text) as Token;
  } catch {
    const first = text[0];
    const why =
      first === undefined
        ? 'unexpected end of JSON input'
        : `invalid character ${quote(first)} looking for beginning of value`;
    throw badRequest(`invalid continue token: continue key is not valid: ${why}`);
  }
  if (parsed.v !== 'meta.k8s.io/v1' || typeof parsed.start !== 'string' || !Number.isInteger(parsed.rv)) {
    throw badRequest(
      'invalid continue token: continue key is not valid: server does not recognize this encoded version ""',
    );
  }
  const start = parsed.start.replace(/\u0000$/, '');
  return { version: parsed.rv, after: prefix === '' ? start : prefix + start.replace(/^\//, '') };
}

/** The 410 for a list whose picture is forgotten, with a token that goes on with what there is now. */
export function continueExpired(at: Continue, prefix: string): ApiError {
  const error = new ApiError(
    410,
    'Expired',
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
  );
  error.status.metadata = { continue: tellContinue({ version: -1, after: at.after }, prefix) };
  return error;
}
