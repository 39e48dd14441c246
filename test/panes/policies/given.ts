// A few policies with what is known of them, a map, and a worker that answers with these.
import type { Finding } from '../../../src/model/finding.ts';
import type {
  CellReport,
  MapReport,
  PolicyAsks,
  PolicyReport,
  PolicySummary,
} from '../../../src/model/policies/policy-asks.ts';
import type { Snapshot } from '../../../src/model/snapshot.ts';
import { iso, meta, minutes, now, type Raw, snapshotOf } from '../fixtures/cluster.ts';

export const db = { kind: 'CiliumNetworkPolicy', namespace: 'shop', name: 'db' } as const;
export const wall = { kind: 'NetworkPolicy', namespace: 'pay', name: 'wall' } as const;
export const broken = { kind: 'CiliumClusterwideNetworkPolicy', namespace: '', name: 'metadata' } as const;

export const dbReport: PolicyReport = {
  ref: db,
  selects: 3,
  isolates: { ingress: 3, egress: 0 },
  inForce: 'yes',
  why: '',
  about: ['pods app=db in namespace shop'],
  rules: [
    { path: 'ingress[0]', direction: 'ingress', text: 'from pods app=checkout in namespace shop, to 5432/TCP' },
    { path: 'ingressDeny[0]', direction: 'ingress', text: 'denies any node' },
  ],
  subjects: [
    { kind: 'StatefulSet', namespace: 'shop', name: 'db', pods: 2 },
    { kind: 'StatefulSet', namespace: 'shop', name: 'db-replica', pods: 1 },
  ],
  findings: [
    {
      id: 'policies/named-port-missing',
      severity: 'warning',
      path: 'ingress[0].toPorts[0]',
      text: 'no pod that it selects has a port http',
      next: 'Name a port that the pods declare.',
    },
  ],
  earlier: [
    { until: now - minutes(4), by: 'kubectl-edit', rules: [{ path: 'ingress[0]', text: 'from pods app=api' }] },
  ],
};

export const summaries: readonly PolicySummary[] = [
  dbReport,
  { ref: wall, selects: 12, isolates: { ingress: 12, egress: 12 }, inForce: 'yes', why: '' },
  {
    ref: broken,
    selects: -1,
    isolates: { ingress: 0, egress: 0 },
    inForce: 'no',
    why: 'spec.egress[0]: toPorts needs L4',
  },
];

export const missingPort: Finding = {
  id: 'policies/named-port-missing',
  severity: 'warning',
  title: '1 policy names a port that no pod has: CNP shop/db',
  objects: [{ kind: 'CiliumNetworkPolicy', namespace: 'shop', name: 'db' }],
  evidence: ['CiliumNetworkPolicy shop/db: ingress[0].toPorts[0]: no pod that it selects has a port http'],
  reach: '3 pods',
  next: 'Name a port that the pods declare.',
};

export function policiesOf(given: Parameters<typeof snapshotOf>[0] = {}): Snapshot {
  return snapshotOf({
    objects: {
      networkPolicies: [policy('wall', 'pay', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] })],
      ciliumNetworkPolicies: [
        policy('db', 'shop', { endpointSelector: { matchLabels: { app: 'db' } }, ingress: [{}], ingressDeny: [{}] }),
      ],
      ciliumClusterwideNetworkPolicies: [
        {
          ...policy('metadata', '', { endpointSelector: {}, egress: [{}] }),
          status: { conditions: [{ type: 'Valid', status: 'False', message: 'toPorts needs L4' }] },
        },
      ],
    },
    findings: [missingPort],
    ...given,
    changes: [{ type: 'policies', put: summaries, remove: [], revision: 1 }, ...(given.changes ?? [])],
  });
}

export const small: MapReport = {
  namespaces: ['kube-system', 'pay', 'shop'],
  rows: ['aaa', 'add', 'ap-'],
  at: now - 7_000,
};

/** So many namespaces that neither all rows nor all columns fit; every one may talk to itself only. */
export function large(count: number): MapReport {
  const namespaces = Array.from({ length: count }, (_, index) => `team-${String(index).padStart(3, '0')}-production`);
  return {
    namespaces,
    rows: namespaces.map((_, row) => namespaces.map((_, column) => (row === column ? 'a' : 'd')).join('')),
    at: now,
  };
}

export const cell: CellReport = {
  from: 'pay',
  to: 'shop',
  pairs: [
    {
      from: 'pay/api',
      to: 'shop/db',
      pods: [4, 2],
      port: { port: 5432, protocol: 'TCP', other: false },
      verdict: 'deny',
    },
    {
      from: 'pay/api',
      to: 'shop/web',
      pods: [4, 9],
      port: { port: 8080, protocol: 'TCP', other: false },
      verdict: 'allow',
    },
  ],
  at: now,
};

/** A worker that answers with what it is given; nothing else is asked of it. */
export function answering(answers: Partial<PolicyAsks>): PolicyAsks {
  return answers as PolicyAsks;
}

export function policy(name: string, namespace: string, spec: Raw, edited = now - minutes(60 * 24 * 4)): Raw {
  const managedFields = [
    {
      manager: 'kubectl-edit',
      operation: 'Update',
      time: iso(edited),
      fieldsV1: { 'f:spec': { 'f:ingress': {} } },
    },
  ];
  return {
    metadata: meta(name, { ...(namespace && { namespace }), managedFields, generation: 3 }, now - minutes(60 * 24 * 5)),
    spec,
  };
}
