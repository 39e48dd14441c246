import { useEffect, useState } from 'react';
import { messageOf } from '../../errors.ts';
import type { Asks } from '../../model/asks.ts';
import { at, list, record } from '../../model/objects/raw.ts';
import { sanitiseLine as text } from '../../model/sanitise.ts';

/** A container one can read the log of. */
export type LogContainer = { name: string; init: boolean; restarts: number; state: string; failing: boolean };

/** The pod's containers, init containers first; undefined while asking, a sentence when it cannot be known. */
export function useContainers(
  asks: Asks,
  namespace: string,
  pod: string,
): readonly LogContainer[] | string | undefined {
  const [known, setKnown] = useState<readonly LogContainer[] | string>();
  useEffect(() => {
    const stop = new AbortController();
    if (pod === '') return setKnown('Name a pod: :log NAMESPACE/POD [CONTAINER].');
    asks.object({ group: '', version: 'v1', plural: 'pods' }, namespace, pod, stop.signal).then(
      (object) => !stop.signal.aborted && setKnown(containersOf(object)),
      (error: unknown) => !stop.signal.aborted && setKnown(messageOf(error)),
    );
    return () => stop.abort();
  }, [asks, namespace, pod]);
  return known;
}

export function containersOf(pod: unknown): readonly LogContainer[] {
  const statuses = [
    ...list(at(pod, 'status', 'initContainerStatuses')),
    ...list(at(pod, 'status', 'containerStatuses')),
  ];
  const known = new Map(statuses.map((status) => [text(at(status, 'name')), status]));
  const read = (specs: unknown, init: boolean) =>
    list(specs).map((spec) => containerOf(text(at(spec, 'name')), init, known.get(text(at(spec, 'name')))));
  return [...read(at(pod, 'spec', 'initContainers'), true), ...read(at(pod, 'spec', 'containers'), false)];
}

function containerOf(name: string, init: boolean, status: unknown): LogContainer {
  const [state = 'not started'] = Object.keys(record(at(status, 'state')));
  const reason = text(at(status, 'state', state, 'reason'));
  const failing =
    state === 'waiting'
      ? /BackOff|Error/.test(reason)
      : state === 'terminated' && at(status, 'state', state, 'exitCode') !== 0;
  return {
    name,
    init,
    restarts: Number(at(status, 'restartCount') ?? 0),
    state: [state, reason].filter(Boolean).join(' '),
    failing,
  };
}

/** What one most likely wants to read: the container that fails, else the first that is no init container. */
export function likeliest(containers: readonly LogContainer[]): LogContainer | undefined {
  return containers.find((one) => one.failing) ?? containers.find((one) => !one.init) ?? containers[0];
}
