// Pods that come and go because people release, scale and restart things: a batch of one workload, then another.
import { end } from './controllers/rollout.ts';
import type { Core } from './core.ts';
import type { Deployment } from './shapes.ts';
import type { PodRecord } from './view.ts';

const PERIOD = 100;
/** Before the last minutes of the past this share of the churn will do: nobody sees those pods, and they cost time. */
const QUIET = 0.1;
const RECENT = 180_000;
/** The list of workloads is read anew this often. */
const REFRESH = 30_000;
/** Between two releases, at least: more often and nobody would find anything else on a timeline. They make one of so many changes. */
const SHORTEST = 90_000;
/** After the past. */
const FIRST = 20_000;
const RELEASED = 2;

/** Each replaced pod is two changes of endpoints: one goes, one comes. */
export function runChurn(core: Core, quiet: (namespace: string) => boolean): void {
  let owners: string[] = [];
  let read = 0;
  let budget = 0;
  let last = core.now();
  const present = core.now() + core.options.past;

  const refresh = () => {
    const found = new Set<string>();
    for (const pod of core.view.pods.values()) {
      if (pod.ownerKind === 'ReplicaSet' && pod.namespace !== 'kube-system') found.add(pod.ownerUid);
    }
    owners = [...found];
    read = core.now();
  };

  const turn = () => {
    core.after(PERIOD, turn);
    const churn = core.options.churn * (core.now() < present - RECENT ? QUIET : 1);
    if (churn <= 0) return;
    if (core.now() - read > REFRESH) refresh();
    // By the time that passed: turns come late on a busy machine.
    // What could not be done at once is not saved up for long: a cluster that is stuck must not be hit later.
    budget = Math.min(budget + (churn / 2) * ((core.now() - last) / 1000), Math.max(1, churn));
    last = core.now();
    for (let tries = 0; budget >= 1 && owners.length > 0 && tries < 200; tries++) {
      const pods = [...core.view.ownedPods(core.random.pick(owners))].filter((pod) => pod.ready && !pod.deleting);
      const first = pods[0];
      if (first === undefined || quiet(first.namespace)) continue;
      const batch = Math.min(Math.floor(budget), Math.max(1, Math.floor(pods.length / (core.brisk ? 2 : 3))));
      for (const pod of pods.slice(0, batch)) {
        end(core, pod);
        budget--;
      }
    }
  };
  /** A new version of a workload that is well. Where pods come and go by the hundred, rollouts would drown. */
  const release = () => {
    const { churn } = core.options;
    let replicas = 1;
    for (let tries = 0; churn > 0 && owners.length > 0 && tries < 20; tries++) {
      const pods = [...core.view.ownedPods(core.random.pick(owners))];
      const [first] = pods;
      if (first === undefined || quiet(first.namespace) || pods.some((pod) => !pod.ready || pod.deleting)) continue;
      if (!bump(core, first)) continue;
      replicas = pods.length;
      budget -= replicas;
      break;
    }
    core.after(Math.max(SHORTEST, churn > 0 ? (2 * RELEASED * 1_000 * replicas) / churn : 0), release);
  };

  core.after(Math.max(PERIOD, core.options.past - core.options.churnedPast), turn);
  if (!core.brisk) core.after(core.options.past + FIRST, release);
}

/** The Deployment a pod is of gets the next patch version of its images, as a pipeline would set it. */
function bump(core: Core, pod: PodRecord): boolean {
  const set = core.get('ReplicaSet', pod.namespace, pod.name.slice(0, pod.name.lastIndexOf('-')));
  const owner = set?.metadata.ownerReferences?.find(({ kind }) => kind === 'Deployment');
  if (owner === undefined) return false;
  return core.edit<Deployment>('Deployment', pod.namespace, owner.name, 'argocd-controller', undefined, ({ spec }) => {
    for (const one of spec.template.spec.containers)
      one.image = one.image.replace(/(\d+)$/, (patch) => String(Number(patch) + 1));
    return undefined;
  });
}
