import { parseAllDocuments } from 'yaml';
import { createChecks } from '../../src/checks/run.ts';
import type { Change } from '../../src/model/change.ts';
import type { Facts } from '../../src/model/facts.ts';
import type { Finding, Judgement } from '../../src/model/finding.ts';
import { createIntern } from '../../src/model/intern.ts';
import { type KindId, kinds } from '../../src/model/kinds.ts';
import type { Link, SourceId } from '../../src/model/link.ts';
import { apply, emptySnapshot, type Snapshot } from '../../src/model/snapshot.ts';
import { type AzureGiven, azureChanges } from './azure-facts.ts';
import { ago, healthyCluster, now, type Raw } from './healthy-cluster.ts';

export type Given = {
  /** YAML laid over the healthy cluster: objects are merged by kind, namespace and name; `removed: true` takes one out. */
  over?: string | readonly string[];
  /** More objects, as they are. */
  also?: readonly Raw[];
  kubernetes?: string;
  links?: Partial<Record<SourceId, Link['phase']>>;
  /** Known besides objects, each from a live source. */
  facts?: Partial<Facts>;
  /** Start from nothing rather than from the healthy cluster. */
  bare?: boolean;
  /** What Azure says; left out = it was not asked. */
  azure?: AzureGiven;
};

/** The snapshot of these objects, through the projections every object goes through. */
export function given({
  over = '',
  also = [],
  kubernetes = 'v1.34.2',
  links = {},
  facts = {},
  bare = false,
  azure = null,
}: Given = {}): Snapshot {
  const objects = new Map<string, Raw>();
  for (const object of [...(bare ? [] : healthyCluster()), ...also]) objects.set(keyOf(object), object);
  for (const patch of [over].flat().flatMap(parse)) {
    const key = keyOf(patch);
    if (patch['removed'] === true) {
      if (!objects.delete(key)) throw new Error(`nothing to remove: ${key}`);
    } else objects.set(key, merge(objects.get(key), patch) as Raw);
  }
  const intern = createIntern();
  const changes: Change[] = [
    { type: 'cluster', cluster: { kubernetesVersion: kubernetes, context: 'test' } },
    ...(Object.keys(kinds) as KindId[]).map((kind): Change => {
      const rows = [...objects.values()]
        .filter((object) => object['kind'] === kinds[kind].kind && groupOf(object) === kinds[kind].group)
        .map((object) => kinds[kind].project(object, intern));
      return { type: 'put', kind, rows, at: now } as Change;
    }),
    ...([...Object.keys(kinds), 'systemPods'] as SourceId[]).map(
      (source): Change => ({ type: 'link', source, link: { phase: links[source] ?? 'live', heard: now } }),
    ),
    ...Object.entries(facts).map(
      ([fact, value]) => ({ type: 'fact', fact, value, at: now, link: { phase: 'live', heard: now } }) as Change,
    ),
    ...azureChanges(azure, merge),
  ];
  return apply(emptySnapshot(now), changes, now);
}

/** The verdict after suspects without a timestamp have stood long enough. */
export function judged(what: Given, at = now): Judgement {
  const snapshot = given(what);
  const runner = createChecks({ standMs: 1_000, everyLook: true });
  runner.judge(snapshot, at - 1_000);
  return runner.judge(snapshot, at);
}

/** What is told, a line each: `nodes/not-ready: 1 of 3 nodes not ready`. */
export function told(what: Given): string[] {
  return judged(what).findings.map(({ id, title }) => `${id}: ${title}`);
}

export function finding(what: Given, id: string): Finding {
  const found = judged(what).findings.find((one) => one.id === id);
  if (!found) throw new Error(`no ${id}; told were: ${told(what).join(' | ') || 'nothing'}`);
  return found;
}

/** `<90s ago>` in the text becomes the moment it means. */
function parse(text: string): Raw[] {
  const units: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
  const dated = text.replace(/<(\d+)([smhd]) ago>/g, (_, n, unit) => ago(Number(n) * (units[unit] ?? 0)));
  return parseAllDocuments(dated).flatMap((document) => {
    if (document.errors.length > 0) throw document.errors[0];
    const object = document.toJS() as Raw | null;
    return object === null ? [] : [object];
  });
}

const groups: Record<string, string> = {
  Node: '',
  Pod: '',
  ConfigMap: '',
  Service: '',
  Namespace: '',
  Event: '',
};

/** Cases may leave the apiVersion out where the kind says enough. */
function groupOf(object: Raw): string {
  const version = String(object['apiVersion'] ?? '');
  if (version.includes('/')) return version.split('/')[0] ?? '';
  if (version !== '' || String(object['kind']) in groups) return '';
  return Object.values(kinds).find(({ kind }) => kind === object['kind'])?.group ?? '';
}

function keyOf(object: Raw): string {
  const { name, namespace = '' } = object['metadata'] as Raw;
  return `${object['kind']}|${namespace}|${name}`;
}

/** Objects are merged, everything else replaced; null takes a field out. */
function merge(base: unknown, over: unknown): unknown {
  if (!isObject(base) || !isObject(over)) return over;
  const merged: Raw = { ...base };
  for (const [key, value] of Object.entries(over)) {
    if (value === null) delete merged[key];
    else merged[key] = merge(merged[key], value);
  }
  return merged;
}

function isObject(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
