import type { LogQuery, LogTail } from '../../model/azure/log-query.ts';
import { cutEnd } from '../../ui/text.ts';
import type { QueryHead } from '../query-desk.ts';
import { cellText } from './cell-text.ts';
import type { Result } from './result.ts';

type Run = { phase: string; result: Result; problem: string; isTail: boolean; beganAt: number };

/** A question and the first rows of its answer as text; of a tail the newest. Undefined where nothing of it is held. */
export function queryHead(asked: LogQuery | LogTail, state: Run, most: number): QueryHead | undefined {
  const { phase, result, problem, isTail, beganAt } = state;
  if (phase === 'idle') return undefined;
  const { columns, entries, received } = result;
  const told = entries.filter(({ gap }) => gap === '');
  const shown = isTail ? told.slice(-most) : told.slice(0, most);
  const [first = ''] = asked.text.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('//'));
  const broken = phase === 'running' ? 'It was still coming.' : phase === 'cancelled' ? 'It was cancelled.' : '';
  return {
    title: cutEnd(first.trim(), 80),
    text: asked.text,
    timespan: isTail ? 'followed' : asked.timespan,
    at: beganAt,
    columns: columns.map(({ name }) => name),
    rows: shown.map(({ cells }) => columns.map(({ type }, at) => cutEnd(cellText(cells[at], type, beganAt), 200))),
    total: received,
    problem: problem === '' ? broken : problem,
  };
}
