import { createIntern, type Intern } from '../intern.ts';
import { type KindId, kinds, type Rows } from '../kinds.ts';
import { record, text } from '../objects/raw.ts';
import type { RawObject } from '../objects/row.ts';
import type { PolicyFacts } from './facts.ts';
import { type Modes, readModes } from './modes.ts';
import { readTieredPolicy, TIERED_KINDS } from './read-tiered-policy.ts';
import {
  addressesOf,
  agentsOf,
  createPodReader,
  groupFacts,
  namespaceLabels,
  nodeFacts,
  podIdentity,
  policyFacts,
  serviceFacts,
} from './row-facts.ts';
import type { PolicyKind } from './rule.ts';

export type FactsOptions = {
  /** As written, '' where nobody knows. */
  version: string;
  dialect: Modes['dialect'];
  /** Read from a live cluster: what its DNS proxies have learned is not among it. */
  live?: boolean;
};

/**
 * Reads objects as the API server returns them, or as people write them. Kinds that have no part in a verdict are left
 * out. Two different objects of one name are a problem: which of them is meant nobody can tell.
 */
export function readFacts(objects: readonly RawObject[], options: FactsOptions): PolicyFacts {
  const problems: string[] = [];
  const byKind = sort(objects, problems);
  const intern = createIntern();
  const rowsOf = rowsIn(byKind, intern);
  const config = byKind.get('ConfigMap')?.get('kube-system/cilium-config');
  const data = config ? kinds.configMaps.project(config, intern).data : {};
  const modes: Modes = {
    ...readModes(data, options.version, options.dialect, agentsOf(rowsOf('daemonSets'))),
    namesKnown: options.live !== true,
  };
  const identities = new Map(rowsOf('ciliumIdentities').map((row) => [row.id, row.securityLabels]));
  const endpoints = new Map(rowsOf('ciliumEndpoints').map((row) => [`${row.namespace}/${row.name}`, row]));
  const slices = Map.groupBy(rowsOf('endpointSlices'), (row) => `${row.namespace}/${row.service}`);
  const readPod = createPodReader();
  return {
    modes,
    pods: rowsOf('pods').map((row) => {
      const endpoint = endpoints.get(`${row.namespace}/${row.name}`);
      return readPod(
        row,
        podIdentity(endpoint, (id) => (id === 0 ? undefined : identities.get(id))),
      );
    }),
    namespaces: new Map(rowsOf('namespaces').map((row) => [row.name, namespaceLabels(row)])),
    nodes: rowsOf('nodes').map(nodeFacts),
    services: rowsOf('services').map((row) => serviceFacts(row, slices.get(`${row.namespace}/${row.name}`))),
    ...writtenFacts(rowsOf, modes),
    tiered: TIERED_SOURCES.flatMap((id) => rowsOf(id).map((row) => readTieredPolicy(row, kinds[id].kind))),
    apiServers: (slices.get('default/kubernetes') ?? []).flatMap(addressesOf),
    unread: [],
    problems,
  };
}

/** Policies and groups that somebody wrote, as a cluster of these modes takes them. */
export function readWritten(
  objects: readonly RawObject[],
  modes: Modes,
): Pick<PolicyFacts, 'policies' | 'groups' | 'problems'> {
  const problems: string[] = [];
  return { ...writtenFacts(rowsIn(sort(objects, problems), createIntern()), modes), problems };
}

type RowsOf = <K extends KindId>(id: K) => readonly Rows[K][];

function rowsIn(byKind: ReadonlyMap<string, ReadonlyMap<string, RawObject>>, intern: Intern): RowsOf {
  return (id) => [...(byKind.get(kinds[id].kind)?.values() ?? [])].map((raw) => kinds[id].project(raw, intern));
}

function writtenFacts(rowsOf: RowsOf, modes: Modes): Pick<PolicyFacts, 'policies' | 'groups'> {
  return {
    groups: rowsOf('ciliumCidrGroups').map(groupFacts),
    policies: POLICY_SOURCES.flatMap((id) =>
      rowsOf(id).map((row) => policyFacts(row, kinds[id].kind as PolicyKind, modes, isServed(row.body, id))),
    ),
  };
}

/** The kinds of policies in the order in which they are put together. */
export const POLICY_SOURCES = [
  'networkPolicies',
  'ciliumNetworkPolicies',
  'ciliumClusterwideNetworkPolicies',
] as const satisfies readonly KindId[];
export const TIERED_SOURCES = [
  'clusterNetworkPolicies',
  'adminNetworkPolicies',
  'baselineAdminNetworkPolicies',
] as const satisfies readonly KindId[];

const CLUSTERWIDE = ['Namespace', 'Node', 'CiliumCIDRGroup', 'CiliumIdentity', 'CiliumClusterwideNetworkPolicy'];

/** The key under which two objects are the same one: `Kind|namespace/name`. Objects of no namespace are in `default`. */
export function objectKey(raw: RawObject): string {
  return `${text(raw.kind)}|${namespaceOf(raw)}/${nameOf(raw)}`;
}

function sort(objects: readonly RawObject[], problems: string[]): Map<string, Map<string, RawObject>> {
  const byKind = new Map<string, Map<string, RawObject>>();
  for (const raw of objects) {
    const kind = text(raw.kind);
    const meant = READ_KINDS.get(kind.toLowerCase().replace(/s$/, ''));
    if (meant !== undefined && meant !== kind)
      problems.push(`the kind of ${nameOf(raw)} is written ${kind}, and there is only ${meant}`);
    const namespace = namespaceOf(raw);
    const key = `${namespace}/${nameOf(raw)}`;
    const known = byKind.get(kind) ?? new Map<string, RawObject>();
    byKind.set(kind, known);
    const before = known.get(key);
    const placed = { ...raw, metadata: { ...record(raw.metadata), namespace } };
    if (before && JSON.stringify(before) !== JSON.stringify(placed))
      problems.push(`there are two different ${kind} ${key.replace(/^\//, '')}`);
    known.set(key, placed);
  }
  return byKind;
}

/** By their names in small letters: a policy that was left out for how its kind is written would be a wrong verdict. */
const READ_KINDS: ReadonlyMap<string, string> = new Map(
  [...POLICY_SOURCES, ...TIERED_SOURCES, 'ciliumCidrGroups' as const, 'pods' as const, 'namespaces' as const].map(
    (id) => [kinds[id].kind.toLowerCase(), kinds[id].kind],
  ),
);

function namespaceOf(raw: RawObject): string {
  const kind = text(raw.kind);
  if (CLUSTERWIDE.includes(kind) || TIERED_KINDS.includes(kind)) return '';
  return text(record(raw.metadata).namespace) || 'default';
}

function nameOf(raw: RawObject): string {
  return text(record(raw.metadata).name);
}

function isServed({ apiVersion }: RawObject, id: (typeof POLICY_SOURCES)[number]): boolean {
  const { group, versions } = kinds[id];
  return versions.some((version) => apiVersion === `${group}/${version}`);
}
