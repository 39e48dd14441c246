// What goes wrong with commands in containers: refused before they begin, or broken while they run.
import type { ApiRequest, ExecTrouble, FaultAction } from '../api/intercept.ts';
import { type Fault, status } from './fault.ts';

export const commandFaults: readonly Fault[] = [
  running('exec-dropped', 'dropped', 'The connection of a command breaks, without a word of how it ended.'),
  running('exec-silent', 'silent', 'A command is begun, and nothing is heard of it any more.'),
  running('exec-late-output', 'late-output', 'A command says how it ended before the last of its output.'),
  running('exec-odd-frames', 'odd-frames', 'Between a command’s output are frames of channels that do not exist.'),
  running('exec-old-protocol', 'old-protocol', 'Commands are run over v4.channel.k8s.io only.'),
  running('exec-no-protocol', 'no-protocol', 'The upgrade for a command is accepted without any protocol.'),
  running('exec-unknown-form', 'unknown-form', 'A command answers, without an error, with JSON that nobody knows.'),
  refused('exec-refused', 'A command is refused with HTTP 403, as by a proxy that knows no upgrade.', () =>
    status(403, 'Forbidden', 'upgrade request is not allowed'),
  ),
  refused('exec-gone', 'A command is refused with HTTP 404: its pod is gone.', ({ name }) =>
    status(404, 'NotFound', `pods "${name}" not found`, { details: { name, kind: 'pods' } }),
  ),
  refused('exec-no-container', 'A command is refused with HTTP 400: its container does not run.', ({ query }) =>
    status(400, 'BadRequest', `container not found (${JSON.stringify(query.get('container') ?? '')})`),
  ),
  refused('exec-throttled', 'A command is refused with HTTP 429 and Retry-After: 7.', () =>
    status(429, 'TooManyRequests', 'too many requests, please try again later', { retryAfterSeconds: 7 }),
  ),
  refused('exec-hangs', 'The request to run a command is never answered.', () => ({ kind: 'black-hole' })),
];

function refused(id: string, title: string, action: (request: ApiRequest) => FaultAction): Fault {
  return {
    ...{ id, title, verbs: ['connect', 'create', 'get'] },
    intercept: () => (request) => (request.subresource === 'exec' ? action(request) : undefined),
  };
}

function running(id: string, trouble: ExecTrouble, title: string): Fault {
  return refused(id, title, () => ({ kind: 'exec', trouble }));
}
