import { parseLabelFilter } from '../../model/policies/label-filter.ts';
import type { Lint } from './lint.ts';
import { pathOf, rulesOf } from './rule-paths.ts';

export const identityLabelsExcluded: Lint = {
  id: 'policies/identity-labels-excluded',
  title: 'Selector on a label that identities leave out',
  why: 'cilium-config leaves this label out of identities (its labels key). Cilium does not see it, so a selector on it matches nothing.',
  severity: 'error',
  look(policy, { facts }) {
    if (facts.modes.labelFilter === '') return [];
    const keeps = parseLabelFilter(facts.modes.labelFilter);
    const places = [
      ...policy.specs.map((spec) => ({
        path: spec.path,
        selector: spec.subject.selector,
        nodes: spec.subject.type === 'nodes',
      })),
      ...rulesOf(policy).flatMap(({ rule, spec }) =>
        rule.peers.flatMap((peer) =>
          peer.type === 'labels' ? [{ path: pathOf(rule, spec), selector: peer.selector, nodes: false }] : [],
        ),
      ),
    ];
    return places
      .filter(({ nodes }) => !nodes)
      .flatMap(({ path, selector }) =>
        selector.requirements
          .filter(({ source, key }) => (source === 'any' || source === 'k8s') && !keeps('k8s', key))
          .map(({ key }) => ({
            path,
            text: `it selects by ${key}, which is excluded from identities`,
            next: 'Select by a label that is part of identities.',
          })),
      );
  },
};
