import { describe, expect, it } from 'vitest';
import type { Drop, DropEvent } from '../../../src/model/agent-says/agent-says.ts';
import { packetEnd } from '../../../src/model/packet-end.ts';
import { type DropItem, foldDrops, noDrops, stepsOf } from '../../../src/panes/drops/drop-groups.ts';
import { aboveLines, dropCells, dropColumns, listeningState } from '../../../src/panes/drops/drop-rows.ts';
import { spansText } from '../../../src/panes/spans.ts';
import { createTheme } from '../../../src/ui/theme.ts';
import { snapshotOf } from '../../fixtures/snapshot-of.ts';

const theme = createTheme({ ascii: false, colour: true });
const noon = Date.parse('2026-11-22T12:00:00Z');

const cluster = snapshotOf(`
apiVersion: v1
kind: Pod
metadata: {name: cart-7d9f-x2k4f, namespace: shop, uid: p1}
spec: {nodeName: n1}
status: {phase: Running, podIP: 10.244.0.5, podIPs: [{ip: 10.244.0.5}]}
---
apiVersion: v1
kind: Node
metadata: {name: n1, uid: n1}
status: {addresses: [{type: InternalIP, address: 10.0.0.4}]}
---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop, uid: s1}
spec: {clusterIP: 10.1.0.9, clusterIPs: [10.1.0.9]}
---
apiVersion: cilium.io/v2
kind: CiliumIdentity
metadata: {name: "41877", uid: i1}
security-labels: {"k8s:app": worker, "k8s:io.kubernetes.pod.namespace": shop, "k8s:io.cilium.k8s.policy.cluster": default}
`);

describe('whose an address is', () => {
  it.each<[address: string, identity: number, name: string, asked: string]>([
    ['10.244.0.5', 1001, 'shop/cart-7d9f-x2k4f', 'pod/shop/cart-7d9f-x2k4f'],
    ['10.0.0.4', 1, 'node n1', 'node/n1'],
    ['10.1.0.9', 0, 'svc shop/db', 'svc/shop/db'],
    ['20.1.2.3', 2, 'world 20.1.2.3', '20.1.2.3'],
    ['', 2, 'world', 'entity:world'],
    ['10.244.7.7', 41877, 'identity 41877 app=worker ns=shop', '10.244.7.7'],
    ['10.244.7.8', 50000, '10.244.7.8', '10.244.7.8'],
    ['', 50000, 'identity 50000', ''],
    ['', 0, 'unknown', ''],
  ])('%s of identity %d is %s', (address, identity, name, asked) => {
    expect(packetEnd(cluster, address, identity)).toMatchObject({ name, asked });
  });
});

function drop(from: string, to: string, port: number, reason = 'Policy denied'): Drop {
  return {
    ...{ node: 'n1', at: noon, reason, protocol: 'TCP', ingress: false },
    source: { address: from, identity: 1001, port: 40_000, endpoint: 7 },
    destination: { address: to, identity: 2, port },
  };
}

const drops = (...some: (Drop | [Drop, number])[]): DropEvent => ({
  type: 'drops',
  drops: some.map((one) => (Array.isArray(one) ? { drop: one[0], count: one[1] } : { drop: one, count: 1 })),
});
const end = (address: string, identity: number) => packetEnd(cluster, address, identity);
const fold = (...items: DropItem[]) => foldDrops(noDrops, items, end);
const from = (node: string, event: DropItem['event'], at = noon): DropItem => {
  if (event.type !== 'drops') return { node, at, event };
  return { node, at, event: { ...event, drops: event.drops.map((one) => ({ ...one, drop: { ...one.drop, node } })) } };
};

describe('drops', () => {
  it('are counted by pair, port and reason, over all nodes', () => {
    const book = fold(
      from('n1', drops(drop('10.244.0.5', '20.1.2.3', 443))),
      from('n2', drops(drop('10.244.0.5', '20.1.2.3', 443), drop('10.244.0.5', '20.1.2.3', 53)), noon + 25_000),
      from('n2', drops([drop('10.244.0.5', '20.1.2.3', 443, 'CT: Map insertion failed'), 3])),
    );
    const groups = [...book.groups.values()];
    expect(groups.map(({ port, reason, count, nodes }) => [port, reason, count, nodes])).toEqual([
      [443, 'Policy denied', 2, ['n1', 'n2']],
      [53, 'Policy denied', 1, ['n2']],
      [443, 'CT: Map insertion failed', 3, ['n2']],
    ]);
    expect(book.received).toBe(6);
    const [first] = groups;
    expect(first && stepsOf(first, noon + 25_000).slice(-3)).toEqual([0, 1, 1]);
  });

  it('are drawn with their reason in words, its meaning, and which way', () => {
    const [group] = fold(
      from('n1', drops(drop('10.244.0.5', '20.1.2.3', 443, 'CT: Map insertion failed'))),
    ).groups.values();
    expect(dropColumns(80).length).toBe(dropCells(group as never, theme, noon, 80).length);
    expect(dropCells(group as never, theme, noon + 3_000, 80)).toEqual([
      '1',
      { text: '3s', tone: 'strong' },
      'shop/cart-7d9f-x2k4f',
      'world 20.1.2.3',
      '443',
      { text: 'CT: Map insertion failed egress: connection tracking is full', tone: 'error' },
      'n1',
    ]);
  });

  it('of more pairs than are kept say how many made room', () => {
    const many = Array.from({ length: 520 }, (_, port) => drop('10.244.0.5', '20.1.2.3', port + 1));
    const book = fold(from('n1', drops(...many)));
    expect([book.groups.size, book.forgotten]).toEqual([500, 20]);
  });

  it('are a sample: of which nodes is said, what is missing, and why one is not listened to', () => {
    const agents = ['n1', 'n2'].map((node) => ({
      ...{ node, namespace: 'kube-system', pod: `cilium-${node}`, sick: false },
      ...{ dropsPerSecond: 0, unreachableNodes: 0 },
    }));
    const begun = fold(from('n1', drops()));
    expect(listeningState(noDrops, agents, 12, '').text).toBe('starting');
    expect(listeningState(begun, agents, 12, '').text).toBe('listening to 1 of 2');
    const book = foldDrops(
      begun,
      [from('n1', { type: 'gap', text: '9 lines dropped' }), from('n2', { type: 'failed', text: 'No permission' })],
      end,
    );
    expect(aboveLines(book, agents, theme, 80).map(spansText)).toEqual([
      ' on n1, n2',
      ' a sample: 0 drops since this was opened, of these nodes only',
      ' ▲ n1: 9 lines dropped',
      ' ✖ n2: No permission',
    ]);
    const over = foldDrops(book, [from('n1', { type: 'end', text: 'The command ended.' })], end);
    expect(listeningState(over, agents, 12, '')).toMatchObject({ glyph: 'error', text: 'ended' });
    expect(listeningState(noDrops, [], 0, 'np9').sentence).toContain('"np9"');
  });
});
