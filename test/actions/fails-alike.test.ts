// A restart that cures nothing is told as soon as the new pod shows it, not when the time for it is up.
import { expect, it } from 'vitest';
import type { PlanWorld } from '../../src/actions/action.ts';
import { restartAgent } from '../../src/actions/restart-agent.ts';
import { createRoad } from '../../src/actions/road.ts';
import type { Asks } from '../../src/model/asks.ts';
import type { RawObject } from '../../src/model/objects/row.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import type { WriteJobs } from '../../src/model/write-jobs.ts';
import { agentPod, now, sickObjects, snapshotOf } from '../panes/fixtures/cluster.ts';

const node = 'aks-np2-31415926-vmss000000';
const isOf = ({ spec }: RawObject) => (spec as { nodeName?: string }).nodeName === node;
const old = (sickObjects().pods ?? []).find((pod) => isOf(pod) && /^cilium-/.test(String(nameOf(pod)))) ?? {};

function nameOf({ metadata }: RawObject): unknown {
  return (metadata as RawObject)['name'];
}

/** The cluster with another agent pod on that node. */
function withAgent(pod: RawObject): Snapshot {
  const objects = sickObjects();
  return snapshotOf({
    objects: {
      ...objects,
      pods: [...(objects.pods ?? []).filter((one) => one !== old && nameOf(one) !== nameOf(old)), pod],
    },
  });
}

function failsIn(state: RawObject, more: RawObject = {}): RawObject {
  const pod = agentPod('cilium-young', node, true);
  const status = pod['status'] as { initContainerStatuses: RawObject[] };
  const [container] = status.initContainerStatuses;
  const { lastState: _, ...fresh } = container ?? {};
  return { ...pod, status: { ...status, initContainerStatuses: [{ ...fresh, restartCount: 0, state, ...more }] } };
}

const ended = { terminated: { exitCode: 1, reason: 'Error', message: 'mount: operation not permitted' } };

async function restarted(young: RawObject, seenMs = 50) {
  let snapshot = snapshotOf({ objects: sickObjects() });
  const asks = {
    object: async () => old,
    rehearse: async () => undefined,
    beginJob: async () => 1,
    async sendWrite() {
      snapshot = withAgent(young);
      return { outcome: 'done', object: undefined, late: false };
    },
    tellJob: async () => {},
    endJob: async () => undefined,
  } as unknown as Pick<Asks, 'object' | 'objects'> & WriteJobs;
  const road = createRoad({ asks, snapshot: () => snapshot, subscribe: () => () => {}, protectedNames: [] });
  const world = { ...asks, snapshot: () => snapshot, now: () => now, whatIf: undefined } as unknown as PlanWorld;
  const plan = await restartAgent.plan({ node }, world, new AbortController().signal);
  return road.run(restartAgent, { ...plan, doneMs: seenMs }, () => {});
}

it('a new agent that fails in the init container of before ends it at once, with its words and what is next', async () => {
  expect(await restarted(failsIn(ended), 60_000)).toMatchObject({
    outcome: 'partly',
    text: `Restarted, but the new agent cilium-young on ${node} fails as the old one did: init container mount-bpf-fs ended with 1: "mount: operation not permitted".`,
    hint: expect.stringMatching(/cordon, drain and reimage/),
  });
});

it.each<[string, RawObject, RegExp]>([
  ['still starts', failsIn({ waiting: { reason: 'PodInitializing' } }), /is Pending|is Init|PodInitializing/],
  [
    'runs again after it ended once',
    failsIn({ running: {} }, { lastState: ended, restartCount: 1 }),
    /cilium-young is/,
  ],
  ['fails in another container', failsIn(ended, { name: 'config' }), /cilium-young is/],
])('one that %s is waited for', async (_, young, waits) => {
  const outcome = await restarted(young);
  expect(outcome.outcome).toBe('written');
  expect(outcome.text).toMatch(waits);
});

it('one that is ready is done', async () => {
  expect(await restarted(agentPod('cilium-young', node))).toMatchObject({ outcome: 'verified' });
});
