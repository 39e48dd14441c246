// Who asked the API server for what: requests as they came, and what the world's own people and tools wrote.
import type { RequestEntry } from '../api/intercept.ts';
import { parseRequest } from '../api/request.ts';
import type { KubeObject } from '../cluster.ts';
import type { JournalEntry } from '../world/journal.ts';

export type Audited = {
  at: number;
  verb: string;
  user: { username: string; groups: readonly string[] };
  userAgent: string;
  sourceIps: readonly string[];
  uri: string;
  ref: { resource: string; namespace: string; name: string; apiGroup: string; apiVersion: string; subresource: string };
  code: number;
  request: KubeObject | undefined;
  response: KubeObject | undefined;
};

const READS = ['get', 'list', 'watch'];

export function isRead({ verb }: Audited): boolean {
  return READS.includes(verb);
}

/** `requests` of clients and `written` by whomever; what is in both is told once. */
export function audited(requests: readonly RequestEntry[], written: readonly JournalEntry[]): Audited[] {
  const left = new Set(written);
  const asked = requests.flatMap((entry): Audited[] => {
    const parsed = parseRequest(entry.method, entry.path);
    const { group, name, namespace, resource, subresource, verb, version } = parsed;
    if (resource === '' || entry.status === 0) return [];
    const at = Date.parse(entry.at);
    const nothingWritten = READS.includes(verb) || entry.status >= 400 || parsed.query.has('dryRun');
    const own = nothingWritten
      ? undefined
      : [...left].find((one) => one.resource === resource && one.group === group && isSame(one, namespace, name, at));
    if (own !== undefined) left.delete(own);
    return [
      {
        at,
        verb,
        user: { username: entry.user, groups: ['system:authenticated'] },
        userAgent: entry.userAgent,
        sourceIps: ['127.0.0.1'],
        uri: entry.path,
        ref: {
          resource,
          namespace,
          name: name || (own?.name ?? ''),
          apiGroup: group,
          apiVersion: version,
          subresource,
        },
        code: entry.status,
        request: own?.after,
        response: own?.after ?? own?.before,
      },
    ];
  });
  return [...asked, ...[...left].map(byHand)].sort((a, b) => a.at - b.at);
}

/** A created object has no name in its request's path. A request is dated by its start. */
function isSame(one: JournalEntry, namespace: string, name: string, at: number): boolean {
  return one.namespace === namespace && (name === '' || one.name === name) && Math.abs(one.at - at) < 5_000;
}

/** By the name they manage fields under. */
const WRITERS: Readonly<Record<string, { username: string; agent: string; from: string }>> = {
  'argocd-controller': {
    username: 'system:serviceaccount:argocd:argocd-application-controller',
    agent: 'argocd-application-controller/v0.0.0 (linux/amd64) kubernetes/$Format',
    from: '10.244.3.17',
  },
  Eno: { username: 'aksService', agent: 'eno-reconciler/v0.0.0 (linux/amd64)', from: '172.31.20.9' },
  kubectl: { username: 'ines.okafor@contoso.example', agent: 'kubectl/v1.34.1 (darwin/arm64)', from: '203.0.113.48' },
};
const CONTROLLER = {
  username: 'system:kube-controller-manager',
  agent: 'kube-controller-manager/v1.34.2 (linux/amd64)',
  from: '172.31.4.12',
};

function byHand(entry: JournalEntry): Audited {
  const { after, before, group, manager, name, namespace, resource } = entry;
  const person = manager.startsWith('kubectl');
  const writer = WRITERS[person ? 'kubectl' : manager] ?? CONTROLLER;
  const apiVersion = (after ?? before)?.apiVersion.split('/').at(-1) ?? 'v1';
  const verb = entry.verb === 'update' && writer !== CONTROLLER ? 'patch' : entry.verb;
  const prefix = group === '' ? `/api/${apiVersion}` : `/apis/${group}/${apiVersion}`;
  const place = `${prefix}${namespace === '' ? '' : `/namespaces/${namespace}`}/${resource}`;
  const query = manager === '' || verb === 'delete' ? '' : `?fieldManager=${encodeURIComponent(manager)}`;
  return {
    at: entry.at,
    verb,
    user: { username: writer.username, groups: ['system:authenticated'] },
    userAgent: writer.agent,
    sourceIps: [writer.from],
    uri: `${verb === 'create' ? place : `${place}/${name}`}${query}`,
    ref: { resource, namespace, name, apiGroup: group, apiVersion, subresource: '' },
    code: verb === 'create' ? 201 : 200,
    request: after,
    response: after ?? before,
  };
}
