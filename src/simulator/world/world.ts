import { isDeepStrictEqual } from 'node:util';
import type { ObjectStore } from '../cluster.ts';
import { build } from './build.ts';
import { type Causes, NO_CAUSES } from './causes.ts';
import { runChurn } from './churn.ts';
import { createAddresses } from './cilium/addresses.ts';
import { createAgents } from './cilium/agents.ts';
import { createBgp } from './cilium/bgp.ts';
import { runFlowCollection } from './cilium/flow-collection.ts';
import { createIdentities } from './cilium/identities.ts';
import { runOperator } from './cilium/operator.ts';
import { createSlices } from './cilium/slices.ts';
import { runCronJobs } from './controllers/cron-jobs.ts';
import { runDaemonSets } from './controllers/daemon-sets.ts';
import { runDeployments } from './controllers/deployments.ts';
import { runDisruptionBudgets } from './controllers/disruption-budgets.ts';
import { runEndpointSlices } from './controllers/endpoint-slices.ts';
import { runGarbage } from './controllers/garbage.ts';
import { runJobs } from './controllers/jobs.ts';
import { runKubelets } from './controllers/kubelet.ts';
import { runNamespaces } from './controllers/namespaces.ts';
import { runNodeLeases } from './controllers/node-leases.ts';
import { runNodeLifecycle } from './controllers/node-lifecycle.ts';
import { runReplicaSets } from './controllers/replica-sets.ts';
import { end } from './controllers/rollout.ts';
import { runScheduler } from './controllers/scheduler.ts';
import { runStatefulSets } from './controllers/stateful-sets.ts';
import { createCore } from './core.ts';
import { drift, driftNamespace, leaveSlice } from './drift.ts';
import { createRecorder } from './events.ts';
import { CILIUM } from './inventory/versions.ts';
import { keepJournal } from './journal.ts';
import { createSymptoms } from './symptoms.ts';
import { runUpgrade } from './upgrade.ts';
import { STEP } from './wheel.ts';
import type { World, WorldOptions } from './world-options.ts';

export type { Mode, World, WorldOptions } from './world-options.ts';

/** Milliseconds of work at a time. */
const TURN = 6;

const DEFAULTS: Omit<WorldOptions, 'clock'> = {
  nodes: 12,
  pods: 300,
  churn: 0,
  churnedPast: Number.POSITIVE_INFINITY,
  seed: 1,
  mode: 'overlay',
  acns: false,
  certificatesEnd: Date.UTC(2099, 0),
  wireguard: false,
  past: 0,
  history: [],
  agentVersion: CILIUM,
};

/**
 * Fills the store with a cluster that is hours old and settled, lives through `past`, and is then ready to start.
 * The clock must be frozen at the present and be the one the store was made with; it is set back by `past` first.
 */
export function createWorld(store: ObjectStore, given: Partial<WorldOptions> & Pick<WorldOptions, 'clock'>): World {
  const options: WorldOptions = { ...DEFAULTS, ...given };
  const { clock } = options;
  clock.set(clock.now() - options.past);
  let causes: Causes = NO_CAUSES;
  const changed = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  let next: NodeJS.Immediate | undefined;
  const core = createCore(store, options, () => causes);
  const { view, wheel } = core;
  const journal = keepJournal(store, view, () => clock.now());
  const record = createRecorder(core);
  const symptoms = createSymptoms(view, () => causes);
  const inForce = {
    now: () => causes,
    since: (cause: keyof Causes) => changed.get(cause) ?? 0,
    touches: symptoms.touches,
  };
  const addresses = createAddresses(core);
  const identities = createIdentities(core);
  const slices = createSlices(core, clock.now() - 3 * 3_600_000);
  const agents = createAgents(core, addresses, identities);

  // The controllers meet the cluster settled.
  build(core, { addresses, agents, slices });

  const bgp = createBgp(core, inForce);
  bgp.publish();
  const operator = runOperator(core, record, slices, identities);
  runScheduler(core, record);
  const nodes = runNodeLifecycle(core, record, () => symptoms);
  const kubelets = runKubelets(core, record, agents, symptoms, nodes);
  runReplicaSets(core, record);
  runDeployments(core, record);
  runDaemonSets(core, record);
  runStatefulSets(core);
  runJobs(core);
  runCronJobs(core);
  runEndpointSlices(core).syncAll();
  runDisruptionBudgets(core);
  runFlowCollection(core);
  runNodeLeases(core, (node) => nodes.isSilent(node));
  runGarbage(core);
  runNamespaces(core);
  const upgrade = runUpgrade(core);
  // A slice is put right when it next changes.
  const keepsStill = (namespace: string) => causes.sliceDrift && namespace === driftNamespace(core);
  runChurn(core, keepsStill);
  operator.start();

  const live = (to: number) => wheel.advance(to, (at) => clock.set(at));
  /** A few milliseconds of work at a time: whoever asks the cluster something is answered between. */
  const liveOn = () => {
    const until = performance.now() + TURN;
    const done = wheel.advanceUntil(clock.now(), () => performance.now() >= until);
    if (timer !== undefined) next = done ? undefined : setImmediate(liveOn);
  };
  const world: World = {
    store,
    options,
    view,
    journal,
    now: () => clock.now(),
    get causes() {
      return causes;
    },
    inForce,
    change(next) {
      const before = causes;
      causes = { ...causes, ...next };
      for (const cause of Object.keys(next) as (keyof Causes)[])
        if (!isDeepStrictEqual(before[cause], causes[cause])) changed.set(cause, clock.now());
      nodes.reconsider();
      kubelets.reconsider();
      upgrade.reconsider();
      if (causes.peersDown !== before.peersDown) bgp.publish();
      if (causes.sliceDrift && !before.sliceDrift) drift(core);
      if (causes.sliceLeft && !before.sliceLeft) leaveSlice(core);
      if (causes.identities !== before.identities) identities.fill(causes.identities, core.now() - 6 * 86_400_000);
      if (causes.subnetFull !== before.subnetFull) {
        addresses.publishSubnet();
        for (const node of view.nodes.values()) addresses.publish(node);
      }
    },
    reboot(where) {
      for (const node of symptoms.nodesOf(where)) kubelets.restart(node.pods);
    },
    replacePods(where, count) {
      const pods = symptoms.nodesOf(where).flatMap((node) => [...node.pods]);
      const mine = pods.filter(
        (pod) =>
          !(pod.hostNetwork || pod.deleting || pod.phase === 'Succeeded' || pod.namespace === 'kube-system') &&
          !keepsStill(pod.namespace),
      );
      for (const pod of mine.slice(0, count)) end(core, pod);
    },
    advance: (milliseconds) => live(clock.now() + milliseconds),
    start() {
      clock.thaw();
      timer = setInterval(() => {
        if (next === undefined) liveOn();
      }, STEP);
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
      view.stop();
    },
  };
  for (const { ago, happens } of options.history) {
    core.after(options.past - ago, () => happens(world));
  }
  live(clock.now() + options.past);
  return world;
}
