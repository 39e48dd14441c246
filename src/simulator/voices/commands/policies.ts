import { requirementText, type Selector } from '../../../model/policies/selector.ts';
import type { KubeObject } from '../../cluster.ts';
import { policiesOf } from '../scene.ts';
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
  return (policiesOf(asked.scene) as Policy[]).flatMap((policy) => {
    const { kind } = policy;
    const { name, namespace, uid } = policy.metadata;
    const labels = [
      { key: 'io.cilium.k8s.policy.derived-from', value: kind, source: 'k8s' },
      { key: 'io.cilium.k8s.policy.name', value: name, source: 'k8s' },
      ...(namespace === undefined ? [] : [{ key: 'io.cilium.k8s.policy.namespace', value: namespace, source: 'k8s' }]),
      { key: 'io.cilium.k8s.policy.uid', value: uid, source: 'k8s' },
    ];
    return [...(policy.spec === undefined ? [] : [policy.spec]), ...(policy.specs ?? [])].map((spec) => ({
      ...spec,
      labels,
    }));
  });
}

/** Each selector of the policies, subject or peer, with the identities it picks. */
function selectorsOf(
  asked: Asked,
): { selector: string; users: number; identities: readonly number[]; labels: object[] }[] {
  return asked.scene
    .policies()
    .selectors()
    .map(({ selector, users, identities, policies }) => ({
      selector: selectorText(selector),
      users,
      identities,
      labels: policies.map((value) => ({ key: 'io.cilium.k8s.policy.name', value, source: 'k8s' })),
    }));
}

function selectorText({ requirements }: Selector): string {
  const isLabel = ({ operator, values }: Selector['requirements'][number]) => operator === 'In' && values.length === 1;
  const labels = requirements.filter(isLabel).map(({ source, key, values }) => `${source}.${key}: ${values[0]}`);
  const others = requirements.filter((one) => !isLabel(one)).map(requirementText);
  return `&LabelSelector{MatchLabels:map[string]string{${labels.map((one) => `${one},`).join('')}},MatchExpressions:[]LabelSelectorRequirement{${others.join(',')}},}`;
}
