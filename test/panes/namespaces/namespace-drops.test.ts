import { expect, it } from 'vitest';
import type { Link } from '../../../src/model/link.ts';
import type { Snapshot } from '../../../src/model/snapshot.ts';
import { dropLines } from '../../../src/panes/namespaces/namespace-drops.ts';
import { createPage } from '../../../src/panes/page.ts';
import { spansText } from '../../../src/panes/spans.ts';
import { createTheme } from '../../../src/ui/theme.ts';
import { meta, now, snapshotOf } from '../fixtures/cluster.ts';

const { glyphs } = createTheme({ ascii: false, colour: false });
const pod = (name: string, nodeName: string, hostNetwork = false) => ({
  metadata: meta(name, { namespace: 'shop' }),
  spec: { nodeName, hostNetwork, containers: [{ name: 'web' }] },
  status: { phase: 'Running' },
});
const snapshot = snapshotOf({ objects: { pods: [pod('a', 'n1'), pod('b', 'n2'), pod('c', 'n3', true)] } });
const reading = (node: string, reason: string, perSecond: number) => ({
  ...{ node, drops: [{ reason, direction: 'egress', total: 9, perSecond }] },
});
const said = (agents: readonly object[] | undefined, link: Partial<Link> = {}) => {
  const fact = { link: { phase: 'live', heard: now, ...link }, value: agents && { agents } };
  const facts = agents === undefined && link.phase === undefined ? {} : { agentMetrics: fact };
  const page = createPage(120, 11);
  page.section('Network');
  dropLines(page, { ...snapshot, facts } as unknown as Snapshot, 'shop', glyphs, 2, now);
  return page.lines.slice(1).map((line) => spansText(line.spans).trim());
};

it.for<[string, Parameters<typeof said>, readonly string[]]>([
  ['nobody counted', [undefined], ['drops      The metrics of agents are not asked for.']],
  [
    'they may not be read',
    [undefined, { phase: 'forbidden', problem: 'No permission: get pods/proxy.' }],
    ['drops      No permission: get pods/proxy.'],
  ],
  [
    'nothing',
    [[reading('n1', 'Policy denied', 0), reading('n2', 'Policy denied', 0)]],
    ['drops      ● nothing unusual on its 2 nodes'],
  ],
  [
    'what is everyday',
    [[reading('n1', 'Unsupported L3 protocol', 0.6), reading('n2', 'Policy denied', 0)]],
    ['drops      ● nothing unusual on its 2 nodes'],
  ],
  ['one node read', [[reading('n1', 'Policy denied', 0)]], ['drops      ● nothing unusual, 1 of its 2 nodes read']],
  [
    'what was well is old',
    [[reading('n1', 'Policy denied', 0)], { phase: 'stale', problem: 'gone' }],
    ['drops      ○ nothing unusual, 1 of its 2 nodes read'],
  ],
  ['other nodes are others’', [[reading('n3', 'Policy denied', 9)]], ['drops      not counted yet']],
  [
    'the most first',
    [[reading('n1', 'Policy denied', 2), reading('n2', 'Invalid source ip', 4)]],
    [
      'drops      ▲ 4.0/s Invalid source ip on 1 of its 2 nodes; of whom, :drops tells',
      '▲ 2.0/s Policy denied on 1 of its 2 nodes; of whom, :drops tells',
    ],
  ],
])('what is dropped on the nodes of the pods: %s', ([, given, lines]) => {
  expect(said(...given)).toEqual(lines);
});
