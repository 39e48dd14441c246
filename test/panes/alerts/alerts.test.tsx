import { expect, it } from 'vitest';
import type { Alerts } from '../../../src/model/azure/azure-facts.ts';
import type { Change } from '../../../src/model/change.ts';
import type { Link } from '../../../src/model/link.ts';
import { AlertsScreen } from '../../../src/panes/alerts/AlertsScreen.tsx';
import { minutes, now, snapshotOf } from '../fixtures/cluster.ts';
import { draw, frameOf } from '../fixtures/frame.tsx';

const rule = (name: string, severity: number, enabled = true) =>
  ({ id: `rule ${name}`, name, kind: 'log', severity, enabled, description: `about ${name}` }) as const;
const fired = (name: string, severity: number, condition: string, ago: number, state = 'New') => ({
  ...{
    id: `fired ${name}`,
    name,
    severity,
    condition,
    state,
    target: '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/aks-prod-weu',
  },
  at: now - minutes(ago),
});
const value: Alerts = {
  rules: [rule('ces-sync-failing', 1), rule('policy-drops', 3, false)],
  fired: [
    fired('ingestion-stopped', 3, 'Fired', 9),
    fired('ces-sync-failing', 1, 'Fired', 4),
    fired('policy-edited', 4, 'Resolved', 40),
    fired('node-down', 0, 'Fired', 90, 'Closed'),
  ],
};
const screen = (link: Link | undefined, known?: Alerts) => {
  const change = { type: 'fact', fact: 'alerts', at: now, link, ...(known && { value: known }) } as Change;
  const snapshot = snapshotOf({ changes: link === undefined ? [] : [change] });
  return draw(AlertsScreen, snapshot, frameOf(100, 14)).map((line) => line.trimEnd());
};
const live: Link = { phase: 'live', heard: now - 12_000 };

it('what fires comes first, the gravest on top, then what has ended, then the rules', () => {
  const lines = screen(live, value);
  expect(lines[0]).toMatch(/Alerts · 2 firing of 6 ─ ● read 12s ago/);
  expect(lines.slice(2, 8).map((line) => line.replace(/ +/g, ' ').slice(1))).toEqual([
    expect.stringMatching(/✖ 1 ces-sync-failing fires, new 4m aks-prod-weu/),
    expect.stringMatching(/▲ 3 ingestion-stopped fires, new 9m aks-prod-weu/),
    expect.stringMatching(/0 node-down fires, closed 90m/),
    expect.stringMatching(/4 policy-edited resolved 40m/),
    expect.stringMatching(/1 ces-sync-failing log rule, on about ces-sync-failing/),
    expect.stringMatching(/3 policy-drops log rule, off about policy-drops/),
  ]);
});

it.each<[what: string, link: Link | undefined, title: RegExp, says: RegExp]>([
  ['nobody asked', undefined, /○ not asked/, /:login signs in/],
  ['asking', { phase: 'connecting', heard: 0 }, /◐ asking/, /./],
  [
    'forbidden',
    { phase: 'forbidden', heard: 0, problem: 'You need the role Monitoring Reader on the cluster.' },
    /○ forbidden/,
    /role Monitoring Reader/,
  ],
  ['failed', { phase: 'failed', heard: 0, problem: 'Azure does not answer.' }, /✖ failed/, /Azure does not answer\./],
])('%s', (_, link, title, says) => {
  const lines = screen(link);
  expect(lines[0]).toMatch(title);
  expect(lines.join('\n')).toMatch(says);
});

it('none says how to get some', () => {
  expect(screen(live, { rules: [], fired: [] }).join('\n')).toMatch(/plan alerts/);
});
