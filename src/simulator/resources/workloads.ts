import type { KubeObject, ResourceType } from '../cluster.ts';
import { ageSince, at, humanDuration, listAt, none, numberAt, tellLabels, tellSelector, textAt } from './cells.ts';
import { age, builtIn, count, name, text } from './define.ts';

const containers = text('Containers', (one) => templateContainers(one, 'name'), 1);
const images = text('Images', (one) => templateContainers(one, 'image'), 1);
const selector = text('Selector', (one) => tellSelector(at(one, 'spec', 'selector')), 1);

/** apps and batch. */
export const workloads: readonly ResourceType[] = [
  builtIn('apps/v1', 'ControllerRevision', 'controllerrevisions', {
    columns: [name, text('Controller', tellController), count('Revision', (one) => numberAt(one, 'revision')), age],
  }),
  builtIn('apps/v1', 'DaemonSet', 'daemonsets', {
    shortNames: ['ds'],
    categories: ['all'],
    subresources: ['status'],
    columns: [
      name,
      count('Desired', (one) => numberAt(one, 'status', 'desiredNumberScheduled')),
      count('Current', (one) => numberAt(one, 'status', 'currentNumberScheduled')),
      count('Ready', (one) => numberAt(one, 'status', 'numberReady')),
      count('Up-to-date', (one) => numberAt(one, 'status', 'updatedNumberScheduled')),
      count('Available', (one) => numberAt(one, 'status', 'numberAvailable')),
      text('Node Selector', (one) => tellLabels(at(one, 'spec', 'template', 'spec', 'nodeSelector'))),
      age,
      containers,
      images,
      selector,
    ],
  }),
  builtIn('apps/v1', 'Deployment', 'deployments', {
    shortNames: ['deploy'],
    categories: ['all'],
    subresources: ['scale', 'status'],
    columns: [
      name,
      text('Ready', (one) => `${numberAt(one, 'status', 'readyReplicas')}/${numberAt(one, 'spec', 'replicas')}`),
      // Numbers in columns of text: so a real server has them.
      text('Up-to-date', (one) => numberAt(one, 'status', 'updatedReplicas')),
      text('Available', (one) => numberAt(one, 'status', 'availableReplicas')),
      age,
      containers,
      images,
      selector,
    ],
  }),
  builtIn('apps/v1', 'ReplicaSet', 'replicasets', {
    shortNames: ['rs'],
    categories: ['all'],
    subresources: ['scale', 'status'],
    columns: [
      name,
      count('Desired', (one) => numberAt(one, 'spec', 'replicas')),
      count('Current', (one) => numberAt(one, 'status', 'replicas')),
      count('Ready', (one) => numberAt(one, 'status', 'readyReplicas')),
      age,
      containers,
      images,
      selector,
    ],
  }),
  builtIn('apps/v1', 'StatefulSet', 'statefulsets', {
    shortNames: ['sts'],
    categories: ['all'],
    subresources: ['scale', 'status'],
    columns: [
      name,
      text('Ready', (one) => `${numberAt(one, 'status', 'readyReplicas')}/${numberAt(one, 'spec', 'replicas')}`),
      age,
      containers,
      images,
    ],
  }),
  builtIn('batch/v1', 'Job', 'jobs', {
    categories: ['all'],
    subresources: ['status'],
    columns: [
      name,
      text('Status', tellJob),
      text('Completions', tellCompletions),
      text('Duration', tellDuration),
      age,
      containers,
      images,
      selector,
    ],
  }),
  builtIn('batch/v1', 'CronJob', 'cronjobs', {
    shortNames: ['cj'],
    categories: ['all'],
    subresources: ['status'],
    columns: [
      name,
      text('Schedule', (one) => textAt(one, 'spec', 'schedule')),
      text('Timezone', (one) => textAt(one, 'spec', 'timeZone') || none),
      text('Suspend', (one) => (at(one, 'spec', 'suspend') === true ? 'True' : 'False')),
      count('Active', (one) => listAt(one, 'status', 'active').length),
      text('Last Schedule', tellLastSchedule),
      age,
      text('Containers', (one) => templateContainers(at(one, 'spec', 'jobTemplate'), 'name'), 1),
      text('Images', (one) => templateContainers(at(one, 'spec', 'jobTemplate'), 'image'), 1),
      text('Selector', (one) => tellSelector(at(one, 'spec', 'jobTemplate', 'spec', 'selector')), 1),
    ],
  }),
];

/** As printJob of pkg/printers/internalversion. */
function tellJob(job: KubeObject): string {
  const has = (type: string) =>
    listAt(job, 'status', 'conditions').some((one) => one['type'] === type && one['status'] === 'True');
  if (has('Complete')) return 'Complete';
  if (has('Failed')) return 'Failed';
  if (job.metadata.deletionTimestamp !== undefined) return 'Terminating';
  return ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'].find(has) ?? 'Running';
}

function tellCompletions(job: KubeObject): string {
  const succeeded = numberAt(job, 'status', 'succeeded');
  const completions = at(job, 'spec', 'completions');
  if (completions !== undefined) return `${succeeded}/${completions}`;
  const parallelism = numberAt(job, 'spec', 'parallelism');
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function tellDuration(job: KubeObject, now: number): string {
  const from = textAt(job, 'status', 'startTime');
  if (from === '') return '';
  const to = textAt(job, 'status', 'completionTime');
  return humanDuration((to === '' ? now : Date.parse(to)) - Date.parse(from));
}

function tellLastSchedule(cron: KubeObject, now: number): string {
  const last = textAt(cron, 'status', 'lastScheduleTime');
  return last === '' ? none : ageSince(last, now);
}

function templateContainers(object: unknown, field: string): string {
  return listAt(object, 'spec', 'template', 'spec', 'containers')
    .map((container) => textAt(container, field))
    .join(',');
}

function tellController(object: KubeObject): string {
  const owner = object.metadata.ownerReferences?.find((one) => one.controller === true);
  if (owner === undefined) return '<none>';
  const group = owner.apiVersion.includes('/') ? `.${owner.apiVersion.split('/')[0]}` : '';
  return `${owner.kind.toLowerCase()}${group}/${owner.name}`;
}
