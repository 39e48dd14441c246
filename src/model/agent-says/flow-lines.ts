import type { LogEvent } from '../asks.ts';
import type { AgentFlow, FlowEnd } from './agent-says.ts';
import { readFlow } from './read-flow.ts';

/** Not one of the patterns of logs, but what one looks for among flows. */
const remarkable: ReadonlySet<string> = new Set(['DROPPED', 'ERROR', 'AUDIT']);

/** Flows as lines of a log, with their own moment; what is no flow stays as it was said. */
export async function* flowLines(events: AsyncIterable<LogEvent>): AsyncGenerator<LogEvent> {
  for await (const event of events) {
    if (event.type !== 'lines') {
      yield event;
      continue;
    }
    let batch = emptyBatch();
    for (const line of event.lines) {
      const flow = readFlow(line);
      if (flow !== undefined && 'lost' in flow) {
        if (batch.lines.length > 0) yield batch;
        batch = emptyBatch();
        yield { type: 'gap', text: `${flow.lost} flows lost by the agent itself` };
        continue;
      }
      if (flow !== undefined && remarkable.has(flow.verdict))
        batch.known.push({ place: batch.lines.length, pattern: flow.verdict });
      batch.at.push(flow?.at ?? 0);
      batch.lines.push(flow === undefined ? line : flowText(flow));
    }
    if (batch.lines.length > 0) yield batch;
  }
}

type Batch = { type: 'lines'; lines: string[]; at: number[]; known: { place: number; pattern: string }[] };

function emptyBatch(): Batch {
  return { type: 'lines', lines: [], at: [], known: [] };
}

/** `DROPPED shop/cart-x → shop/db-0:5432 TCP egress POLICY_DENIED`. */
function flowText({
  verdict,
  source,
  destination,
  protocol,
  ingress,
  reply,
  reason,
  deniedBy,
  summary,
}: AgentFlow): string {
  const way = ingress === undefined ? '' : ingress ? 'ingress' : 'egress';
  const port = destination.port > 0 ? `:${destination.port}` : '';
  const said = summary === protocol ? '' : summary;
  return [
    verdict,
    `${endText(source)} → ${endText(destination)}${port}`,
    protocol,
    way,
    reply ? 'reply' : '',
    reason,
    deniedBy.length === 0 ? '' : `by ${deniedBy.join(', ')}`,
    said,
  ]
    .filter(Boolean)
    .join(' ');
}

function endText({ namespace, pod, address, labels, identity }: FlowEnd): string {
  if (pod !== '') return `${namespace}/${pod}`;
  const entity = labels.find((label) => label.startsWith('reserved:'))?.slice('reserved:'.length);
  return [entity, address].filter(Boolean).join(' ') || `identity ${identity}`;
}
