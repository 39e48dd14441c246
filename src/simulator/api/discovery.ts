import { createHash } from 'node:crypto';
import type { ResourceType } from '../cluster.ts';
import { versionOf } from '../serialise.ts';
import { answerJson, answerNotFoundPage, answerText, type Exchange } from './exchange.ts';
import { reviewResources } from './review-kinds.ts';

type Listed = {
  name: string;
  singularName: string;
  namespaced: boolean;
  group?: string;
  version?: string;
  kind: string;
  verbs: readonly string[];
  shortNames?: readonly string[];
  categories?: readonly string[];
  storageVersionHash?: string;
};

const customVerbs = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];
const builtInVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/** /api, /apis and what lies directly below them. False: the path is none of these. */
export async function answerDiscovery(exchange: Exchange): Promise<boolean> {
  const { path } = exchange.request;
  const steps = path.split('/').filter((step) => step !== '');
  if (steps[0] !== 'api' && steps[0] !== 'apis') return false;
  const served = [...exchange.cluster.store.resources(), ...reviewResources];
  if (steps.length === 1) await answerRoot(exchange, steps[0], served);
  else if (steps[0] === 'api' && steps.length === 2) await answerResources(exchange, served, '', steps[1] ?? '');
  else if (steps.length === 2) await answerGroup(exchange, served, steps[1] ?? '');
  else if (steps.length === 3 && steps[0] === 'apis') {
    await answerResources(exchange, served, steps[1] ?? '', steps[2] ?? '');
  } else return false;
  return true;
}

async function answerRoot(exchange: Exchange, root: string, served: readonly ResourceType[]): Promise<void> {
  const accept = String(exchange.incoming.headers.accept ?? '');
  const wanted = /g=apidiscovery\.k8s\.io;v=(v2|v2beta1);as=APIGroupDiscoveryList/.exec(accept)?.[1];
  const groups = groupsOf(served).filter(([group]) => (group === '') === (root === 'api'));
  if (wanted !== undefined && !exchange.lacks('aggregated-discovery')) {
    const body = {
      kind: 'APIGroupDiscoveryList',
      apiVersion: `apidiscovery.k8s.io/${wanted}`,
      metadata: {},
      items: groups.map(([group, versions]) => ({
        metadata: group === '' ? {} : { name: group },
        versions: versions.map((version) => ({
          version,
          resources: aggregated(served.filter((one) => one.group === group && one.version === version)),
          freshness: 'Current',
        })),
      })),
    };
    const type = `application/json;g=apidiscovery.k8s.io;v=${wanted};as=APIGroupDiscoveryList`;
    await answerText(exchange, 200, `${JSON.stringify(body)}\n`, type);
    return;
  }
  if (root === 'api') {
    const address = String(exchange.incoming.headers.host ?? '');
    const serverAddressByClientCIDRs = [{ clientCIDR: '0.0.0.0/0', serverAddress: address }];
    await answerJson(exchange, 200, { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs });
    return;
  }
  const list = groups.map(([group, versions]) => groupOf(group, versions));
  await answerJson(exchange, 200, { kind: 'APIGroupList', apiVersion: 'v1', groups: list });
}

async function answerGroup(exchange: Exchange, served: readonly ResourceType[], name: string): Promise<void> {
  const found = groupsOf(served).find(([group]) => group === name);
  if (found === undefined) return answerNotFoundPage(exchange);
  await answerJson(exchange, 200, { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(name, found[1]) });
}

async function answerResources(
  exchange: Exchange,
  served: readonly ResourceType[],
  group: string,
  version: string,
): Promise<void> {
  const kinds = served.filter((one) => one.group === group && one.version === version);
  if (kinds.length === 0) return answerNotFoundPage(exchange);
  const resources = kinds.flatMap(listedOf);
  if (!kinds.some((kind) => kind.custom)) resources.sort((a, b) => (a.name < b.name ? -1 : 1));
  await answerJson(exchange, 200, {
    kind: 'APIResourceList',
    ...(group === '' ? {} : { apiVersion: 'v1' }),
    groupVersion: group === '' ? version : `${group}/${version}`,
    resources,
  });
}

/** Core first, then as they were registered; the preferred version of each group first. */
function groupsOf(served: readonly ResourceType[]): [string, string[]][] {
  const groups = new Map<string, string[]>();
  for (const { group, version } of served) {
    const versions = groups.get(group) ?? [];
    if (!versions.includes(version)) versions.push(version);
    groups.set(group, versions);
  }
  return [...groups].map(([group, versions]) => [group, versions.sort(byMaturity)]);
}

/** v2 before v1 before v2beta1 before v2alpha1. */
function byMaturity(left: string, right: string): number {
  const rank = (version: string) => {
    const [, major = '0', stage = '', minor = '0'] = /^v(\d+)(alpha|beta)?(\d*)$/.exec(version) ?? [];
    return (stage === '' ? 2 : stage === 'beta' ? 1 : 0) * 1e6 + Number(major) * 1e3 + Number(minor);
  };
  return rank(right) - rank(left);
}

function groupOf(name: string, versions: readonly string[]) {
  const told = versions.map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions: told, preferredVersion: told[0] };
}

function listedOf(resource: ResourceType): Listed[] {
  const main: Listed = {
    name: resource.plural,
    singularName: resource.singular,
    namespaced: resource.namespaced,
    kind: resource.kind,
    verbs: verbsOf(resource),
    ...(resource.shortNames.length === 0 ? {} : { shortNames: resource.shortNames }),
    ...((resource.categories ?? []).length === 0 ? {} : { categories: resource.categories ?? [] }),
    ...(isReview(resource) ? {} : { storageVersionHash: storageHash(resource) }),
  };
  return [
    main,
    ...resource.subresources.map((subresource) => {
      const { kind, group, version, verbs } = subresourceOf(resource, subresource);
      return {
        name: `${resource.plural}/${subresource}`,
        singularName: '',
        namespaced: resource.namespaced,
        ...(group === undefined ? {} : { group }),
        ...(version === undefined ? {} : { version }),
        kind,
        verbs,
      };
    }),
  ];
}

function aggregated(kinds: readonly ResourceType[]): object[] {
  return kinds.map((resource) => {
    const custom = (kind: string, group?: string, version?: string) => ({
      group: group ?? (resource.custom ? resource.group : ''),
      version: version ?? (resource.custom ? resource.version : ''),
      kind,
    });
    const subresources = resource.subresources.map((subresource) => {
      const { kind, group, version, verbs } = subresourceOf(resource, subresource);
      return { subresource, responseKind: custom(kind, group, version), verbs };
    });
    return {
      resource: resource.plural,
      responseKind: custom(resource.kind),
      scope: resource.namespaced ? 'Namespaced' : 'Cluster',
      singularResource: resource.singular,
      verbs: verbsOf(resource),
      ...(resource.shortNames.length === 0 ? {} : { shortNames: resource.shortNames }),
      ...((resource.categories ?? []).length === 0 ? {} : { categories: resource.categories }),
      ...(subresources.length === 0 ? {} : { subresources }),
    };
  });
}

function verbsOf(resource: ResourceType): readonly string[] {
  if (isReview(resource)) return ['create'];
  if (resource.custom) return customVerbs;
  return resource.kind === 'Namespace' ? builtInVerbs.filter((verb) => verb !== 'deletecollection') : builtInVerbs;
}

function subresourceOf(
  resource: ResourceType,
  subresource: string,
): { kind: string; group?: string; version?: string; verbs: readonly string[] } {
  const changed = ['get', 'patch', 'update'];
  const proxied = ['create', 'delete', 'get', 'patch', 'update'];
  const connected = ['create', 'get'];
  switch (subresource) {
    case 'scale':
      return { kind: 'Scale', group: 'autoscaling', version: 'v1', verbs: changed };
    case 'eviction':
      return { kind: 'Eviction', group: 'policy', version: 'v1', verbs: ['create'] };
    case 'binding':
      return { kind: 'Binding', verbs: ['create'] };
    case 'token':
      return { kind: 'TokenRequest', group: 'authentication.k8s.io', version: 'v1', verbs: ['create'] };
    case 'finalize':
      return { kind: resource.kind, verbs: ['update'] };
    case 'log':
      return { kind: resource.kind, verbs: ['get'] };
    case 'exec':
    case 'attach':
      return { kind: `Pod${subresource[0]?.toUpperCase()}${subresource.slice(1)}Options`, verbs: connected };
    case 'portforward':
      return { kind: 'PodPortForwardOptions', verbs: connected };
    case 'proxy':
      return { kind: `${resource.kind}ProxyOptions`, verbs: proxied };
    default:
      return { kind: resource.kind, verbs: changed };
  }
}

function isReview(resource: ResourceType): boolean {
  return reviewResources.includes(resource);
}

function storageHash(resource: ResourceType): string {
  const stored = versionOf({ ...resource, ...(resource.storedAs ?? {}) });
  return createHash('sha256').update(`${stored}/${resource.kind}`).digest('base64').slice(0, 11).concat('=');
}
