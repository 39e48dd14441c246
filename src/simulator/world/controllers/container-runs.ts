// Containers that run: crashes and back-off, probes, and how long they take to be ready.
import type { Core } from '../core.ts';
import { readiness } from '../pod-object.ts';
import { type Container, type Ended, timeOf } from '../shapes.ts';
import type { Symptoms } from '../symptoms.ts';
import type { PodRecord } from '../view.ts';
import { backOff, duration, endOf } from './pod-status.ts';
import type { PodSteps } from './pod-steps.ts';

type List = 'containerStatuses' | 'initContainerStatuses';

export type ContainerRuns = {
  /** One container that has been started, after so many crashes. */
  run(pod: PodRecord, one: Container, crashes: number): void;
  crash(pod: PodRecord, one: Container, list: List, ended: Ended, crashes: number): void;
  restarted(pod: PodRecord, one: Container, list: List): boolean;
  /** Readiness of the containers that run, by what their probes would see. */
  probe(pod: PodRecord): void;
  /** Milliseconds from its start until a container is ready. */
  readyAfter(pod: PodRecord): number;
};

export function createContainerRuns(core: Core, symptoms: Symptoms, { step, write, say }: PodSteps): ContainerRuns {
  const { random } = core;
  /** Containers that crash again and again, so that no second loop is begun for one. */
  const looping = new Set<string>();

  /** Pods whose probes fail and are run again, so that no second loop is begun for one. */
  const probing = new Set<string>();

  /** The agent restores its endpoints before it says it is healthy. */
  const readyAfter = (pod: PodRecord) =>
    pod.set.labels['k8s-app'] === 'cilium' ? random.between(6_000, 12_000) : random.between(800, 3_000);

  const run = (pod: PodRecord, one: Container, crashes: number) => {
    const failure = symptoms.failureOf(pod, one.name);
    const loop = `${pod.uid} ${pod.turn} ${one.name}`;
    if (failure === undefined) {
      looping.delete(loop);
      return step(pod, readyAfter(pod), () => probe(pod));
    }
    if (crashes === 0 && looping.has(loop)) return;
    looping.add(loop);
    const began = core.now();
    step(pod, failure.lives ?? 1_200, () => {
      crash(pod, one, 'containerStatuses', endOf(failure, began, core.now(), random.hex(64)), crashes);
      step(pod, crashes === 0 ? 1_500 : backOff(crashes), () => {
        if (restarted(pod, one, 'containerStatuses')) run(pod, one, crashes + 1);
      });
    });
  };

  const crash = (pod: PodRecord, one: Container, list: List, terminated: Ended, crashes: number) => {
    const message = `back-off ${duration(backOff(crashes))} restarting failed container=${one.name} pod=${pod.name}_${pod.namespace}(${pod.uid})`;
    write(pod, (object) => {
      const status = object.status[list]?.find((each) => each.name === one.name);
      if (status === undefined) return false;
      status.ready = false;
      status.started = false;
      status.lastState = { terminated };
      status.state = crashes === 0 ? { terminated } : { waiting: { reason: 'CrashLoopBackOff', message } };
      readiness(object, core.now());
      if (crashes > 0)
        say(
          object,
          'Warning',
          'BackOff',
          `Back-off restarting failed container ${one.name} in pod ${pod.name}_${pod.namespace}(${pod.uid})`,
          one.name,
        );
      return undefined;
    });
  };

  const restarted = (pod: PodRecord, one: Container, list: List) =>
    write(pod, (object) => {
      const status = object.status[list]?.find((each) => each.name === one.name);
      if (status === undefined) return false;
      status.restartCount++;
      status.containerID = `containerd://${random.hex(64)}`;
      status.started = true;
      status.state = { running: { startedAt: timeOf(core.now()) } };
      // A container without a probe is ready as soon as it runs, also one that will not run for long.
      status.ready = list === 'containerStatuses' && one['readinessProbe'] === undefined;
      readiness(object, core.now());
      return undefined;
    });

  const probe = (pod: PodRecord) => {
    let again = 0;
    write(pod, (object) => {
      let changed = false;
      for (const status of object.status.containerStatuses ?? []) {
        const sick = symptoms.unreadyOf(pod, status.name);
        if (sick !== undefined) {
          say(object, 'Warning', 'Unhealthy', `Readiness probe failed: ${sick.probe}`, status.name);
          again = periodOf(object.spec.containers.find((one) => one.name === status.name));
        }
        const ready =
          status.state.running !== undefined &&
          sick === undefined &&
          symptoms.failureOf(pod, status.name) === undefined;
        if (status.ready !== ready) changed = true;
        status.ready = ready;
      }
      readiness(object, core.now());
      return changed ? undefined : false;
    });
    const loop = `${pod.uid} ${pod.turn}`;
    if (again === 0 || probing.has(loop)) return;
    probing.add(loop);
    step(pod, again, () => {
      probing.delete(loop);
      probe(pod);
    });
  };

  return { run, crash, restarted, probe, readyAfter };
}

function periodOf(container: Container | undefined): number {
  const { periodSeconds = 10 } = (container?.['readinessProbe'] ?? {}) as { periodSeconds?: number };
  return periodSeconds * 1000;
}
