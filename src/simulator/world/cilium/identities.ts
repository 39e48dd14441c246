// CiliumIdentities: one number for each set of labels that means something to security.
import { type LabelFilter, parseLabelFilter } from '../../../model/policies/label-filter.ts';
import type { KubeObject } from '../../cluster.ts';
import type { Core } from '../core.ts';
import type { Labels } from '../shapes.ts';
import type { LabelSet } from '../view.ts';

/** Numbers of pods; 1 to 255 are reserved. */
const LOWEST = 256;
const HIGHEST = 65_535;
/** An identity nobody has used for two of the collector's rounds goes (identity-heartbeat-timeout=0m20s). */
const UNUSED = 40_000;

export type Identity = { id: number; labels: string[] };

export type Identities = {
  /** Finds or allocates, as an agent with these `labels` of cilium-config does. Undefined: no number is free, or its kind is not there. */
  of(set: LabelSet, labels: string, at?: number): Identity | undefined;
  hold(id: number): void;
  release(id: number): void;
  /** Removes what nobody has used for long enough; the operator's leader calls it. */
  collect(): void;
  /** Grows to so many in all, with the labels of a batch service's runs. */
  fill(count: number, since: number): void;
};

export function createIdentities(core: Core): Identities {
  const byLabels = new Map<string, Identity>();
  const bySet = new WeakMap<LabelSet, { identity: Identity; namespaceLabels: string }>();
  const taken = new Map<number, string>();
  const held = new Map<number, number>();
  const unused = new Map<number, number>();
  const filled: number[] = [];
  const namespaces = new Map<string, Labels>();
  const allocate = (labels: Labels, at: number | undefined): Identity | undefined => {
    // Nor is one given out that cannot be written.
    if (taken.size > HIGHEST - LOWEST || !core.serves('CiliumIdentity')) return undefined;
    let id = core.random.between(LOWEST, HIGHEST);
    while (taken.has(id)) id = id === HIGHEST ? LOWEST : id + 1;
    const key = JSON.stringify(labels);
    const identity = {
      id,
      labels: Object.entries(labels)
        .map(([name, value]) => `${name}=${value}`)
        .sort(),
    };
    byLabels.set(key, identity);
    taken.set(id, key);
    core.create(identityObject(id, labels, at), 'cilium-agent');
    return identity;
  };

  core.listen((event) => {
    const { kind } = event.resource;
    if (kind === 'Namespace') namespaces.set(event.object.metadata.name, event.object.metadata.labels ?? {});
    if (kind !== 'CiliumIdentity') return;
    const id = Number(event.key.slice(1));
    if (event.type === 'ADDED') {
      if (!taken.has(id)) adopt(id, event.object);
      if (!held.has(id)) unused.set(id, core.now());
    } else if (event.type === 'DELETED') {
      byLabels.delete(taken.get(id) ?? '');
      taken.delete(id);
      unused.delete(id);
    }
  });

  const adopt = (id: number, object: KubeObject) => {
    const labels = (object['security-labels'] ?? {}) as Labels;
    const key = JSON.stringify(Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))));
    taken.set(id, key);
    byLabels.set(key, {
      id,
      labels: Object.entries(labels)
        .map(([name, value]) => `${name}=${value}`)
        .sort(),
    });
  };

  for (const namespace of core.list('Namespace'))
    namespaces.set(namespace.metadata.name, namespace.metadata.labels ?? {});

  return {
    of(set, filter, at) {
      const namespaceLabels = namespaces.get(set.namespace) ?? {};
      const cached = bySet.get(set);
      const stamp = `${JSON.stringify(namespaceLabels)} ${filter}`;
      if (cached !== undefined && cached.namespaceLabels === stamp && taken.has(cached.identity.id))
        return cached.identity;
      const labels = securityLabels(set, namespaceLabels, parseLabelFilter(filter));
      const identity = byLabels.get(JSON.stringify(labels)) ?? allocate(labels, at);
      if (identity !== undefined) bySet.set(set, { identity, namespaceLabels: stamp });
      return identity;
    },
    hold(id) {
      held.set(id, (held.get(id) ?? 0) + 1);
      unused.delete(id);
    },
    release(id) {
      const left = (held.get(id) ?? 1) - 1;
      if (left > 0) held.set(id, left);
      else {
        held.delete(id);
        if (taken.has(id)) unused.set(id, core.now());
      }
    },
    collect() {
      const kept = new Set(filled);
      for (const [id, since] of unused) {
        if (core.now() - since > UNUSED && !kept.has(id)) core.remove('CiliumIdentity', '', String(id));
      }
    },
    fill(count, since) {
      const span = Math.max(1, core.now() - since);
      const missing = count - taken.size;
      for (let i = 0; i < missing; i++) {
        const identity = allocate(runLabels(filled.length), since + (span * i) / missing);
        if (identity !== undefined) filled.push(identity.id);
      }
      if (count === 0) filled.length = 0;
    },
  };
}

/** Labels of one run of a batch service: what identities explode by in practice. */
function runLabels(number: number): Labels {
  const run = `spark-${(0xa3f1_0000 + number * 7919).toString(16)}`;
  return {
    'k8s:io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name': 'analytics',
    'k8s:io.cilium.k8s.policy.cluster': 'default',
    'k8s:io.cilium.k8s.policy.serviceaccount': 'spark',
    'k8s:io.kubernetes.pod.namespace': 'analytics',
    'k8s:spark-app-name': 'nightly-aggregate',
    'k8s:spark-app-selector': run,
    'k8s:spark-role': 'executor',
  };
}

function identityObject(id: number, labels: Labels, at: number | undefined): KubeObject {
  const plain: Labels = {};
  for (const [name, value] of Object.entries(labels)) plain[name.replace(/^k8s:/, '')] = value;
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumIdentity',
    metadata: {
      name: String(id),
      labels: plain,
      ...(at === undefined ? {} : { creationTimestamp: `${new Date(at).toISOString().slice(0, 19)}Z` }),
    },
    'security-labels': labels,
  };
}

/** What Cilium leaves out by itself: labels that differ from pod to pod or revision to revision. */
const LEFT_OUT = [
  /^pod-template-hash$/,
  /^controller-revision-hash$/,
  /^pod-template-generation$/,
  /^(.*\.)?kubernetes\.io\//,
  /^(.*\.)?k8s\.io\//,
  /beta\.kubernetes\.io/,
  /^annotation\./,
];
const KEPT = [/^app\.kubernetes\.io\//];

function securityLabels(set: LabelSet, namespace: Labels, keeps: LabelFilter): Labels {
  const labels: Labels = {
    'k8s:io.cilium.k8s.policy.cluster': 'default',
    'k8s:io.cilium.k8s.policy.serviceaccount': set.serviceAccount,
    'k8s:io.kubernetes.pod.namespace': set.namespace,
  };
  for (const [name, value] of Object.entries(namespace)) labels[`k8s:io.cilium.k8s.namespace.labels.${name}`] = value;
  for (const [name, value] of Object.entries(set.labels)) {
    if (!keeps('k8s', name)) continue;
    if (KEPT.some((pattern) => pattern.test(name)) || !LEFT_OUT.some((pattern) => pattern.test(name)))
      labels[`k8s:${name}`] = value;
  }
  return Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}
