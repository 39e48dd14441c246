// The kubelets of all nodes: sandbox, init containers one after the other, containers, probes, back-off, graceful end.
import type { ContainerFailure } from '../causes.ts';
import type { Core } from '../core.ts';
import { about, type Recorder } from '../events.ts';
import { completed, readiness, running, setCondition, waiting } from '../pod-object.ts';
import { type Container, type ContainerStatus, type Ended, type Pod, timeOf } from '../shapes.ts';
import type { Symptoms } from '../symptoms.ts';
import { keyOf, type PodRecord } from '../view.ts';
import type { Silence } from './node-lifecycle.ts';

/** The pod network of the node: an address, or the words in which CNI refused. */
export type Network = {
  attach(pod: PodRecord, object: Pod): { ip: string } | { refused: string };
  /** Gives the address back and takes the endpoint away. */
  detach(pod: PodRecord): void;
};

export type Kubelets = {
  /** The node comes back from a reboot: every pod on it gets a new sandbox and starts from its init containers. */
  restart(pods: Iterable<PodRecord>): void;
  /** Causes have changed: containers that now fail end, probes are looked at again. */
  reconsider(): void;
};

/** Seconds of back-off after the first crash, doubling to the most. */
const BACK_OFF = 10_000;
const MOST_BACK_OFF = 300_000;
/** A sandbox that could not be made is tried again about so often. */
const SANDBOX_RETRY = 13_000;

export function runKubelets(
  core: Core,
  record: Recorder,
  network: Network,
  symptoms: Symptoms,
  silence: Silence,
): Kubelets {
  const { view, random } = core;
  /** Pods whose start or end is under way, by uid. */
  const begun = new Set<string>();
  const ending = new Set<string>();
  /** Containers that crash again and again, so that no second loop is begun for one. */
  const looping = new Set<string>();

  const step = (pod: PodRecord, delay: number, run: () => void) => {
    const turn = pod.turn;
    core.after(delay, () => {
      if (pod.turn !== turn) return;
      if (silence.isSilent(pod.node)) step(pod, 5_000, run);
      else run();
    });
  };

  const write = (pod: PodRecord, change: (object: Pod) => false | undefined): boolean =>
    core.edit<Pod>('Pod', pod.namespace, pod.name, 'kubelet', 'status', (object) => {
      if (object.metadata.uid !== pod.uid) return false;
      return change(object as Pod);
    });

  const say = (object: Pod, type: 'Normal' | 'Warning', reason: string, message: string, container?: string) =>
    record(
      { ...about(object), ...(container === undefined ? {} : { fieldPath: `spec.containers{${container}}` }) },
      { type, reason, message, component: 'kubelet', host: object.spec.nodeName ?? '' },
    );

  const start = (pod: PodRecord) => {
    const node = view.nodes.get(pod.node);
    let read: Pod | undefined;
    const found = write(pod, (object) => {
      begin(object, node?.ip ?? '', core.now());
      read = object;
      return undefined;
    });
    if (found && read !== undefined) sandbox(pod, read);
  };

  const sandbox = (pod: PodRecord, object: Pod) => {
    let ip = object.status.hostIP ?? '';
    if (!pod.hostNetwork) {
      const answer = network.attach(pod, object);
      if ('refused' in answer) {
        const id = sandboxId(pod.uid);
        const words = `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "${id}": ${answer.refused}`;
        say(object, 'Warning', 'FailedCreatePodSandBox', words);
        return step(pod, SANDBOX_RETRY + random.between(0, 2_000), () => sandbox(pod, object));
      }
      ip = answer.ip;
    }
    const init = object.spec.initContainers ?? [];
    if (init.length === 0) return step(pod, random.between(150, 900), () => contain(pod, ip));
    write(pod, (current) => {
      addressed(current, ip);
      return undefined;
    });
    step(pod, random.between(150, 600), () => initialise(pod, ip, 0, 0));
  };

  const initialise = (pod: PodRecord, ip: string, index: number, crashes: number) => {
    const object = core.get<Pod>('Pod', pod.namespace, pod.name);
    const one = object?.spec.initContainers?.[index];
    if (object === undefined) return;
    if (one === undefined) return contain(pod, ip);
    const failure = symptoms.failureOf(pod, one.name);
    const began = core.now();
    if (failure === undefined) {
      return step(pod, random.between(250, 900), () => {
        const done = write(pod, (current) => {
          const statuses = current.status.initContainerStatuses ?? [];
          const old = statuses[index];
          const next = completed(one, began, core.now(), random.hex(64));
          if (old !== undefined)
            statuses[index] = { ...next, restartCount: old.restartCount, lastState: old.lastState };
          if (index === statuses.length - 1)
            setCondition(current.status, { type: 'Initialized', status: 'True', lastProbeTime: null }, core.now());
          return undefined;
        });
        if (done) initialise(pod, ip, index + 1, 0);
      });
    }
    step(pod, failure.lives ?? 1_200, () => {
      const ended = endOf(failure, began, core.now(), random.hex(64));
      crash(pod, one, 'initContainerStatuses', ended, crashes);
      const pause = crashes === 0 ? 1_500 : backOff(crashes);
      step(pod, pause, () => {
        restarted(pod, one, 'initContainerStatuses');
        initialise(pod, ip, index, crashes + 1);
      });
    });
  };

  /** All containers start at once. In a brisk cluster the kubelet's next report comes when they are ready. */
  const contain = (pod: PodRecord, ip: string, waited = false) => {
    if (core.brisk && !waited && !symptoms.any()) return step(pod, readyAfter(pod), () => contain(pod, ip, true));
    const now = core.now();
    let slowest = 0;
    const failing: Container[] = [];
    const slow: Container[] = [];
    const found = write(pod, (object) => {
      object.status.phase = 'Running';
      addressed(object, ip);
      setCondition(object.status, { type: 'PodReadyToStartContainers', status: 'True', lastProbeTime: null }, now);
      object.status.containerStatuses = object.spec.containers.map((one) => {
        const fails = symptoms.failureOf(pod, one.name) !== undefined;
        const probed = one['readinessProbe'] !== undefined && !waited;
        if (fails) failing.push(one);
        else if (probed) slow.push(one);
        slowest = Math.max(slowest, probed ? readyAfter(pod) : 0);
        const old = object.status.containerStatuses?.find((status) => status.name === one.name);
        const next = running(one, now, random.hex(64), !fails && !probed);
        return { ...next, restartCount: old?.restartCount ?? 0, lastState: old?.lastState ?? {} };
      });
      readiness(object, now);
      const first = object.spec.containers[0];
      say(object, 'Normal', 'Started', `Started container ${first?.name}`, first?.name);
      return undefined;
    });
    if (!found) return;
    for (const one of failing) run(pod, one, 0);
    if (slow.length > 0) step(pod, slowest, () => probe(pod));
  };

  /** The agent restores its endpoints before it says it is healthy. */
  const readyAfter = (pod: PodRecord) =>
    pod.set.labels['k8s-app'] === 'cilium' ? random.between(6_000, 12_000) : random.between(800, 3_000);

  /** One container that has been started, after so many crashes. */
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

  const crash = (
    pod: PodRecord,
    one: Container,
    list: 'containerStatuses' | 'initContainerStatuses',
    terminated: Ended,
    crashes: number,
  ) => {
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

  const restarted = (pod: PodRecord, one: Container, list: 'containerStatuses' | 'initContainerStatuses') =>
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

  /** Readiness of the containers that run, by what their probes would see. */
  const probe = (pod: PodRecord) => {
    write(pod, (object) => {
      let changed = false;
      for (const status of object.status.containerStatuses ?? []) {
        const sick = symptoms.unreadyOf(pod, status.name);
        if (sick !== undefined)
          say(object, 'Warning', 'Unhealthy', `Readiness probe failed: ${sick.probe}`, status.name);
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
  };

  const stop = (pod: PodRecord, object: Pod) => {
    pod.turn++;
    for (const one of object.spec.containers)
      say(object, 'Normal', 'Killing', `Stopping container ${one.name}`, one.name);
    const grace = (object.metadata.deletionGracePeriodSeconds ?? 30) * 1000;
    step(pod, Math.min(grace, random.between(300, 1_600)), () => {
      network.detach(pod);
      if (view.pods.get(keyOf(pod)) === pod) core.remove('Pod', pod.namespace, pod.name);
    });
  };

  core.listen((event, pod) => {
    if (pod === undefined) return;
    if (event.type === 'DELETED') {
      begun.delete(pod.uid);
      ending.delete(pod.uid);
      network.detach(pod);
      return;
    }
    if (pod.node === '') return;
    if (pod.deleting) {
      if (ending.has(pod.uid)) return;
      ending.add(pod.uid);
      stop(pod, event.object as Pod);
    } else if (!begun.has(pod.uid) && pod.phase === 'Pending') {
      begun.add(pod.uid);
      const object = event.object as Pod;
      const told = object.status?.startTime !== undefined;
      step(pod, random.between(80, 250), () => (told ? sandbox(pod, object) : start(pod)));
    }
  });

  const restart = (pods: Iterable<PodRecord>) => {
    for (const pod of [...pods]) {
      if (pod.deleting) continue;
      pod.turn++;
      begun.add(pod.uid);
      network.detach(pod);
      step(pod, random.between(500, 4_000), () => start(pod));
    }
  };

  return {
    restart,
    reconsider() {
      for (const key of symptoms.touched()) {
        const pod = view.pods.get(key);
        if (pod === undefined || pod.node === '' || pod.deleting) continue;
        const object = core.get<Pod>('Pod', pod.namespace, pod.name);
        if (object === undefined) continue;
        if (object.spec.initContainers?.some((one) => symptoms.failureOf(pod, one.name) !== undefined)) {
          if (object.status.phase === 'Running') restart([pod]);
          continue;
        }
        const failing = object.spec.containers.filter((one) => symptoms.failureOf(pod, one.name) !== undefined);
        for (const one of failing) {
          const status = object.status.containerStatuses?.find((each) => each.name === one.name);
          if (status?.state.running !== undefined) run(pod, one, 0);
        }
        if (failing.length === 0) step(pod, random.between(1_000, 5_000), () => probe(pod));
      }
    },
  };
}

/** What the kubelet says of a pod it has just been given: nothing runs yet. */
export function begin(object: Pod, hostIP: string, now: number): void {
  const { spec, status } = object;
  const init = spec.initContainers ?? [];
  const reason = init.length > 0 ? 'PodInitializing' : 'ContainerCreating';
  status.startTime ??= timeOf(now);
  status.hostIP = hostIP;
  status.hostIPs = [{ ip: hostIP }];
  // The old sandbox is gone, and its address with it.
  delete status.podIP;
  delete status.podIPs;
  if (init.length > 0) {
    status.phase = 'Pending';
    status.initContainerStatuses = init.map((one) => again(status.initContainerStatuses, waiting(one, reason), now));
    const message = `containers with incomplete status: [${init.map((one) => one.name).join(' ')}]`;
    setCondition(status, { type: 'Initialized', status: 'False', reason: 'ContainersNotInitialized', message }, now);
  } else setCondition(status, { type: 'Initialized', status: 'True', lastProbeTime: null }, now);
  status.containerStatuses = spec.containers.map((one) => again(status.containerStatuses, waiting(one, reason), now));
  readiness(object, now);
}

/** A container of a pod whose sandbox is new: the same count and one more, and how it ended. */
function again(statuses: readonly ContainerStatus[] | undefined, fresh: ContainerStatus, now: number): ContainerStatus {
  const old = statuses?.find((status) => status.name === fresh.name);
  if (old === undefined || (old.state.waiting !== undefined && old.restartCount === 0)) return fresh;
  const terminated = old.state.terminated ?? {
    exitCode: 255,
    reason: 'Unknown',
    startedAt: old.state.running?.startedAt ?? timeOf(now),
    finishedAt: timeOf(now),
  };
  return { ...fresh, restartCount: old.restartCount + 1, lastState: { terminated } };
}

function addressed(pod: Pod, ip: string): void {
  pod.status.podIP = ip;
  pod.status.podIPs = [{ ip }];
}

function endOf(failure: ContainerFailure, from: number, to: number, id: string): Ended {
  return {
    exitCode: failure.exitCode,
    reason: 'Error',
    message: failure.message,
    startedAt: timeOf(from),
    finishedAt: timeOf(to),
    containerID: `containerd://${id}`,
  };
}

function backOff(crashes: number): number {
  return Math.min(MOST_BACK_OFF, BACK_OFF * 2 ** Math.max(0, crashes - 1));
}

function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}

/** The id of the sandbox that is being tried, the same for every attempt of one pod so that its events are one. */
function sandboxId(uid: string): string {
  const digits = uid.replaceAll('-', '');
  return (digits + digits).slice(0, 64);
}
