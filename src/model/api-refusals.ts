import type { ApiRefusal } from './metrics.ts';

/** What an answer of the API server means for who gets it: `429` turned away, `5xx` failed, `<error>` none came. */
export function refusalWords({ code, total }: Pick<ApiRefusal, 'code' | 'total'>): string {
  if (code === '429') return `${total} calls turned away (429)`;
  return code === '<error>' ? `${total} calls without an answer` : `${total} calls failed (${code})`;
}
