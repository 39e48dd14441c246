// The teams' namespaces: plausible names, many small workloads and a few large ones.
import type { Random } from '../random.ts';
import type { Labels } from '../shapes.ts';
import { container, probe, template, type Workload } from './workload.ts';

export type Application = { namespace: string; labels: Labels; workloads: Workload[] };

const TEAMS = [
  'shop',
  'pay',
  'search',
  'ledger',
  'identity',
  'media',
  'mail',
  'reports',
  'stock',
  'pricing',
  'loyalty',
  'partner',
  'fraud',
  'shipping',
  'catalog',
  'support',
] as const;
const COMPONENTS = [
  'web',
  'api',
  'checkout',
  'worker',
  'cart',
  'session',
  'gateway',
  'indexer',
  'notifier',
  'scheduler',
  'export',
  'render',
  'rates',
  'sync',
] as const;
/** Pods of one workload, at most: services of thousands of endpoints are rare, and slow everywhere. */
const MOST_REPLICAS = 200;

export function applications(pods: number, random: Random): Application[] {
  const count = Math.max(1, Math.min(200, Math.round(pods / 70)));
  const list: Application[] = [];
  let left = pods;
  for (let index = 0; index < count; index++) {
    const base = TEAMS[index % TEAMS.length] ?? 'team';
    const namespace = index < TEAMS.length ? base : `${base}-${Math.floor(index / TEAMS.length) + 1}`;
    const share = index === count - 1 ? left : Math.round(left / (count - index));
    left -= share;
    list.push({ namespace, labels: { team: base }, workloads: split(namespace, share, random) });
  }
  return list;
}

function split(namespace: string, pods: number, random: Random): Workload[] {
  const workloads: Workload[] = [];
  let left = pods;
  const database = Math.min(3, Math.floor(pods / 8));
  if (database > 0) {
    workloads.push(stateful(namespace, 'db', database));
    left -= database;
  }
  for (let index = 0; left > 0; index++) {
    const base = COMPONENTS[index % COMPONENTS.length] ?? 'web';
    const name = index < COMPONENTS.length ? base : `${base}-${Math.floor(index / COMPONENTS.length) + 1}`;
    const size = Math.max(2, Math.round((pods / COMPONENTS.length) * (0.4 + random.next() * 1.2)));
    const replicas = Math.min(left, size, MOST_REPLICAS);
    workloads.push(stateless(namespace, name, replicas, random));
    left -= replicas;
  }
  return workloads;
}

function stateless(namespace: string, name: string, replicas: number, random: Random): Workload {
  const labels = { app: name, 'app.kubernetes.io/part-of': namespace };
  const version = `${random.between(1, 4)}.${random.between(0, 30)}.${random.between(0, 9)}`;
  return {
    kind: 'Deployment',
    namespace,
    name,
    replicas,
    selector: { app: name },
    labels,
    maxSurge: '25%',
    maxUnavailable: '25%',
    manager: 'argocd-controller',
    template: template(labels, {
      serviceAccountName: name,
      containers: [
        container(name, `prodweu.azurecr.io/${namespace}/${name}:${version}`, {
          ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
          readinessProbe: probe('/ready', 8080),
          resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '256Mi' } },
        }),
      ],
    }),
    service: { name, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
  };
}

function stateful(namespace: string, name: string, replicas: number): Workload {
  const labels = { app: name, 'app.kubernetes.io/part-of': namespace };
  return {
    kind: 'StatefulSet',
    namespace,
    name,
    replicas,
    selector: { app: name },
    labels,
    manager: 'argocd-controller',
    template: template(labels, {
      serviceAccountName: name,
      containers: [
        container('postgres', 'prodweu.azurecr.io/base/postgres:16.10', {
          ports: [{ name: 'postgres', containerPort: 5432, protocol: 'TCP' }],
        }),
      ],
    }),
    service: { name, headless: true, ports: [{ name: 'postgres', port: 5432, targetPort: 'postgres' }] },
  };
}
