import type { EndpointClass } from '../../model/policies/identities.ts';
import type { Requirement, Selector } from '../../model/policies/selector.ts';
import type { Lint } from './lint.ts';
import { pathOf, rulesOf } from './rule-paths.ts';

export const identityLabelsDiffer: Lint = {
  id: 'policies/identity-labels-differ',
  title: 'Selector on a label that an identity has otherwise',
  why: 'Cilium selects by the labels of a pod’s identity, not by the pod’s own. Where the two differ (a label left out of identities, or changed and not taken over) the policy is about other pods than it seems.',
  severity: 'warning',
  needs: ['pods'],
  // Labels that were changed are an identity's within seconds.
  graceMs: 60_000,
  look(policy, ground) {
    const places: { path: string; selector: Selector; namespace: string }[] = [];
    for (const { path, subject } of policy.specs)
      if (subject.type === 'pods') places.push({ path, selector: subject.selector, namespace: policy.ref.namespace });
    for (const { rule, spec } of rulesOf(policy))
      for (const peer of rule.peers)
        if (peer.type === 'labels') places.push({ path: pathOf(rule, spec), selector: peer.selector, namespace: '' });
    return places.flatMap(({ path, selector, namespace }) => {
      for (const one of ground.otherwiseLabelled()) {
        if (namespace !== '' && one.class.namespace !== namespace) continue;
        const key = selector.requirements.find(
          (wanted) => one.keys.has(wanted.key) && tellsApart(wanted, one.class),
        )?.key;
        // Another pod's difference is no matter where the rest of the selector leaves it out.
        if (key === undefined || !isMeant(selector, one.class, key)) continue;
        return [{ path, text: differenceText(one.class, key), next: NEXT }];
      }
      return [];
    });
  },
};

const NEXT = 'Wait for a label that was changed a moment ago; otherwise recreate the pod, or select by another label.';

/** Whether the pod's own label and its identity's make a difference to the selector. */
function tellsApart(wanted: Requirement, { pods: [pod], labels }: EndpointClass): boolean {
  return holds(wanted, pod?.labels[wanted.key]) !== holds(wanted, labels.of.get(`k8s:${wanted.key}`));
}

/** Whether the selector would be about the pod by everything else it asks for. */
function isMeant({ requirements }: Selector, { labels }: EndpointClass, key: string): boolean {
  return requirements.every((one) => one.key === key || holds(one, labels.of.get(`k8s:${one.key}`)));
}

function holds({ operator, values }: Requirement, value: string | undefined): boolean {
  if (operator === 'In') return value !== undefined && values.includes(value);
  if (operator === 'Exists') return value !== undefined;
  return operator === 'DoesNotExist' ? value === undefined : value === undefined || !values.includes(value);
}

function differenceText({ pods: [pod] }: EndpointClass, key: string): string {
  const says = (value: string | undefined) => (value === undefined ? 'has no such label' : `says ${value}`);
  return `by ${key}: pod ${pod?.namespace}/${pod?.name} ${says(pod?.labels[key])}, its identity ${says(pod?.identity?.[`k8s:${key}`])}`;
}
