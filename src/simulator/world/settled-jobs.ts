// CronJobs that have run for long: the last of their Jobs are still there, with the pods that did their work.

import { isDue, jobOf } from './controllers/cron-jobs.ts';
import { completeStatus, jobLabels } from './controllers/jobs.ts';
import { finish } from './controllers/pod-status.ts';
import { ownerOf } from './controllers/rollout.ts';
import type { Core } from './core.ts';
import { container, template } from './inventory/workload.ts';
import { digest, newPod, settle } from './pod-object.ts';
import { type CronJob, type Job, type PodTemplate, timeOf } from './shapes.ts';

const MINUTE = 60_000;
const KEPT = 3;
/** How long a pod of theirs works, in milliseconds. */
const LASTS = 17_000;

type Duty = { name: string; schedule: string; image: string; command: string[] };

/** What teams do at set times. */
const DUTIES: readonly Duty[] = [
  { name: 'session-cleanup', schedule: '*/5 * * * *', image: 'base/redis:7.4.1', command: ['/jobs/cleanup.sh'] },
  { name: 'db-backup', schedule: '20 * * * *', image: 'base/postgres:16.10', command: ['/jobs/backup.sh'] },
];

/** One CronJob of each sort for a namespace, made `at`, with its last Jobs; nothing where there is no node. */
export function settledCronJobs(core: Core, namespace: string, at: number): void {
  for (const duty of DUTIES) {
    const cron = core.create(cronJob(namespace, duty, at), 'argocd-controller') as CronJob | undefined;
    if (cron === undefined) continue;
    const minutes = lastMinutes(duty.schedule, core.now());
    const [latest] = minutes;
    for (const minute of minutes.toReversed()) settledJob(core, cron, minute);
    if (latest === undefined) continue;
    cron.status = { lastScheduleTime: timeOf(latest), lastSuccessfulTime: timeOf(latest + LASTS + 3_000) };
    core.write(cron, 'kube-controller-manager', 'status');
  }
}

function cronJob(namespace: string, { name, schedule, image, command }: Duty, at: number): CronJob {
  const labels = { app: name, 'app.kubernetes.io/part-of': namespace };
  const pods: PodTemplate = template(labels, {
    restartPolicy: 'Never',
    serviceAccountName: 'jobs',
    containers: [container('job', `prodweu.azurecr.io/${image}`, { command })],
  });
  const limits = { successfulJobsHistoryLimit: KEPT, failedJobsHistoryLimit: 1 };
  const job = { completions: 1, parallelism: 1, backoffLimit: 6, template: pods };
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name, namespace, creationTimestamp: timeOf(at), labels },
    spec: {
      schedule,
      concurrencyPolicy: 'Forbid',
      suspend: false,
      ...limits,
      jobTemplate: { metadata: { labels }, spec: job },
    },
    status: {},
  };
}

function settledJob(core: Core, cron: CronJob, minute: number): void {
  const nodes = [...core.view.nodes.values()].filter((one) => one.taints.length === 0);
  if (nodes.length === 0) return;
  const node = core.random.pick(nodes);
  const plan = jobOf(cron, minute);
  plan.metadata.creationTimestamp = timeOf(minute);
  plan.status = completeStatus(1, timeOf(minute), minute + LASTS + 3_000);
  const job = core.create(plan, 'kube-controller-manager') as Job | undefined;
  if (job === undefined) return;
  const { namespace = '', name } = job.metadata;
  const pod = newPod(
    ownerOf(job),
    namespace,
    `${name}-${core.random.suffix(5)}`,
    core.random.uid(),
    job.spec.template,
    jobLabels(job),
  );
  let containers = 0;
  // The address it had is somebody else's by now.
  const ip = `${node.prefix === '' ? '10.241.0' : node.prefix}.${core.random.between(2, 250)}`;
  settle(pod, node, ip, minute, () => digest(`${pod.metadata.uid}/${containers++}`));
  finish(pod, minute + LASTS);
  core.create(pod, 'kube-controller-manager');
}

/** The latest minutes of a schedule that are over, latest first. */
function lastMinutes(schedule: string, now: number): number[] {
  const found: number[] = [];
  let minute = Math.floor((now - MINUTE) / MINUTE) * MINUTE;
  for (; found.length < KEPT && minute > now - 24 * 60 * MINUTE; minute -= MINUTE) {
    if (isDue(schedule, minute)) found.push(minute);
  }
  return found;
}
