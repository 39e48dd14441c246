import type { ApiResource } from '../../model/asks.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import type { ApiClient } from './api-client.ts';

export type Discovery = { resources(client: ApiClient, signal: AbortSignal): Promise<readonly ApiResource[]> };

const freshMs = 60_000;
const aggregated = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .join(',');

/** All kinds of a server, preferred versions only; two requests where it knows aggregated discovery. */
export function createDiscovery(): Discovery {
  let kept: { client: ApiClient; at: number; resources: readonly ApiResource[] } | undefined;
  return {
    async resources(client, signal) {
      if (kept?.client === client && Date.now() - kept.at < freshMs) return kept.resources;
      let whole = true;
      const miss = () => {
        whole = false;
      };
      const roots = ['/api', '/apis'] as const;
      const resources = (await Promise.all(roots.map((path) => read(client, path, miss, signal)))).flat();
      // A group whose own server is down comes back with it: that it has no kinds is not remembered.
      kept = whole ? { client, at: Date.now(), resources } : undefined;
      return resources;
    },
  };
}

/** `miss` hears that a group did not tell its kinds. */
async function read(
  client: ApiClient,
  path: '/api' | '/apis',
  miss: () => void,
  signal: AbortSignal,
): Promise<ApiResource[]> {
  const ask = { verb: 'GET', resource: path.slice(1), path, accept: `${aggregated},application/json`, signal };
  const answer = (await client.json(ask)) as AggregatedList | LegacyGroups;
  if ('items' in answer && Array.isArray(answer.items)) {
    if (answer.items.some(({ versions }) => versions?.some(({ freshness }) => freshness === 'Stale'))) miss();
    return answer.items.flatMap(fromAggregated);
  }
  return readLegacy(client, answer as LegacyGroups, miss, signal);
}

type AggregatedResource = {
  resource?: string;
  responseKind?: { kind?: string };
  scope?: string;
  singularResource?: string;
  shortNames?: string[];
  verbs?: string[];
};
type AggregatedGroup = {
  metadata?: { name?: string };
  versions?: { version?: string; freshness?: string; resources?: AggregatedResource[] }[];
};
type AggregatedList = { items?: AggregatedGroup[] };

function fromAggregated(group: AggregatedGroup): ApiResource[] {
  const seen = new Set<string>();
  // The first version that has a kind is the preferred one.
  return (group.versions ?? []).flatMap((version) =>
    (version.resources ?? [])
      .filter((resource) => resource.resource && !seen.has(resource.resource) && seen.add(resource.resource))
      .map((resource) =>
        apiResource(group.metadata?.name ?? '', version.version ?? '', {
          name: resource.resource,
          kind: resource.responseKind?.kind,
          namespaced: resource.scope === 'Namespaced',
          singularName: resource.singularResource,
          shortNames: resource.shortNames,
          verbs: resource.verbs,
        }),
      ),
  );
}

type LegacyGroups = {
  versions?: string[];
  groups?: { name?: string; versions?: { version?: string }[] }[];
};
type LegacyResource = {
  name?: string | undefined;
  kind?: string | undefined;
  namespaced?: boolean | undefined;
  singularName?: string | undefined;
  shortNames?: string[] | undefined;
  verbs?: string[] | undefined;
};

async function readLegacy(
  client: ApiClient,
  answer: LegacyGroups,
  miss: () => void,
  signal: AbortSignal,
): Promise<ApiResource[]> {
  const groups = answer.groups ?? [{ name: '', versions: (answer.versions ?? []).map((version) => ({ version })) }];
  const lists = await Promise.all(
    groups.map((group) => readGroup(client, group.name ?? '', group.versions ?? [], miss, signal)),
  );
  return lists.flat();
}

async function readGroup(
  client: ApiClient,
  group: string,
  versions: readonly { version?: string }[],
  miss: () => void,
  signal: AbortSignal,
): Promise<ApiResource[]> {
  const seen = new Set<string>();
  const found: ApiResource[] = [];
  for (const { version = '' } of versions) {
    const path = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
    // One group whose own server is down (metrics, say) must not hide all the others.
    const answer = (await client.json({ verb: 'GET', resource: 'apis', path, signal }).catch(miss)) as
      | { resources?: LegacyResource[] }
      | undefined;
    // Whoever leaves half-way has not found the rest missing: that must not be remembered.
    signal.throwIfAborted();
    for (const resource of answer?.resources ?? []) {
      if (!resource.name || resource.name.includes('/') || seen.has(resource.name)) continue;
      seen.add(resource.name);
      found.push(apiResource(group, version, resource));
    }
  }
  return found;
}

function apiResource(group: string, version: string, resource: LegacyResource): ApiResource {
  const plural = sanitiseLine(resource.name, 253);
  const kind = sanitiseLine(resource.kind, 253);
  return {
    group: sanitiseLine(group, 253),
    version: sanitiseLine(version, 63),
    kind,
    plural,
    singular: sanitiseLine(resource.singularName, 253) || kind.toLowerCase(),
    shortNames: (resource.shortNames ?? []).map((name) => sanitiseLine(name, 63)),
    namespaced: resource.namespaced === true,
    verbs: (resource.verbs ?? []).map((verb) => sanitiseLine(verb, 63)),
  };
}
