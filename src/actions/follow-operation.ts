import type { OperationEvent } from '../model/plans/deployments.ts';
import type { OperationEnd, OperationStep } from '../model/plans/operation.ts';
import type { RefusalKind, WriteAnswer } from '../model/writes.ts';

/** Listens to an operation of ARM until its end, and says it as of any other write. */
export async function followOperation(
  events: AsyncIterable<OperationEvent>,
  onStep: (text: string) => void,
): Promise<WriteAnswer> {
  let last = '';
  for await (const event of events) {
    if (event.type === 'end') return answerOf(event.end);
    const text = stepText(event.step);
    if (text !== last) onStep(text);
    last = text;
  }
  return { outcome: 'unknown', what: 'We stopped listening; in Azure it goes on.', hint: '' };
}

function stepText({ text, percent }: OperationStep): string {
  return percent === undefined ? text : `${percent}%, ${text}`;
}

const kinds = { changed: 'conflict', busy: 'conflict', lost: 'lost', refused: 'refused' } as const satisfies Record<
  string,
  RefusalKind
>;

function answerOf(end: OperationEnd): WriteAnswer {
  if (end.outcome === 'done') return { outcome: 'done', object: end.object, late: false };
  if (end.outcome === 'refused') return { outcome: 'refused', kind: kinds[end.kind], what: end.text, hint: end.hint };
  return { outcome: 'unknown', what: end.text, hint: end.hint };
}
