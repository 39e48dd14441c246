import { expect, it } from 'vitest';
import { queryRows } from '../../../src/panes/logs/saved-rows.ts';

it('of questions that begin alike the part is told that tells them apart', () => {
  const alike = 'ContainerNetworkLogs | where TimeGenerated > ago(1h) | where Verdict ==';
  const history = [`${alike} "DROPPED"`, `${alike} "FORWARDED" | count`, 'Heartbeat'].map((text, at) => ({
    ...{ id: '', parameters: {}, text, timespan: 'PT1H', at: at + 1 },
  }));
  const told = queryRows(history, undefined, '').slice(-3);
  expect(told.map(({ about, differs }) => about.slice(differs))).toEqual([
    'Verdict == "DROPPED"',
    'Verdict == "FORWARDED" | count',
    'Heartbeat',
  ]);
});
