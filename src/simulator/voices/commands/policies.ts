import type { KubeObject } from '../../cluster.ts';
import { policyView } from '../policy-entries.ts';
import { listOf } from '../scene.ts';
import { endpointsMatch, namespaceKey } from '../selectors.ts';
import { type AgentCommand, type Asked, columns, document, policyRevision } from './command.ts';

type Policy = KubeObject & { spec?: object; specs?: object[] };

export const policyCommands: readonly AgentCommand[] = [
  {
    words: 'policy get',
    answer(asked) {
      const rules = JSON.stringify(rulesOf(asked), null, 2);
      const revision = policyRevision(asked.scene);
      return asked.json ? document({ policy: rules, revision }) : { stdout: `${rules}\nRevision: ${revision}\n` };
    },
  },
  {
    words: 'policy selectors',
    answer(asked) {
      const all = selectorsOf(asked);
      if (asked.json) return document(all);
      const rows = all.map((each) => [each.selector, String(each.users), each.identities.join(' ')]);
      return { stdout: columns([['SELECTOR', 'USERS', 'IDENTITIES'], ...rows]) };
    },
  },
];

/** The rules of all policies, each with the labels that say where it came from. */
function rulesOf(asked: Asked): object[] {
  return ['NetworkPolicy', 'CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy'].flatMap((kind) =>
    listOf<Policy>(asked.scene, kind).flatMap((policy) => {
      const { name, namespace, uid } = policy.metadata;
      const labels = [
        { key: 'io.cilium.k8s.policy.derived-from', value: kind, source: 'k8s' },
        { key: 'io.cilium.k8s.policy.name', value: name, source: 'k8s' },
        ...(namespace === undefined
          ? []
          : [{ key: 'io.cilium.k8s.policy.namespace', value: namespace, source: 'k8s' }]),
        { key: 'io.cilium.k8s.policy.uid', value: uid, source: 'k8s' },
      ];
      return [...(policy.spec === undefined ? [] : [policy.spec]), ...(policy.specs ?? [])].map((spec) => ({
        ...spec,
        labels,
      }));
    }),
  );
}

/** Each endpoint selector of a Cilium policy, with the identities it picks. */
function selectorsOf(asked: Asked): { selector: string; users: number; identities: number[]; labels: object[] }[] {
  const { identities } = policyView(asked.scene);
  return listOf<Policy & { spec?: { endpointSelector?: { matchLabels?: Record<string, string> } } }>(
    asked.scene,
    'CiliumNetworkPolicy',
  ).map((policy) => {
    const selector = policy.spec?.endpointSelector ?? {};
    const picked = identities.filter(
      ({ labels }) => labels[namespaceKey] === policy.metadata.namespace && endpointsMatch(selector, labels),
    );
    const words = Object.entries(selector.matchLabels ?? {}).map(
      ([key, value]) => `k8s.${key.replace(/^k8s[:.]/, '')}: ${value}`,
    );
    const shown = `&LabelSelector{MatchLabels:map[string]string{${words.concat(`k8s.io.kubernetes.pod.namespace: ${policy.metadata.namespace}`).join(',')},},MatchExpressions:[]LabelSelectorRequirement{},}`;
    return {
      selector: shown,
      users: 1,
      identities: picked.map(({ id }) => id),
      labels: [{ key: 'io.cilium.k8s.policy.name', value: policy.metadata.name, source: 'k8s' }],
    };
  });
}
