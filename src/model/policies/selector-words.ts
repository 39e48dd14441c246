import { CLUSTER_KEY, NAMESPACE_KEY, NAMESPACE_LABELS_PREFIX, SERVICE_ACCOUNT_KEY } from './labels.ts';
import { type Requirement, requirementText, type Selector } from './selector.ts';

/** Whom a selector of peers means: `pods app=checkout in namespace shop`, `all pods in namespaces with team=sales`. */
export function peerSelectorWords(selector: Selector): string {
  const { requirements } = selector;
  if (requirements.some(isPositive)) return podSelectorWords(selector);
  // Nothing is asked for: to Cilium nodes and the world lack the label just as well (domain §7.2).
  const without = requirements.map(labelWords).join(', ');
  return `anything${without === '' ? '' : ` with ${without}`} (nodes and the world too)`;
}

/** The same of a selector that only ever means pods. */
export function podSelectorWords({ requirements }: Selector): string {
  const reserved = requirements.filter(({ source }) => source === 'reserved');
  if (reserved.some(isPositive)) return reservedWords(reserved, requirements);
  const own = requirements.filter(({ key, source }) => source !== 'reserved' && !isCiliums(key));
  const labels = own.map(labelWords).join(',');
  const account = requirements.filter(({ key }) => key === SERVICE_ACCOUNT_KEY);
  const cluster = requirements.filter(({ key }) => key === CLUSTER_KEY);
  const valued = (what: string, { operator, values }: Requirement) =>
    values.length === 0 ? '' : `${operator === 'NotIn' ? 'not ' : ''}of ${what} ${values.join(', ')}`;
  return [
    labels === '' ? 'all pods' : `pods ${labels}`,
    ...account.map((one) => valued('service account', one)),
    ...namespaceWords(requirements),
    ...cluster.map((one) => valued('cluster', one)),
    ...reserved.map((one) => `not ${one.key}`),
  ]
    .filter((part) => part !== '')
    .join(' ');
}

const ENTITIES: Readonly<Record<string, string>> = {
  all: 'anybody',
  world: 'the world outside the cluster',
  'world-ipv4': 'the IPv4 world outside the cluster',
  'world-ipv6': 'the IPv6 world outside the cluster',
  cluster: 'anything in the cluster, its nodes too',
  host: 'its own node',
  'remote-node': 'other nodes',
  'kube-apiserver': 'the API server',
  health: 'Cilium’s health checks',
  init: 'pods that have no identity yet (init)',
  ingress: 'Cilium’s ingress proxy',
  unmanaged: 'pods that Cilium does not manage',
  none: 'nobody',
};

/** An entity as a reader would say it; its own name where it is none we know. */
export function entityWords(entity: string): string {
  return ENTITIES[entity] ?? entity;
}

function reservedWords(reserved: readonly Requirement[], all: readonly Requirement[]): string {
  const who = reserved.filter(isPositive).map(({ key }) => entityWords(key));
  const others = all.filter(({ source }) => source !== 'reserved').map(labelWords);
  return `${who.join(' that is also ')}${others.length === 0 ? '' : ` with ${others.join(', ')}`}`;
}

function namespaceWords(requirements: readonly Requirement[]): readonly string[] {
  const named = requirements.filter(({ key }) => key === NAMESPACE_KEY || key === OWN_NAME);
  const where = named.map(({ operator, values }) => {
    const all = values.join(', ');
    if (operator === 'In') return `in ${values.length === 1 ? 'namespace' : 'one of the namespaces'} ${all}`;
    if (operator === 'NotIn') return `outside ${values.length === 1 ? 'namespace' : 'the namespaces'} ${all}`;
    return operator === 'Exists' ? ANY_NAMESPACE : 'in no namespace';
  });
  const labelled = requirements.filter(({ key }) => key.startsWith(NAMESPACE_LABELS_PREFIX) && key !== OWN_NAME);
  if (labelled.length > 0) where.push(`in namespaces with ${labelled.map(labelWords).join(', ')}`);
  // One that says where makes the other superfluous.
  return [...new Set(where.length > 1 ? where.filter((one) => one !== ANY_NAMESPACE) : where)];
}

const ANY_NAMESPACE = 'in any namespace';

/** Every namespace has its own name for a label. */
const OWN_NAME = `${NAMESPACE_LABELS_PREFIX}kubernetes.io/metadata.name`;

function labelWords(requirement: Requirement): string {
  const { source, key } = requirement;
  return requirementText({ ...requirement, source: source === 'k8s' ? 'any' : source, key: shortKey(key) });
}

function shortKey(key: string): string {
  if (key === NAMESPACE_KEY) return 'namespace';
  return key.startsWith(NAMESPACE_LABELS_PREFIX) ? key.slice(NAMESPACE_LABELS_PREFIX.length) : key;
}

function isCiliums(key: string): boolean {
  return (
    key === NAMESPACE_KEY ||
    key === SERVICE_ACCOUNT_KEY ||
    key === CLUSTER_KEY ||
    key.startsWith(NAMESPACE_LABELS_PREFIX)
  );
}

function isPositive({ operator }: Requirement): boolean {
  return operator === 'In' || operator === 'Exists';
}
