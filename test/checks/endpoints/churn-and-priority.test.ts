import { cases } from '../cases.ts';
import type { Raw } from '../healthy-cluster.ts';

const identities = (count: number): Raw[] =>
  [...Array(count).keys()].map((at) => ({
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumIdentity',
    metadata: { name: String(40_000 + at) },
    'security-labels': { 'k8s:io.kubernetes.pod.namespace': 'jobs', 'k8s:spark-app-selector': `spark-${at}` },
  }));

cases('endpoints/identity-churn', {
  'an identity for each run': {
    also: identities(120),
    tells: ['endpoints/identity-churn: 120 identities by labels of single runs: spark-app-selector'],
  },
  'some runs': { also: identities(30), tells: [] },
});

const namespace = (queue: string) =>
  `{ kind: Namespace, metadata: { name: shop, annotations: { cilium.io/ces-namespace: ${queue} } } }`;

cases('endpoints/priority-namespace-ignored', {
  'a namespace that asks for it': {
    over: namespace('priority'),
    tells: ['endpoints/priority-namespace-ignored: 1 namespace with slices of priority, which AKS does not support'],
  },
  'another word': { over: namespace('standard'), tells: [] },
});
