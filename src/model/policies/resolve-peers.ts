import { parseCidrOrAddress, rangeText } from './cidr.ts';
import type { CidrGroup, PolicyFacts, ServiceFacts } from './facts.ts';
import { type IdentityLabels, NAMESPACE_KEY } from './labels.ts';
import type { Peer, Rule } from './rule.ts';
import { ciliumKey, kubernetesKey, matchSelector, type Requirement, type Selector, selectorOf } from './selector.ts';

/** The peers of a rule with what its groups and services stand for in this cluster. */
export function resolvePeers(rule: Rule, facts: Pick<PolicyFacts, 'groups' | 'services'>): readonly Peer[] {
  return rule.peers.flatMap((peer) => {
    if (peer.type === 'group') return groupPeers(peer, facts.groups);
    return peer.type === 'service' ? servicePeers(peer, facts.services) : peer;
  });
}

/** A group that is not there holds nothing (domain §7.3, cidrGroupRef). */
function groupPeers(peer: Peer & { type: 'group' }, groups: readonly CidrGroup[]): readonly Peer[] {
  const { name, selector, except, text } = peer;
  const found = groups.filter((group) => (selector ? isSelected(selector, group.labels) : group.name === name));
  const ranges = found.flatMap((group) =>
    group.cidrs.map((cidr): Peer => {
      return {
        type: 'addresses',
        cidr,
        except,
        block: false,
        text: `${rangeText(cidr.text, except)} of ${group.name}`,
      };
    }),
  );
  return ranges.length > 0 ? ranges : [{ type: 'nobody', text }];
}

/** Pods behind a service with a selector, the addresses behind one without (domain §7.3, toServices). */
function servicePeers(peer: Peer & { type: 'service' }, services: readonly ServiceFacts[]): readonly Peer[] {
  const { name, namespace, selector, text } = peer;
  const found = services
    .filter((service) => namespace === '' || service.namespace === namespace)
    .filter((service) => (selector ? isSelected(selector, service.labels) : service.name === name));
  if (found.length === 0) return [{ type: 'unknown', reason: `${text} is not known here`, text }];
  return found.flatMap((service): readonly Peer[] => {
    const own = Object.entries(service.selector);
    if (own.length > 0) {
      const requirements = own.map(
        ([key, value]): Requirement => ({ ...ciliumKey(key), operator: 'In', values: [value] }),
      );
      const where: Requirement = { ...kubernetesKey(NAMESPACE_KEY), operator: 'In', values: [service.namespace] };
      return [{ type: 'labels', selector: selectorOf([...requirements, where]), text }];
    }
    if (!service.backends) return [{ type: 'unknown', reason: `the endpoints of ${text} are not known here`, text }];
    const cidrs = service.backends.flatMap((ip) => parseCidrOrAddress(ip) ?? []);
    return cidrs.map((cidr) => ({ type: 'addresses', cidr, except: [], block: false, text }));
  });
}

/** Labels of groups and services have no source; their selectors are read as if all were Kubernetes'. */
function isSelected(selector: Selector, labels: Readonly<Record<string, string>>): boolean {
  const sourced: IdentityLabels = {
    of: new Map(Object.entries(labels).map(([key, value]) => [`k8s:${key}`, value])),
    unknownPrefix: '',
  };
  return matchSelector(selector, sourced) === 'yes';
}
