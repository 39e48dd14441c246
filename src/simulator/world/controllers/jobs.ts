import type { KubeObject } from '../../cluster.ts';
import type { Core } from '../core.ts';
import { setCondition } from '../pod-object.ts';
import { type Job, type JobStatus, type Labels, timeOf } from '../shapes.ts';
import { alive, end, spawn } from './rollout.ts';

/** The labels by which a Job knows its pods; the second two are those of old. */
export function jobLabels(job: KubeObject): Labels {
  const { name, uid = '' } = job.metadata;
  return {
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  };
}

/** What a Job's status says once all its pods have done their work. */
export function completeStatus(succeeded: number, from: string, to: number): JobStatus {
  const status: JobStatus = { ready: 0, startTime: from, completionTime: timeOf(to), succeeded, terminating: 0 };
  for (const type of ['SuccessCriteriaMet', 'Complete']) {
    const why = { reason: 'CompletionsReached', message: 'Reached expected number of succeeded pods' };
    setCondition(status, { type, status: 'True', ...why, lastProbeTime: timeOf(to) }, to);
  }
  return { ...status, uncountedTerminatedPods: {} };
}

export function isComplete(job: Job): boolean {
  return job.status?.conditions?.some((one) => one.type === 'Complete' && one.status === 'True') ?? false;
}

/** Runs each Job's pods until enough of them have succeeded. */
export function runJobs(core: Core): void {
  const places = new Map<string, { namespace: string; name: string }>();

  const reconcile = (uid: string) => {
    const at = places.get(uid);
    const job = at && core.get<Job>('Job', at.namespace, at.name);
    if (job === undefined || job.metadata.uid !== uid || job.metadata.deletionTimestamp !== undefined) return;
    if (isComplete(job)) return;
    const { spec } = job;
    const wanted = spec.completions ?? 1;
    const pods = [...core.view.ownedPods(uid)];
    const succeeded = pods.filter((pod) => pod.phase === 'Succeeded').length;
    let active = alive(pods);
    if (spec.suspend === true) {
      for (const pod of active) end(core, pod);
      active = [];
    } else {
      const missing = Math.min(spec.parallelism ?? 1, wanted - succeeded) - active.length;
      for (let index = 0; index < missing; index++) spawn(core, job, spec.template, jobLabels(job));
    }
    report(job, succeeded, alive(core.view.ownedPods(uid)).length, active.filter((pod) => pod.ready).length);
  };

  const report = (job: Job, succeeded: number, active: number, ready: number) => {
    const { namespace = '', name } = job.metadata;
    core.edit<Job>('Job', namespace, name, 'kube-controller-manager', 'status', (object) => {
      const from = object.status?.startTime ?? timeOf(core.now());
      const next: JobStatus =
        succeeded >= (job.spec.completions ?? 1)
          ? completeStatus(succeeded, from, core.now())
          : {
              ...(active > 0 ? { active } : {}),
              ready,
              startTime: from,
              ...(succeeded > 0 ? { succeeded } : {}),
              terminating: 0,
              uncountedTerminatedPods: {},
            };
      if (JSON.stringify(next) === JSON.stringify(object.status)) return false;
      object.status = next;
      return undefined;
    });
  };

  const ask = core.queue(100, reconcile);
  const learn = ({ metadata }: KubeObject) =>
    places.set(metadata.uid ?? '', { namespace: metadata.namespace ?? '', name: metadata.name });
  core.listen((event, pod) => {
    if (event.resource.kind === 'Job') {
      const { uid = '' } = event.object.metadata;
      if (event.type === 'DELETED') places.delete(uid);
      else learn(event.object);
      ask(uid);
    } else if (pod?.ownerKind === 'Job') ask(pod.ownerUid);
  });
  for (const job of core.list('Job')) learn(job);
}
