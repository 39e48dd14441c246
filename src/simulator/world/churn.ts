// Pods that come and go because people release, scale and restart things: a batch of one workload, then another.
import { end } from './controllers/rollout.ts';
import type { Core } from './core.ts';

const PERIOD = 100;
/** Before the last minutes of the past this share of the churn will do: nobody sees those pods, and they cost time. */
const QUIET = 0.1;
const RECENT = 180_000;
/** The list of workloads is read anew this often. */
const REFRESH = 30_000;

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
  core.after(Math.max(PERIOD, core.options.past - core.options.churnedPast), turn);
}
