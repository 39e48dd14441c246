import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { printPod } from '../../../src/model/objects/print-pod.ts';

const cases: [what: string, yaml: string, status: string, ready: string, restarts: number][] = [
  ['nothing told yet', '{}', 'Unknown', '0/0', 0],
  ['pending', '{spec: {containers: [{name: a}]}, status: {phase: Pending}}', 'Pending', '0/1', 0],
  [
    'evicted: the pod reason wins over the phase',
    '{spec: {containers: [{name: a}]}, status: {phase: Failed, reason: Evicted}}',
    'Evicted',
    '0/1',
    0,
  ],
  [
    'scheduling gated',
    '{status: {phase: Pending, conditions: [{type: PodScheduled, status: "False", reason: SchedulingGated}]}}',
    'SchedulingGated',
    '0/0',
    0,
  ],
  [
    'running',
    `{spec: {containers: [{name: a}, {name: b}]}, status: {phase: Running, conditions: [{type: Ready, status: "True"}], containerStatuses: [
      {name: a, ready: true, restartCount: 2, state: {running: {}}}, {name: b, ready: true, restartCount: 1, state: {running: {}}}]}}`,
    'Running',
    '2/2',
    3,
  ],
  [
    'crash loop',
    '{spec: {containers: [{name: a}]}, status: {phase: Running, containerStatuses: [{name: a, restartCount: 7, state: {waiting: {reason: CrashLoopBackOff}}}]}}',
    'CrashLoopBackOff',
    '0/1',
    7,
  ],
  [
    'the first container decides: they are read from the last',
    `{spec: {containers: [{name: a}, {name: b}]}, status: {phase: Running, containerStatuses: [
      {name: a, state: {waiting: {reason: ImagePullBackOff}}}, {name: b, state: {waiting: {reason: CrashLoopBackOff}}}]}}`,
    'ImagePullBackOff',
    '0/2',
    0,
  ],
  [
    'a waiting container without reason leaves the phase',
    '{spec: {containers: [{name: a}]}, status: {phase: Pending, containerStatuses: [{name: a, state: {waiting: {}}}]}}',
    'Pending',
    '0/1',
    0,
  ],
  [
    'killed by a signal without reason',
    '{spec: {containers: [{name: a}]}, status: {phase: Failed, containerStatuses: [{name: a, state: {terminated: {signal: 9, exitCode: 137}}}]}}',
    'Signal:9',
    '0/1',
    0,
  ],
  [
    'ended without reason or signal',
    '{spec: {containers: [{name: a}]}, status: {phase: Failed, containerStatuses: [{name: a, state: {terminated: {exitCode: 3}}}]}}',
    'ExitCode:3',
    '0/1',
    0,
  ],
  [
    'out of memory',
    '{spec: {containers: [{name: a}]}, status: {phase: Running, containerStatuses: [{name: a, restartCount: 1, state: {terminated: {reason: OOMKilled, exitCode: 137}}}]}}',
    'OOMKilled',
    '0/1',
    1,
  ],
  [
    'completed',
    '{spec: {containers: [{name: a}]}, status: {phase: Succeeded, containerStatuses: [{name: a, state: {terminated: {reason: Completed, exitCode: 0}}}]}}',
    'Completed',
    '0/1',
    0,
  ],
  [
    'one completed beside one running, ready',
    `{spec: {containers: [{name: a}, {name: b}]}, status: {phase: Running, conditions: [{type: Ready, status: "True"}], containerStatuses: [
      {name: a, state: {terminated: {reason: Completed}}}, {name: b, ready: true, state: {running: {}}}]}}`,
    'Running',
    '1/2',
    0,
  ],
  [
    'one completed beside one running, not ready',
    `{spec: {containers: [{name: a}, {name: b}]}, status: {phase: Running, conditions: [{type: Ready, status: "False"}], containerStatuses: [
      {name: a, state: {terminated: {reason: Completed}}}, {name: b, ready: true, state: {running: {}}}]}}`,
    'NotReady',
    '1/2',
    0,
  ],
  [
    'second of three init containers runs',
    `{spec: {initContainers: [{name: x}, {name: y}, {name: z}], containers: [{name: a}]}, status: {phase: Pending,
      initContainerStatuses: [{name: x, restartCount: 1, state: {terminated: {exitCode: 0, reason: Completed}}}, {name: y, state: {running: {}}}, {name: z, state: {waiting: {reason: PodInitializing}}}],
      containerStatuses: [{name: a, state: {waiting: {reason: PodInitializing}}}]}}`,
    'Init:1/3',
    '0/1',
    1,
  ],
  [
    'init container crash-loops',
    `{spec: {initContainers: [{name: x}], containers: [{name: a}]}, status: {phase: Pending,
      initContainerStatuses: [{name: x, restartCount: 5, state: {waiting: {reason: CrashLoopBackOff}}}], containerStatuses: [{name: a, state: {waiting: {reason: PodInitializing}}}]}}`,
    'Init:CrashLoopBackOff',
    '0/1',
    5,
  ],
  [
    'init container failed with a reason',
    '{spec: {initContainers: [{name: x}]}, status: {phase: Pending, initContainerStatuses: [{name: x, state: {terminated: {exitCode: 1, reason: Error}}}]}}',
    'Init:Error',
    '0/0',
    0,
  ],
  [
    'init container failed without a reason',
    '{spec: {initContainers: [{name: x}]}, status: {phase: Pending, initContainerStatuses: [{name: x, state: {terminated: {exitCode: 4}}}]}}',
    'Init:ExitCode:4',
    '0/0',
    0,
  ],
  [
    'init container killed',
    '{spec: {initContainers: [{name: x}]}, status: {phase: Pending, initContainerStatuses: [{name: x, state: {terminated: {exitCode: 143, signal: 15}}}]}}',
    'Init:Signal:15',
    '0/0',
    0,
  ],
  [
    'a sidecar that started counts as a container',
    `{spec: {initContainers: [{name: side, restartPolicy: Always}], containers: [{name: a}]}, status: {phase: Running,
      initContainerStatuses: [{name: side, ready: true, started: true, restartCount: 4, state: {running: {}}}], containerStatuses: [{name: a, ready: true, restartCount: 1, state: {running: {}}}]}}`,
    'Running',
    '2/2',
    5,
  ],
  [
    'restarts of init containers are forgotten once the pod runs',
    `{spec: {initContainers: [{name: x}], containers: [{name: a}]}, status: {phase: Running,
      initContainerStatuses: [{name: x, restartCount: 9, state: {terminated: {exitCode: 0}}}], containerStatuses: [{name: a, ready: true, state: {running: {}}}]}}`,
    'Running',
    '1/1',
    0,
  ],
  [
    'terminating',
    '{metadata: {deletionTimestamp: "2026-11-22T12:00:00Z"}, status: {phase: Running}}',
    'Terminating',
    '0/0',
    0,
  ],
  [
    'deleted after it ended',
    '{metadata: {deletionTimestamp: "2026-11-22T12:00:00Z"}, status: {phase: Succeeded}}',
    'Succeeded',
    '0/0',
    0,
  ],
  [
    'node lost',
    '{metadata: {deletionTimestamp: "2026-11-22T12:00:00Z"}, status: {phase: Running, reason: NodeLost}}',
    'Unknown',
    '0/0',
    0,
  ],
];

describe('what kubectl prints', () => {
  test.each(cases)('%s', (_, yaml, status, ready, restarts) => {
    const printed = printPod(parse(yaml));
    expect([printed.status, `${printed.ready}/${printed.containers}`, printed.restarts]).toEqual([
      status,
      ready,
      restarts,
    ]);
  });
});
