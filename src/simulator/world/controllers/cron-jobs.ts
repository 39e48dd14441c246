import type { KubeObject } from '../../cluster.ts';
import type { Core } from '../core.ts';
import { type CronJob, type Job, timeOf } from '../shapes.ts';
import { isComplete } from './jobs.ts';
import { ownerOf } from './rollout.ts';

const MINUTE = 60_000;
/** The controller looks so often whether a minute has begun, in milliseconds. */
const LOOK = 1_000;

/** The Job a CronJob makes at this minute, in milliseconds since 1970. */
export function jobOf(cron: CronJob, minute: number): Job {
  const { metadata, spec } = cron.spec.jobTemplate;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: `${cron.metadata.name}-${minute / MINUTE}`,
      namespace: cron.metadata.namespace ?? '',
      ...(metadata?.labels === undefined ? {} : { labels: metadata.labels }),
      annotations: { 'batch.kubernetes.io/cronjob-scheduled-timestamp': timeOf(minute) },
      ownerReferences: [{ ...ownerOf(cron), controller: true, blockOwnerDeletion: true }],
    },
    spec,
  } as Job;
}

/** Whether a schedule of five fields names this minute: `*`, numbers, ranges, steps and lists of them. UTC. */
export function isDue(schedule: string, minute: number): boolean {
  const date = new Date(minute);
  const now = [date.getUTCMinutes(), date.getUTCHours(), date.getUTCDate(), date.getUTCMonth() + 1, date.getUTCDay()];
  const fields = schedule.trim().split(/\s+/);
  return fields.length === 5 && fields.every((field, index) => names(field, now[index] as number));
}

function names(field: string, value: number): boolean {
  return field.split(',').some((part) => {
    const [range = '*', step = '1'] = part.split('/');
    const [from = '0', to = from] = range === '*' ? ['0', '59'] : range.split('-');
    const last = part.includes('/') && !range.includes('-') ? 59 : Number(to);
    return value >= Number(from) && value <= last && (value - Number(from)) % Number(step) === 0;
  });
}

/** Makes Jobs on time and removes those of long ago. Where nothing is to come and go by itself, no time comes. */
export function runCronJobs(core: Core): void {
  let last = Math.floor(core.now() / MINUTE);

  const look = () => {
    core.after(LOOK, look);
    const minute = Math.floor(core.now() / MINUTE);
    if (minute === last) return;
    last = minute;
    for (const cron of core.list<CronJob>('CronJob')) {
      if (cron.spec.suspend === true || !isDue(cron.spec.schedule, minute * MINUTE)) continue;
      const underWay = jobsOf(cron.metadata.uid ?? '').some((job) => !isComplete(job));
      if (underWay && cron.spec.concurrencyPolicy === 'Forbid') continue;
      core.create(jobOf(cron, minute * MINUTE), 'kube-controller-manager');
      note(cron, { lastScheduleTime: timeOf(minute * MINUTE) });
    }
  };

  const note = ({ metadata }: KubeObject, more: Partial<NonNullable<CronJob['status']>>) => {
    const jobs = jobsOf(metadata.uid ?? '');
    const active = jobs.filter((job) => !isComplete(job));
    core.edit<CronJob>(
      'CronJob',
      metadata.namespace ?? '',
      metadata.name,
      'kube-controller-manager',
      'status',
      (cron) => {
        const { active: _active, ...rest } = { ...cron.status, ...more };
        const told = active.map(
          ({ apiVersion, kind, metadata: { name, namespace = '', uid = '', resourceVersion = '' } }) => ({
            kind,
            namespace,
            name,
            uid,
            apiVersion,
            resourceVersion,
          }),
        );
        const next = { ...(told.length === 0 ? {} : { active: told }), ...rest };
        if (JSON.stringify(next) === JSON.stringify(cron.status)) return false;
        cron.status = next;
        return undefined;
      },
    );
    const done = jobs.filter(isComplete).sort((a, b) => (a.metadata.name < b.metadata.name ? 1 : -1));
    const kept = core.get<CronJob>('CronJob', metadata.namespace ?? '', metadata.name)?.spec.successfulJobsHistoryLimit;
    for (const job of done.slice(kept ?? 3)) core.remove('Job', job.metadata.namespace ?? '', job.metadata.name);
  };

  const jobsOf = (uid: string): Job[] =>
    [...core.view.dependents(uid)]
      .filter(({ kind }) => kind === 'Job')
      .map(({ namespace, name }) => core.get<Job>('Job', namespace, name))
      .filter((job) => job !== undefined);

  core.listen((event) => {
    if (event.resource.kind !== 'Job' || event.type === 'ADDED') return;
    const job = event.object as Job;
    const owner = job.metadata.ownerReferences?.find((one) => one.kind === 'CronJob');
    const namespace = job.metadata.namespace ?? '';
    const cron = owner && core.get<CronJob>('CronJob', namespace, owner.name);
    if (cron === undefined) return;
    const done = event.type === 'MODIFIED' && isComplete(job) ? job.status?.completionTime : undefined;
    core.after(100, () => note(cron, done === undefined ? {} : { lastSuccessfulTime: done }));
  });
  if (core.options.churn > 0) core.after(LOOK, look);
}
