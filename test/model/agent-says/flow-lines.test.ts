import { expect, it } from 'vitest';
import { flowLines } from '../../../src/model/agent-says/flow-lines.ts';
import type { LogEvent } from '../../../src/model/asks.ts';
import { flowWords } from '../../../src/panes/log/flow-words.ts';

const flow = {
  time: '2026-11-22T12:00:00Z',
  verdict: 'DROPPED',
  drop_reason_desc: 'POLICY_DENIED',
  IP: { source: '10.244.0.5', destination: '20.1.2.3' },
  l4: { TCP: { source_port: 40_000, destination_port: 443 } },
  source: { namespace: 'shop', pod_name: 'cart-0', identity: 1001 },
  destination: { identity: 2, labels: ['reserved:world'] },
  traffic_direction: 'EGRESS',
  egress_denied_by: [{ namespace: 'shop', name: 'deny-all' }],
  Summary: 'TCP Flags: SYN',
};

async function* said(...events: LogEvent[]): AsyncGenerator<LogEvent> {
  yield* events;
}

it('flows are lines with their own moment; dropped ones stand out, lost ones are a gap, what is none stays', async () => {
  const events: LogEvent[] = [];
  const lines = [
    JSON.stringify({ flow }),
    JSON.stringify({ lost_events: { num_events_lost: '40' } }),
    JSON.stringify({ flow: { ...flow, verdict: 'FORWARDED', drop_reason_desc: '', egress_denied_by: [] } }),
    'failed to connect to hubble.sock',
  ];
  for await (const event of flowLines(said({ type: 'lines', lines }, { type: 'end', text: 'x' }))) events.push(event);
  const at = Date.parse('2026-11-22T12:00:00Z');
  expect(events).toEqual([
    {
      type: 'lines',
      lines: ['DROPPED shop/cart-0 → world 20.1.2.3:443 TCP egress POLICY_DENIED by shop/deny-all TCP Flags: SYN'],
      at: [at],
      known: [{ place: 0, pattern: 'DROPPED' }],
    },
    { type: 'gap', text: '40 flows lost by the agent itself' },
    {
      type: 'lines',
      lines: [
        'FORWARDED shop/cart-0 → world 20.1.2.3:443 TCP egress TCP Flags: SYN',
        'failed to connect to hubble.sock',
      ],
      at: [at, 0],
      known: [],
    },
    { type: 'end', text: 'x' },
  ]);
  expect(flowWords('DROPPED a → b')[0]).toEqual({ text: 'DROPPED  ', tone: 'error' });
  expect(flowWords('failed to connect')).toEqual([{ text: 'failed to connect' }]);
});
