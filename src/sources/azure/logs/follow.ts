import type { LogTail, QueryEvent } from '../../../model/azure/log-query.ts';
import { pause } from '../../kubernetes/waiting.ts';
import { AzureProblem } from '../azure-problem.ts';
import { askTail, type TailAnswer } from './ask-tail.ts';
import { followText } from './follow-text.ts';
import { byIngestion, bySearch } from './follow-ways.ts';
import type { LogsClient } from './logs-client.ts';
import { createTailTold } from './tail-told.ts';

/** However often we are asked to wait, between two questions, ms. */
const mostMs = 120_000;

/**
 * The same question again and again, each row once (domain §8.4). One question at a time, and none while nobody reads.
 * What an outage or a pause leaves out is asked for afterwards, so that neither is a gap; rows that are really lost to
 * us are. Rejects where it may not be asked.
 */
export async function* follow(
  client: LogsClient,
  tail: LogTail,
  signal: AbortSignal,
): AsyncGenerator<readonly QueryEvent[]> {
  const text = followText(tail.text, tail.rowId);
  const way = tail.searchTable === '' ? byIngestion(tail, text) : bySearch(tail, text);
  const told = createTailTold(way.isSearch);
  const base = Math.max(way.leastMs, tail.everyMs);
  let every = base;
  const remarks = [...text.remarks, ...way.remarks];
  if (remarks.length > 0) yield remarks.map((remark) => ({ type: 'remark', text: remark }));

  while (!signal.aborted) {
    const { mostRows, ...question } = way.question();
    let answer: TailAnswer;
    try {
      answer = await askTail(client, question, mostRows, signal);
    } catch (error) {
      if (signal.aborted || !(error instanceof AzureProblem) || !mayPass.test(error.kind)) throw error;
      every = Math.min(mostMs, every * 2);
      const wait = Math.max(error.retryAfterMs, every);
      yield [{ type: 'waiting', until: Date.now() + wait, why: error.what, kind: error.kind }];
      await pause(wait, signal);
      continue;
    }
    every = Math.max(base, every / 2);
    const events = told(answer);
    const { goOn, gap } = way.answered(answer);
    if (gap) events.push({ type: 'gap', ...gap });
    told.forget(way.forgetBefore());
    if (!goOn) {
      const why = every > base ? 'Slower for a while: we were asked to wait.' : '';
      events.push({ type: 'waiting', until: Date.now() + every, why });
    }
    yield events;
    if (!goOn) await pause(every, signal);
  }
}

/** What passes: everything else is for a person to mend. */
const mayPass = /^(throttled|server|unreachable)$/;
