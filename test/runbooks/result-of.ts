import type { RunbookNews, RunbookResult } from '../../src/model/runbook-result.ts';

/** What a run comes to; each of its questions gets this answer, or none. */
export async function resultOf(
  news: AsyncGenerator<RunbookNews, void, string | undefined>,
  answer?: string,
): Promise<RunbookResult> {
  for (let said: string | undefined; ; ) {
    const { done, value } = await news.next(said);
    if (done) throw new Error('it ended without a result');
    if (value.type === 'ended') return value.result;
    said = value.type === 'asks' ? answer : undefined;
  }
}
