import { at, list, record, text } from '../../../model/objects/raw.ts';
import type { RawObject } from '../../../model/objects/row.ts';
import { sanitiseLine } from '../../../model/sanitise.ts';
import { AzureProblem, type AzureProblemKind } from '../azure-problem.ts';

/** What Log Analytics answered instead of rows, in words. `body` is what it said, as JSON or not. */
export function logProblem(status: number, body: string, retryAfterMs: number, limitS: number): AzureProblem {
  const error = record(record(parsed(body)).error);
  const { code, said, place } = innermost(error);
  const { kind, what, hint } = words(status, said, place, limitS);
  return new AzureProblem(kind, what, hint, { status, retryAfterMs, code: code || text(error.code), said });
}

/** The service wraps what it means: the innermost words are those that help, and say where in the query. */
export function innermost(error: RawObject): { code: string; said: string; place: string } {
  let found = { code: text(error.code), said: text(error.message, 1_000), place: '' };
  let inner: RawObject = error;
  for (let depth = 0; depth < 8; depth += 1) {
    inner = record(inner.innererror ?? inner.innerError ?? list(inner.details, 1)[0]);
    const said = sanitiseLine(inner.message, 1_000);
    if (said === '') break;
    const line = at(inner, 'line');
    const position = at(inner, 'pos');
    const place =
      typeof line === 'number' && !/\bline\b/.test(said) ? ` (line ${line}, position ${Number(position) || 0})` : '';
    found = { code: text(inner.code) || found.code, said, place: place || found.place };
  }
  return found;
}

type Words = { kind: AzureProblemKind; what: string; hint: string };

function words(status: number, said: string, place: string, limitS: number): Words {
  const quoted = said === '' ? '' : `: ${said.replace(/\.+$/, '')}`;
  if (status === 400) return { kind: 'refused', what: `The query was refused${quoted}${place}.`, hint: '' };
  if (status === 401)
    return { kind: 'unauthorized', what: `Log Analytics refuses the token${quoted}.`, hint: 'Sign in again.' };
  if (status === 403)
    return {
      kind: 'forbidden',
      what: `The workspace may not be read${quoted}.`,
      hint: 'Ask for the role Log Analytics Reader on the workspace.',
    };
  if (status === 404)
    return {
      kind: 'missing',
      what: `There is no such workspace in this cloud${quoted}.`,
      hint: 'Check --workspace: its GUID is called "Workspace ID" in the portal.',
    };
  if (status === 413)
    return { kind: 'refused', what: `The answer would be too large${quoted}.`, hint: 'Ask for less, or summarize.' };
  if (status === 429)
    return { kind: 'throttled', what: `Log Analytics asks to wait${quoted}.`, hint: 'Too many questions at once.' };
  if (status === 408 || status === 504)
    return {
      kind: 'server',
      what: `The query took longer than ${limitS} s${quoted}.`,
      hint: 'Ask for a shorter time, or less.',
    };
  return { kind: 'server', what: `Log Analytics answered ${status}${quoted}.`, hint: 'Try again in a moment.' };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
