import { ApiProblem } from './api-problem.ts';
import { kubeletHint } from './exec-refusal.ts';

/** Why a log cannot be read, with the server's reason in the one sentence that is told everywhere. */
export function logProblem(error: unknown): unknown {
  if (!(error instanceof ApiProblem) || error.said === '' || !['server', 'refused'].includes(error.kind)) return error;
  const said = error.said.replace(/\.$/, '');
  return new ApiProblem(error.kind, `The log cannot be read (${error.status}): ${said}.`, kubeletHint(said), error);
}
