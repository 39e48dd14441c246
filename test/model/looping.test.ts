import { describe, expect, it } from 'vitest';
import { brokenSince, loopingContainer } from '../../src/model/looping.ts';
import { noon, snapshotOf } from '../fixtures/snapshot-of.ts';

const ago = (seconds: number) => new Date(noon - seconds * 1_000).toISOString();
const ended = (exitCode: number, startedAgo: number, endedAgo: number) =>
  `terminated: {exitCode: ${exitCode}, reason: Error, startedAt: "${ago(startedAgo)}", finishedAt: "${ago(endedAgo)}"}`;

function pod(restarts: number, state: string, last: string, { ready = false, more = '' } = {}) {
  const [found] = snapshotOf(`
{kind: Pod, metadata: {name: a, namespace: kube-system, uid: a, creationTimestamp: "${ago(3_600)}"${more}},
  spec: {nodeName: n1, containers: [{name: cilium-agent}]},
  status: {phase: Running, conditions: [{type: Ready, status: "${ready ? 'True' : 'False'}", lastTransitionTime: "${ago(3)}"}],
    containerStatuses: [{name: cilium-agent, ready: ${ready}, restartCount: ${restarts}, state: {${state}}, lastState: {${last}}}]}}`).tables.pods.rows.values();
  if (found === undefined) throw new Error('no pod');
  return found;
}

const crash = ended(1, 75, 70);
const turns: [what: string, found: ReturnType<typeof pod>, loops: boolean][] = [
  ['waits for its next try', pod(7, 'waiting: {reason: CrashLoopBackOff}', crash), true],
  ['runs for a moment', pod(7, `running: {startedAt: "${ago(2)}"}`, crash), true],
  ['is ready for a moment', pod(7, `running: {startedAt: "${ago(2)}"}`, crash, { ready: true }), true],
  ['has just ended again', pod(7, ended(1, 3, 1), crash), true],
  ['tries for the third time', pod(2, `running: {startedAt: "${ago(2)}"}`, crash), true],
  ['was restarted once', pod(1, `running: {startedAt: "${ago(2)}"}`, crash), false],
  ['runs longer than before', pod(7, `running: {startedAt: "${ago(65)}"}`, crash, { ready: true }), false],
  [
    'runs, but not yet as long as before',
    pod(7, `running: {startedAt: "${ago(100)}"}`, ended(1, 300, 110), { ready: true }),
    true,
  ],
  ['ended well', pod(7, `running: {startedAt: "${ago(2)}"}`, ended(0, 75, 70)), false],
  ['had run for hours', pod(7, `running: {startedAt: "${ago(2)}"}`, ended(1, 9_000, 10)), false],
  ['crashed long ago', pod(7, `running: {startedAt: "${ago(2_990)}"}`, ended(1, 3_005, 3_000)), false],
  [
    'is being deleted',
    pod(7, 'waiting: {reason: CrashLoopBackOff}', crash, { more: `, deletionTimestamp: "${ago(1)}"` }),
    false,
  ],
  ['cannot pull its image', pod(0, 'waiting: {reason: ImagePullBackOff}', ''), false],
];

describe('a crash-looping container', () => {
  it.each(turns)('%s', (_what, found, loops) => {
    expect(loopingContainer(found, noon)?.name).toBe(loops ? 'cilium-agent' : undefined);
  });

  it('is broken since before it was up for a moment', () => {
    const up = pod(7, `running: {startedAt: "${ago(2)}"}`, crash, { ready: true });
    expect(brokenSince(up, noon)).toBe(noon - 75_000);
    expect(brokenSince(pod(0, 'running: {}', ''), noon)).toBe(noon - 3_000);
  });
});
