import { text } from '../objects/raw.ts';
import type { RawObject } from '../objects/row.ts';
import { covers, parseCidr, parseCidrOrAddress, rangeText } from './cidr.ts';
import { entityPeers } from './entities.ts';
import { CLUSTER_KEY, NAMESPACE_KEY, NAMESPACE_LABELS_PREFIX } from './labels.ts';
import { exactName, namePattern } from './name-pattern.ts';
import { listAt, noteUnknownFields, objectAt, problemAt, type Reading, type RulePlace, selectorAt } from './reading.ts';
import type { Peer } from './rule.ts';
import { ciliumKey, kubernetesKey, type Requirement, requirementText, selectorOf } from './selector.ts';

/** Present and empty, these select nobody; the others are as good as absent (so reads Cilium's own parser). */
const NOBODY_WHEN_EMPTY = ['Endpoints', 'Nodes', 'Entities', 'CIDR', 'CIDRSet'];

/**
 * Whom a rule is about; undefined where it does not say. At most one way of saying it may be used in one rule
 * (domain §7.3, "combining X and Y is not supported yet").
 */
export function readCiliumPeers(
  raw: RawObject,
  path: string,
  place: RulePlace,
  hasPorts: boolean,
  doubts: string[],
  reading: Reading,
): readonly Peer[] | undefined {
  const prefix = place.part.startsWith('ingress') ? 'from' : 'to';
  const names = ['Endpoints', 'Nodes', 'Entities', 'CIDR', 'CIDRSet', 'Groups'];
  if (prefix === 'to') names.push('Services');
  if (place.part === 'egress') names.push('FQDNs');
  const written = names
    .map((name) => ({ name, key: `${prefix}${name}` }))
    .filter(({ key }) => raw[key] != null)
    .map((one) => ({ ...one, items: listAt(raw[one.key], `${path}.${one.key}`, reading) }));
  const used = written.filter(({ items }) => items.length > 0);
  if (used.length > 1) {
    const [first, second] = used;
    problemAt(reading, path)(`combining ${first?.key} and ${second?.key} is not supported yet`);
  }
  if (used.some(({ name }) => name === 'Nodes') && !place.modes.nodeSelectorLabels)
    problemAt(reading, path)(`${prefix}Nodes needs enable-node-selector-labels`);
  if (hasPorts && used.some(({ name }) => name === 'Services') && !place.modes.servicesWithPorts)
    doubts.push('whether this Cilium takes toServices together with toPorts is not known');
  const peers = used.flatMap(({ name, key, items }) =>
    items.flatMap((item, index) => readers[name]?.(item, `${path}.${key}[${index}]`, place, reading) ?? []),
  );
  const empty = written.find(({ name, items }) => items.length === 0 && NOBODY_WHEN_EMPTY.includes(name));
  if (empty) {
    const at = `${path}.${empty.key}`;
    reading.remarks.push({ id: 'empty-peer-list', path: at, text: 'an empty list selects nobody' });
    return [];
  }
  return used.length === 0 ? undefined : peers;
}

type Reader = (item: unknown, path: string, place: RulePlace, reading: Reading) => Peer | readonly Peer[];

const readers: Readonly<Record<string, Reader>> = {
  Endpoints: readEndpoints,
  Nodes: readNodes,
  Entities(item, path, { modes }, reading) {
    if (item === 'cluster-mesh' && modes.clusterMeshEntity)
      return { type: 'unknown', reason: 'what is in other clusters of the mesh is not known here', text: text(item) };
    const peers = entityPeers(item, modes.clusterName);
    if (!peers) problemAt(reading, path)(`unsupported entity: ${text(item)}`);
    return peers ?? [];
  },
  CIDR(item, path, _place, reading) {
    const cidr = parseCidrOrAddress(item);
    if (!cidr) problemAt(reading, path)(`"${text(item)}" is no CIDR`);
    return cidr ? { type: 'addresses', cidr, except: [], block: false, text: cidr.text } : [];
  },
  CIDRSet: readCidrSet,
  Groups: () => {
    const reason = 'what a cloud group holds is not known here';
    return { type: 'unknown', reason, outside: true, text: 'a cloud group' };
  },
  Services: readService,
  FQDNs: readName,
};

/**
 * A selector that names no namespace means the policy's own; in a clusterwide policy any pod. One that names reserved
 * labels is left alone (domain §7.3).
 */
function readEndpoints(item: unknown, path: string, place: RulePlace, reading: Reading): Peer {
  const written = selectorAt(item, ciliumKey, path, reading);
  const { namespace } = place.policy;
  const { ownClusterOnly, clusterName } = place.modes;
  const named = (test: (key: string) => boolean) =>
    written.some(({ source, key }) => (source === 'any' || source === 'k8s') && test(key));
  const added: Requirement[] = [];
  const reserved = written.some(({ source }) => source === 'reserved');
  if (!reserved && ownClusterOnly && !named((key) => key === CLUSTER_KEY))
    added.push({ ...kubernetesKey(CLUSTER_KEY), operator: 'In', values: [clusterName] });
  if (!reserved && !named((key) => key === NAMESPACE_KEY)) {
    if (namespace === '') {
      if (!place.matchesInit) added.push({ ...kubernetesKey(NAMESPACE_KEY), operator: 'Exists', values: [] });
    } else if (!named((key) => key.startsWith(NAMESPACE_LABELS_PREFIX))) {
      added.push({ ...kubernetesKey(NAMESPACE_KEY), operator: 'In', values: [namespace] });
    }
  }
  const selector = selectorOf([...written, ...added]);
  return { type: 'labels', selector, text: selector.id };
}

/** Nodes other than the pod's own, by the labels of the node (domain §7.3; needs enable-node-selector-labels). */
function readNodes(item: unknown, path: string, _place: RulePlace, reading: Reading): Peer {
  const written = selectorAt(item, ciliumKey, path, reading);
  const remote: Requirement = { source: 'reserved', key: 'remote-node', operator: 'Exists', values: [] };
  return {
    type: 'labels',
    selector: selectorOf([...written, remote]),
    text: `nodes ${written.map(requirementText).join(',')}`,
  };
}

function readCidrSet(item: unknown, path: string, _place: RulePlace, reading: Reading): Peer | readonly Peer[] {
  const set = objectAt(item, path, reading);
  const problem = problemAt(reading, path);
  noteUnknownFields(set, ['cidr', 'cidrGroupRef', 'cidrGroupSelector', 'except'], path, reading);
  const { cidr, cidrGroupRef, cidrGroupSelector } = set;
  const given = [cidr, cidrGroupRef, cidrGroupSelector].filter((one) => one != null && one !== '').length;
  if (given !== 1) problem('exactly one of cidr, cidrGroupRef and cidrGroupSelector is required');
  const except = listAt(set.except, `${path}.except`, reading).flatMap((one) => {
    const range = parseCidr(one);
    if (!range) problem(`except: "${text(one)}" is no CIDR`);
    return range ?? [];
  });
  if (typeof cidrGroupRef === 'string' && cidrGroupRef !== '') {
    const name = text(cidrGroupRef);
    return { type: 'group', name, selector: undefined, except, text: rangeText(`CIDR group ${name}`, except) };
  }
  if (cidrGroupSelector != null) {
    const selector = selectorOf(selectorAt(cidrGroupSelector, kubernetesKey, `${path}.cidrGroupSelector`, reading));
    return { type: 'group', name: '', selector, except, text: rangeText(`CIDR groups ${selector.id}`, except) };
  }
  const range = parseCidr(cidr);
  if (!range) {
    problem(`"${text(cidr)}" is no CIDR with a prefix length`);
    return [];
  }
  for (const one of except) {
    if (!covers(range, one)) problem(`except: ${one.text} does not lie within ${range.text}`);
  }
  return { type: 'addresses', cidr: range, except, block: false, text: rangeText(range.text, except) };
}

function readService(item: unknown, path: string, { part }: RulePlace, reading: Reading): Peer {
  // Cilium looks services up for egress only.
  if (part === 'egressDeny')
    return { type: 'unknown', reason: 'toServices of a deny rule is not looked up', text: 'services' };
  const one = objectAt(item, path, reading);
  noteUnknownFields(one, ['k8sService', 'k8sServiceSelector'], path, reading);
  const { k8sService, k8sServiceSelector } = one;
  if (k8sServiceSelector != null) {
    const at = `${path}.k8sServiceSelector`;
    const by = objectAt(k8sServiceSelector, at, reading);
    noteUnknownFields(by, ['selector', 'namespace'], at, reading);
    // Matched against the labels of Service objects, where a label has no source.
    const keyOf = (key: string) => kubernetesKey(ciliumKey(key).key);
    const selector = selectorOf(selectorAt(by.selector ?? {}, keyOf, `${at}.selector`, reading));
    return { type: 'service', name: '', namespace: text(by.namespace), selector, text: `services ${selector.id}` };
  }
  const by = objectAt(k8sService, `${path}.k8sService`, reading);
  noteUnknownFields(by, ['serviceName', 'namespace'], `${path}.k8sService`, reading);
  const name = text(by.serviceName);
  const namespace = text(by.namespace);
  if (name === '') problemAt(reading, path)('names no service');
  return {
    type: 'service',
    name,
    namespace,
    selector: undefined,
    text: `service ${namespace === '' ? name : `${namespace}/${name}`}`,
  };
}

function readName(item: unknown, path: string, _place: RulePlace, reading: Reading): Peer | readonly Peer[] {
  const one = objectAt(item, path, reading);
  noteUnknownFields(one, ['matchName', 'matchPattern'], path, reading);
  const { matchName, matchPattern } = one;
  const problem = problemAt(reading, path);
  if ((matchName == null || matchName === '') === (matchPattern == null || matchPattern === ''))
    problem('exactly one of matchName and matchPattern is required');
  const pattern = matchName == null || matchName === '' ? namePattern(matchPattern) : exactName(matchName);
  if (!pattern) problem(`"${text(matchName ?? matchPattern)}" is no name or pattern`);
  return pattern ? { type: 'names', pattern, text: text(pattern.text) } : [];
}
