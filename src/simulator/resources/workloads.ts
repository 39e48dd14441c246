import type { KubeObject, ResourceType } from '../cluster.ts';
import { at, listAt, numberAt, tellLabels, tellSelector, textAt } from './cells.ts';
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
      text(
        'Completions',
        (one) => `${numberAt(one, 'status', 'succeeded')}/${numberAt(one, 'spec', 'completions') || 1}`,
      ),
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
    columns: [name, text('Schedule', (one) => textAt(one, 'spec', 'schedule')), age],
  }),
];

function templateContainers(object: KubeObject, field: string): string {
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
