import { describe, expect, test } from 'vitest';
import type { Change } from '../../src/model/change.ts';
import { apply, emptySnapshot, type Snapshot } from '../../src/model/snapshot.ts';
import { fc } from '../fixtures/seeded.ts';
import { allLive, noon, putsOf, snapshotOf } from '../fixtures/snapshot-of.ts';

const pods = `
{kind: Pod, metadata: {name: cilium-a, namespace: kube-system, uid: sys, resourceVersion: "1"}}
---
{kind: Pod, metadata: {name: web, namespace: shop, uid: web, resourceVersion: "1"}}
`;

const cluster = {
  context: 'other',
  server: 'https://x',
  kubernetesVersion: '',
  user: '',
  namespace: '',
  latency: 0,
  insecure: false,
};

describe('changes', () => {
  test('the snapshot is new, its tables are not', () => {
    const before = emptySnapshot(noon);
    const after = apply(before, putsOf(pods, noon), noon);
    expect(after).not.toBe(before);
    expect(after.tables.pods).toBe(before.tables.pods);
    expect(after.tables.pods.rows.size).toBe(2);
  });

  test.each([
    ['systemPods', ['web']],
    ['pods', ['sys']],
  ] as const)('clearing %s leaves the other source alone', (source, left) => {
    const after = apply(snapshotOf(pods), [{ type: 'clear', source, kind: 'pods', at: noon }], noon);
    expect([...after.tables.pods.rows.keys()]).toEqual(left);
    expect(after.tables.pods.gone).toEqual([]);
    expect(after.timeline.entries.filter((entry) => entry.what === 'deleted')).toEqual([]);
  });

  test('another cluster: no row, link, churn or history of the old one is left', () => {
    const after = apply(snapshotOf(pods), [{ type: 'reset', epoch: 3, cluster }], noon);
    expect(after.epoch).toBe(3);
    expect(after.cluster.context).toBe('other');
    expect([after.tables.pods.rows.size, after.links.size, after.timeline.entries.length]).toEqual([0, 0, 0]);
  });

  test('a reset to an older epoch is not obeyed', () => {
    const second = apply(snapshotOf(pods), [{ type: 'reset', epoch: 3, cluster }], noon);
    const after = apply(second, [{ type: 'reset', epoch: 2, cluster: { ...cluster, context: 'late' } }], noon);
    expect(after.cluster.context).toBe('other');
  });

  test('links, facts, requests and judgement are replaced', () => {
    const judgement = {
      findings: [],
      notLookedAt: [],
      notAsked: [],
      looked: 3,
      of: 4,
      waiting: [],
      cleared: [],
      since: 0,
      at: noon,
    };
    const changes: Change[] = [
      { type: 'link', source: 'pods', link: { phase: 'loading', heard: 5, loaded: 500, expected: 1_000 } },
      { type: 'cluster', cluster: { kubernetesVersion: 'v1.34.2' } },
      { type: 'judgement', judgement },
    ];
    const after = apply(emptySnapshot(noon), changes, noon);
    expect(after.links.get('pods')?.loaded).toBe(500);
    expect(after.cluster.kubernetesVersion).toBe('v1.34.2');
    expect(after.judgement).toBe(judgement);
  });
});

test('what was listed does not stand out, what happened does', () => {
  const listed = apply(emptySnapshot(noon), putsOf(pods, noon), noon);
  expect(listed.tables.pods.recent.size).toBe(0);
  const live = apply(listed, allLive(noon), noon);
  const more = apply(
    live,
    putsOf('{kind: Pod, metadata: {name: new, namespace: shop, uid: new, resourceVersion: "9"}}', noon),
    noon,
  );
  expect([...more.tables.pods.recent.keys()]).toEqual(['new']);
});

/**
 * One true history of a few endpoints, cut into batches anywhere, with repeats of what was already told and deletions
 * of strangers mixed in: the end is the same.
 */
test('any cut into batches, with repeats and strangers, converges', () => {
  const step = fc.record({
    name: fc.constantFrom('a', 'b', 'c'),
    gone: fc.boolean(),
    identity: fc.integer({ min: 1, max: 3 }),
    cut: fc.boolean(),
    repeat: fc.boolean(),
    stranger: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const changes = steps.map((one, index) => changeOf(one, index));
      const once = apply(start(), changes, noon);
      let cut = start();
      let batch: Change[] = [];
      for (const [index, one] of steps.entries()) {
        const change = changes[index] as Change;
        if (one.stranger) batch.push({ type: 'remove', kind: 'ciliumEndpoints', uids: ['stranger'], at: noon });
        batch.push(change, ...(one.repeat ? [change] : []));
        if (one.cut) {
          cut = apply(cut, batch, noon);
          batch = [];
        }
      }
      cut = apply(cut, batch, noon);
      expect(contents(cut)).toEqual(contents(once));
    }),
  );
});

function start(): Snapshot {
  return apply(emptySnapshot(noon), allLive(noon), noon);
}

function changeOf(one: { name: string; gone: boolean; identity: number }, index: number): Change {
  if (one.gone) return { type: 'remove', kind: 'ciliumEndpoints', uids: [one.name], at: noon };
  const yaml = `{kind: CiliumEndpoint, metadata: {name: ${one.name}, namespace: shop, uid: ${one.name}, resourceVersion: "${index}"},
    status: {identity: {id: ${one.identity}}, networking: {addressing: [{ipv4: 10.0.0.${one.identity}}]}}}`;
  return putsOf(yaml, noon)[0] as Change;
}

function contents(snapshot: Snapshot): unknown {
  const { ciliumEndpoints } = snapshot.tables;
  return {
    rows: [...ciliumEndpoints.rows.values()].sort((a, b) => (a.uid < b.uid ? -1 : 1)),
    identities: [...ciliumEndpoints.counts('identity')].sort(),
    ips: [...ciliumEndpoints.counts('ip')].sort(),
    waiting: snapshot.churn.waiting,
  };
}
