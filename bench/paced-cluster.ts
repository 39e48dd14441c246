// A cluster whose changes cost its server next to nothing, so that what is measured is the client: pods, endpoints and
// slices are made from one object each of an embedded cluster, everything else that is asked goes to that cluster.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { createAuthority } from '../src/simulator/api/certificates.ts';
import { kubeconfigText } from '../src/simulator/kubeconfig.ts';
import { type Simulator, startSimulator } from './simulator.ts';

export const PODS = 100_000;
const perSlice = 100;
const namespaces = 100;
const turnMs = 20;

type Bulk = { path: string; count: number; object(index: number, version: number): string; open: Set<ServerResponse> };

const simulator = await startSimulator('--scenario', 'healthy', '--nodes', '1000', '--pods', '200', '--churn', '0');
const dispatcher = new Agent({ connect: { ca: simulator.ca } });
const kinds = await bulks(simulator, dispatcher);
const authority = await createAuthority();
const server = createServer(await authority.issue('valid'), (asked, answer) => void serve(asked, answer));
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const folder = mkdtempSync(join(tmpdir(), 'ciliscope-bench-'));
const kubeconfig = join(folder, 'kubeconfig');
const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
const { token } = simulator;
const tokens = { admin: token, reader: token, namespace: token, expired: token };
writeFileSync(kubeconfig, kubeconfigText({ url, ca: authority.ca, tokens, namespace: 'ns1' }), { mode: 0o600 });
let version = 1_000_000;
let perSecond = 0;
let owed = 0;
let last = performance.now();
let sent = 0;
setInterval(turn, turnMs);
process.on('message', (pace: number) => {
  process.send?.({ sent });
  sent = 0;
  perSecond = pace;
  last = performance.now();
});
process.once('disconnect', async () => {
  await simulator.stop();
  rmSync(folder, { recursive: true, force: true });
  process.exit(0);
});
process.send?.({ kubeconfig });

async function serve(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(asked.url ?? '/', url);
  const bulk = kinds.find((kind) => kind.path === pathname);
  if (bulk === undefined) return forward(asked, answer);
  answer.setHeader('content-type', 'application/json');
  if (searchParams.get('watch') === null) list(bulk, searchParams, answer);
  else await watch(bulk, searchParams, answer);
}

/** Everything but the bulk is the embedded cluster's own answer. */
async function forward(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
  const gone = new AbortController();
  answer.once('close', () => gone.abort());
  try {
    const { authorization, accept } = asked.headers;
    const { statusCode, headers, body } = await request(`${simulator.url}${asked.url}`, {
      method: asked.method as 'GET',
      dispatcher,
      headers: { ...(authorization && { authorization }), ...(accept && { accept }) },
      ...(asked.method === 'GET' ? {} : { body: asked }),
      bodyTimeout: 0,
      signal: gone.signal,
    });
    answer.writeHead(statusCode, { 'content-type': String(headers['content-type']) });
    for await (const chunk of body) answer.write(chunk);
    answer.end();
  } catch {
    answer.destroy();
  }
}

function list(bulk: Bulk, query: URLSearchParams, answer: ServerResponse): void {
  const first = Number(query.get('continue') ?? 0);
  const end = Math.min(bulk.count, first + Number(query.get('limit') ?? bulk.count));
  const next = end < bulk.count ? `,"continue":"${end}","remainingItemCount":${bulk.count - end}` : '';
  const items = Array.from({ length: end - first }, (_, index) => bulk.object(first + index, first + index + 1));
  answer.end(`{"metadata":{"resourceVersion":"${version}"${next}},"items":[${items.join(',')}]}`);
}

async function watch(bulk: Bulk, query: URLSearchParams, answer: ServerResponse): Promise<void> {
  answer.flushHeaders();
  if (query.get('sendInitialEvents') === 'true') {
    for (let index = 0; index < bulk.count && !answer.destroyed; index += 1) {
      const free = answer.write(`{"type":"ADDED","object":${bulk.object(index, index + 1)}}\n`);
      if (!free) await drained(answer);
    }
    answer.write(bookmark(',"annotations":{"k8s.io/initial-events-end":"true"}'));
  }
  bulk.open.add(answer);
  answer.once('close', () => bulk.open.delete(answer));
}

/** Until more can be written, or nobody reads any more. */
function drained(answer: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      answer.off('drain', done).off('close', done);
      resolve();
    };
    answer.on('drain', done).on('close', done);
  });
}

function bookmark(more = ''): string {
  return `{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"${version}"${more}}}}\n`;
}

/** Of a hundred changes sixty are of endpoints, thirty-nine of pods, one of a slice with a hundred entries. */
function turn(): void {
  const now = performance.now();
  owed += (perSecond * (now - last)) / 1_000;
  last = now;
  const lines = kinds.map((): string[] => []);
  for (; owed >= 1; owed -= 1) {
    version += 1;
    const place = version % 100;
    const which = place === 0 ? 2 : place < 40 ? 1 : 0;
    const kind = kinds[which] as Bulk;
    // A prime step: the changes wander over all namespaces and nodes.
    const index = (version * 7_919) % kind.count;
    lines[which]?.push(`{"type":"MODIFIED","object":${kind.object(index, version)}}\n`);
    sent += 1;
  }
  for (const [which, text] of lines.entries()) {
    if (text.length > 0) for (const answer of kinds[which]?.open ?? []) answer.write(text.join(''));
  }
}

type Json = { items: Record<string, unknown>[] };

/** One real object of each kind becomes a text with places for what differs. */
async function bulks({ url: from, token: bearer }: Simulator, agent: Agent): Promise<Bulk[]> {
  const get = async (path: string) => {
    const { body } = await request(`${from}${path}`, {
      dispatcher: agent,
      headers: { authorization: `Bearer ${bearer}` },
    });
    return (await body.json()) as Json;
  };
  const nodes = (await get('/api/v1/nodes')).items.map((node) => ({
    name: (node['metadata'] as { name: string }).name,
    ip: (node['status'] as { addresses: { type: string; address: string }[] }).addresses.find(
      ({ type }) => type === 'InternalIP',
    )?.address,
  }));
  const nodeOf = (index: number) => nodes[index % nodes.length] ?? { name: '', ip: '' };
  const pods = await get('/api/v1/pods?fieldSelector=metadata.namespace!%3Dkube-system&limit=1');
  const endpoints = await get('/apis/cilium.io/v2/ciliumendpoints?fieldSelector=metadata.namespace!%3Dkube-system');
  const slices = await get('/apis/cilium.io/v2alpha1/ciliumendpointslices?limit=1');
  const pod = pattern(pods.items[0] ?? {}, {
    metadata: { name: '$name', namespace: '$namespace', uid: '$uid', resourceVersion: '$version' },
    spec: { nodeName: '$node' },
    status: {
      podIP: '$ip',
      podIPs: [{ ip: '$ip' }],
      hostIP: '$host',
      conditions: [{ type: 'Ready', status: '$ready', lastTransitionTime: new Date().toISOString() }],
    },
  });
  const application = endpoints.items.find(
    (one) => (one['metadata'] as { namespace: string }).namespace !== 'kube-system',
  );
  const endpoint = pattern(application ?? {}, {
    metadata: {
      name: '$name',
      namespace: '$namespace',
      uid: '$uid',
      resourceVersion: '$version',
      ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: '$name', uid: '$owner' }],
    },
    status: { state: '$state', networking: { addressing: [{ ipv4: '$ip' }], node: '$host' } },
  });
  const whole = slices.items[0] ?? {};
  const { identity } = (application?.['status'] ?? {}) as { identity?: { id: number } };
  const entry = pattern(
    { encryption: {}, id: identity?.id ?? 0, name: '$name' },
    {
      networking: { addressing: [{ ipv4: '$ip' }], node: '$host' },
    },
  );
  const slice = pattern(
    { ...whole, endpoints: '$entries' },
    {
      metadata: { name: '$slice', uid: '$uid', resourceVersion: '$version' },
      namespace: '$namespace',
    },
  );
  const facts = (index: number, at: number, prefix: string) => ({
    name: `web-7d9f8c6b5-${index.toString(36).padStart(5, '0')}`,
    namespace: `ns${index % namespaces}`,
    uid: `${prefix}0000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    owner: `aaaa0000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    version: String(at),
    node: nodeOf(index).name,
    host: nodeOf(index).ip ?? '',
    ip: `10.${64 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`,
    ready: at % 3 > 0 || at <= PODS ? 'True' : 'False',
    state: at % 2 === 0 || at <= PODS ? 'ready' : 'regenerating',
  });
  return [
    bulk('/apis/cilium.io/v2/ciliumendpoints', PODS, (index, at) => endpoint(facts(index, at, 'bbbb'))),
    bulk('/api/v1/pods', PODS, (index, at) => pod(facts(index, at, 'aaaa'))),
    bulk('/apis/cilium.io/v2alpha1/ciliumendpointslices', PODS / perSlice, (index, at) => {
      // A slice holds pods of one namespace.
      const entries = Array.from({ length: perSlice }, (_, place) =>
        entry(facts((index % namespaces) + namespaces * (Math.floor(index / namespaces) * perSlice + place), at, '')),
      );
      const own = {
        ...facts(index % namespaces, at, ''),
        uid: `cccc0000-0000-4000-8000-${index}`,
        slice: `ces-${index}`,
      };
      return slice(own).replace('"$entries"', `[${entries.join(',')}]`);
    }),
  ];
}

function bulk(path: string, count: number, object: Bulk['object']): Bulk {
  return { path, count, object, open: new Set() };
}

/** The object with `more` laid over it, as a text of which every `$word` is filled in. */
function pattern(
  object: Record<string, unknown>,
  more: Record<string, unknown>,
): (facts: Record<string, string>) => string {
  const parts = JSON.stringify(laidOver(object, more)).split(
    /\$(name|namespace|uid|owner|version|node|host|ip|ready|state|slice)(?=")/,
  );
  return (facts) => parts.map((part, place) => (place % 2 === 0 ? part : (facts[part] ?? ''))).join('');
}

function laidOver(object: Record<string, unknown>, more: Record<string, unknown>): Record<string, unknown> {
  const merged = { ...object };
  for (const [key, value] of Object.entries(more)) {
    const old = merged[key];
    const deep = isPlain(old) && isPlain(value);
    merged[key] = deep ? laidOver(old, value) : value;
  }
  return merged;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
