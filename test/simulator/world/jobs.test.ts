import { describe, expect, test } from 'vitest';
import { cnsFails } from '../../../src/simulator/scenarios/failures.ts';
import { isDue } from '../../../src/simulator/world/controllers/cron-jobs.ts';
import type { CronJob, Job, Pod } from '../../../src/simulator/world/shapes.ts';
import { aWorld, broken } from './fixture.ts';

const of = (it: ReturnType<typeof aWorld>) => ({
  crons: () => it.store.list('CronJob') as CronJob[],
  jobs: (name: string) => (it.store.list('Job') as Job[]).filter(({ metadata }) => metadata.name.startsWith(name)),
  pods: (job: Job) => it.pods().filter((pod) => pod.metadata.ownerReferences?.[0]?.uid === job.metadata.uid),
});

describe('a CronJob', () => {
  test('has run before anybody looks: three Jobs are kept, each with the pod that did its work', () => {
    const it = aWorld({ pods: 150 });
    const { crons, jobs, pods } = of(it);
    expect(new Set(crons().map(({ metadata }) => metadata.name))).toEqual(new Set(['session-cleanup', 'db-backup']));
    const mine = jobs('session-cleanup').filter(({ metadata }) => metadata.namespace === 'shop');
    expect(mine).toHaveLength(3);
    for (const job of mine) {
      expect(job.status).toMatchObject({ succeeded: 1, conditions: [{}, { type: 'Complete', status: 'True' }] });
      const [pod] = pods(job);
      expect(pod?.status).toMatchObject({
        phase: 'Succeeded',
        containerStatuses: [{ state: { terminated: { exitCode: 0 } } }],
      });
    }
  });

  test('makes a Job on time, whose pod works with an endpoint and completes; the oldest Job goes', () => {
    const it = aWorld({ pods: 150, churn: 0.001 });
    const { jobs, pods } = of(it);
    const before = jobs('session-cleanup').map(({ metadata }) => metadata.name);
    const made = () => jobs('session-cleanup').find(({ metadata }) => !before.includes(metadata.name));
    it.until(() => made() !== undefined, 301);
    const job = made() as Job;
    const { namespace = '' } = job.metadata;
    it.until(() => pods(job)[0]?.status.phase === 'Running');
    const [pod] = pods(job) as [Pod];
    it.until(() => it.store.get('CiliumEndpoint', namespace, pod.metadata.name) !== undefined);
    const cron = () => it.store.get('CronJob', namespace, 'session-cleanup') as CronJob;
    expect(cron().status?.active).toHaveLength(1);
    it.until(
      () =>
        it.store.get('Job', namespace, job.metadata.name)?.['status'] !== undefined && made()?.status?.succeeded === 1,
    );
    it.until(() => cron().status?.active === undefined);
    expect(it.store.get('CiliumEndpoint', namespace, pod.metadata.name)).toBeUndefined();
    expect(jobs('session-cleanup').filter(({ metadata }) => metadata.namespace === namespace)).toHaveLength(3);
    it.world.advance(20_000);
    expect(broken(it)).toEqual([]);
  });

  test('does not run again while a run of it is under way', () => {
    const it = aWorld({ pods: 150, churn: 0.001 });
    const { jobs } = of(it);
    it.world.change({ fails: [cnsFails({})] });
    it.world.advance(11 * 60_000);
    const unfinished = jobs('session-cleanup').filter(({ metadata, status }) => {
      return metadata.namespace === 'shop' && status?.succeeded !== 1;
    });
    expect(unfinished).toHaveLength(1);
  });

  test('takes its Jobs with it, and they their pods', () => {
    const it = aWorld({ pods: 150 });
    const { crons, jobs, pods } = of(it);
    const [cron] = crons() as [CronJob];
    const mine = jobs(cron.metadata.name).filter(({ metadata }) => metadata.namespace === cron.metadata.namespace);
    const theirs = mine.flatMap(pods);
    expect(theirs).toHaveLength(3);
    it.remove(cron);
    const names = theirs.map(({ metadata }) => metadata.name);
    it.until(() => it.pods().every(({ metadata }) => !names.includes(metadata.name)));
    expect(mine.map(({ metadata }) => it.store.get('Job', metadata.namespace ?? '', metadata.name))).toEqual(
      mine.map(() => undefined),
    );
  });
});

test('a Job somebody makes runs as many pods as it asks for', () => {
  const it = aWorld({ pods: 90 });
  const [containers] = it.pods('shop').map(({ spec }) => spec.containers);
  const template = { metadata: { labels: { app: 'migrate' } }, spec: { restartPolicy: 'Never', containers } };
  const spec = { completions: 3, parallelism: 2, template };
  it.store.create(
    { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'migrate', namespace: 'shop' }, spec },
    'kubectl',
  );
  let most = 0;
  it.until(() => {
    const job = it.store.get('Job', 'shop', 'migrate') as Job;
    most = Math.max(most, job.status?.active ?? 0);
    return job.status?.succeeded === 3;
  });
  expect(most).toBe(2);
});

test.each([
  ['*/5 * * * *', '10:25', true],
  ['*/5 * * * *', '10:26', false],
  ['20 * * * *', '03:20', true],
  ['20 * * * *', '03:21', false],
  ['0 1-5,22 * * 1-5', '22:00', false],
  ['0 1-5,22 * * 0', '22:00', true],
  ['5/20 * 22 11 *', '08:45', true],
  ['5/20 * 22 11 *', '08:50', false],
])('%s at %s of a Sunday: %s', (schedule, time, due) => {
  expect(isDue(schedule, Date.parse(`2026-11-22T${time}:00Z`))).toBe(due);
});
