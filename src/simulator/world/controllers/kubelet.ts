// The kubelets of all nodes: sandbox, init containers one after the other, containers, probes, back-off, graceful end.
import type { Core } from '../core.ts';
import type { Recorder } from '../events.ts';
import { completed, readiness, running, setCondition, waiting } from '../pod-object.ts';
import type { Container, Pod } from '../shapes.ts';
import type { Symptoms } from '../symptoms.ts';
import { keyOf, type PodRecord } from '../view.ts';
import { createContainerRuns } from './container-runs.ts';
import { NO_CNI, type Silence } from './node-lifecycle.ts';
import { addressed, backOff, begin, endOf, finish, sandboxId } from './pod-status.ts';
import { createPodSteps } from './pod-steps.ts';

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

/** A sandbox that could not be made is tried again about so often. */
const SANDBOX_RETRY = 13_000;
/** A container that could not be started, once back-off has grown. */
const START_RETRY = 60_000;

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
  const steps = createPodSteps(core, record, silence);
  const { step, write, say } = steps;
  const { run, crash, restarted, probe, readyAfter } = createContainerRuns(core, symptoms, steps);

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
    if (!pod.hostNetwork && silence.lacksCni(pod.node)) {
      say(object, 'Warning', 'NetworkNotReady', `network is not ready: ${NO_CNI}`);
      return step(pod, SANDBOX_RETRY, () => sandbox(pod, object));
    }
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
    if (failure?.waits !== undefined) {
      write(pod, (current) => {
        const statuses = current.status.initContainerStatuses ?? [];
        statuses[index] = waiting(one, failure.waits ?? '', failure.message);
        say(current, 'Warning', 'Failed', failure.message, one.name);
        return undefined;
      });
      return step(pod, START_RETRY, () => initialise(pod, ip, index, crashes));
    }
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
    let ends = false;
    let held = false;
    const found = write(pod, (object) => {
      ends = object.spec['restartPolicy'] === 'Never' || object.spec['restartPolicy'] === 'OnFailure';
      object.status.phase = 'Running';
      addressed(object, ip);
      setCondition(object.status, { type: 'PodReadyToStartContainers', status: 'True', lastProbeTime: null }, now);
      object.status.containerStatuses = object.spec.containers.map((one) => {
        const failure = symptoms.failureOf(pod, one.name);
        if (failure?.waits !== undefined) {
          held = true;
          say(object, 'Warning', 'Failed', failure.message, one.name);
          return waiting(one, failure.waits, failure.message);
        }
        const fails = failure !== undefined;
        const probed = one['readinessProbe'] !== undefined && !waited;
        if (fails) failing.push(one);
        else if (probed) slow.push(one);
        slowest = Math.max(slowest, probed ? readyAfter(pod) : 0);
        const old = object.status.containerStatuses?.find((status) => status.name === one.name);
        const next = running(one, now, random.hex(64), !fails && !probed);
        return { ...next, restartCount: old?.restartCount ?? 0, lastState: old?.lastState ?? {} };
      });
      readiness(object, now);
      if (object.status.containerStatuses.every(({ state }) => state.running === undefined)) {
        object.status.phase = 'Pending';
        return undefined;
      }
      const first = object.spec.containers[0];
      say(object, 'Normal', 'Started', `Started container ${first?.name}`, first?.name);
      return undefined;
    });
    if (!found) return;
    for (const one of failing) run(pod, one, 0);
    if (held) return step(pod, START_RETRY, () => contain(pod, ip));
    if (ends) return step(pod, random.between(8_000, 25_000), () => complete(pod));
    if (slow.length > 0) step(pod, slowest, () => probe(pod));
  };

  /** The work is done; the pod stays, without a network, until somebody removes it. */
  const complete = (pod: PodRecord) => {
    const done = write(pod, (object) => {
      if (object.status.containerStatuses?.some((one) => one.state.running === undefined)) return false;
      finish(object, core.now());
      return undefined;
    });
    if (done) network.detach(pod);
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
      if (pod.deleting || pod.phase === 'Succeeded') continue;
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
        const ends = (one: Container) => {
          const failure = symptoms.failureOf(pod, one.name);
          return failure !== undefined && failure.waits === undefined;
        };
        if (object.spec.initContainers?.some(ends)) {
          if (object.status.phase === 'Running') restart([pod]);
          continue;
        }
        const failing = object.spec.containers.filter(ends);
        for (const one of failing) {
          const status = object.status.containerStatuses?.find((each) => each.name === one.name);
          if (status?.state.running !== undefined) run(pod, one, 0);
        }
        if (failing.length === 0) step(pod, random.between(1_000, 5_000), () => probe(pod));
      }
    },
  };
}
