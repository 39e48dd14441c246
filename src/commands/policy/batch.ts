import { UserError } from '../../errors.ts';
import { list, record, text } from '../../model/objects/raw.ts';
import type { RawObject } from '../../model/objects/row.ts';
import type { Peer } from '../../model/policies/ends.ts';
import { type FactsOptions, objectKey, readFacts } from '../../model/policies/read-facts.ts';
import type { Protocol } from '../../model/policies/rule.ts';
import { createEngine, type Engine, type Question } from '../../model/policies/verdict.ts';
import { objectsOf, parseManifests } from './manifests.ts';

/** One state and what is asked about it, as a line of `--jsonl` or a `--batch` gives it. */
export type Batch = {
  name: string;
  /** As written, '' where the batch does not say. */
  version: string;
  dialect: FactsOptions['dialect'];
  /** What the state holds; undefined where the batch has none and takes what the command is given. */
  objects: readonly RawObject[] | undefined;
  /** A folder to read besides, '' for none. */
  folder: string;
  whatIf: { apply: readonly RawObject[]; remove: readonly string[] } | undefined;
  probes: readonly Probe[];
};

export type Probe = { id: string; question: Question };

export type Preset = { version: string; dialect: string };

/** Reads a batch. Throws a UserError that says what is wrong where. */
export function parseBatch(value: unknown, preset: Preset): Batch {
  const raw = objectAt(value, 'the batch');
  if (raw.version !== 1) throw new UserError('The batch has no "version": 1.', 'It is the only format there is.');
  const state = raw.state === undefined ? undefined : objectAt(raw.state, 'state');
  const whatIf = raw.whatIf === undefined ? undefined : objectAt(raw.whatIf, 'whatIf');
  return {
    name: text(raw.name),
    version: text(raw.ciliumVersion) || preset.version,
    dialect: dialectOf(raw.dialect ?? preset.dialect),
    objects: state && [
      ...arrayAt(state.objects, 'state.objects').flatMap((one, index) => objectsOf(one, `state.objects[${index}]`)),
      ...manifestsAt(state.manifests, 'state.manifests'),
    ],
    folder: state ? text(state.dir, 4_096) : '',
    whatIf: whatIf && {
      apply: manifestsAt(whatIf.apply, 'whatIf.apply'),
      remove: arrayAt(whatIf.delete, 'whatIf.delete').map((one) => objectKey(withMetadata(record(one)))),
    },
    probes: arrayAt(raw.probes, 'probes').map(parseProbe),
  };
}

function withMetadata({ kind, namespace, name }: RawObject): RawObject {
  return { kind, metadata: { namespace, name } };
}

function dialectOf(value: unknown): FactsOptions['dialect'] {
  if (value === undefined || value === 'cilium') return 'cilium';
  if (value === 'generic') return 'generic';
  throw new UserError(`"${text(value)}" is no dialect.`, 'Give cilium or generic.');
}

function parseProbe(value: unknown, index: number): Probe {
  const at = `probes[${index}]`;
  const raw = objectAt(value, at);
  const { id = String(index), from, to, port, protocol = 'TCP' } = raw;
  return {
    id: text(id),
    question: {
      from: parsePeer(from, `${at}.from`),
      to: parsePeer(to, `${at}.to`),
      port: parsePort(port, `${at}.port`),
      protocol: parseProtocol(protocol, `${at}.protocol`),
    },
  };
}

export function parsePort(value: unknown, name: string): number {
  const port = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof port === 'number' && Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new UserError(`${name}: ${value === undefined ? 'missing' : `"${text(value)}"`} is no port.`);
}

export function parseProtocol(value: unknown, name: string): Protocol {
  const upper = text(value).toUpperCase();
  if (upper === 'TCP' || upper === 'UDP' || upper === 'SCTP' || upper === 'ICMP') return upper;
  throw new UserError(`${name}: "${text(value)}" is no protocol.`, 'Give TCP, UDP, SCTP or ICMP.');
}

/** `{pod}`, `{ip}`, `{entity}`, `{fqdn, ip?}`, or one of their short forms as text: `ns/pod`, `ip:…`, `fqdn:NAME@IP`. */
export function parsePeer(value: unknown, name: string): Peer {
  if (typeof value === 'string') return shortPeer(text(value, 600));
  const { pod, ip, entity, fqdn } = objectAt(value, name);
  if (typeof fqdn === 'string') return { fqdn: text(fqdn), ...(typeof ip === 'string' ? { ip: text(ip, 60) } : {}) };
  if (typeof pod === 'string') return { pod: text(pod, 600) };
  if (typeof ip === 'string') return { ip: text(ip, 60) };
  if (typeof entity === 'string') return { entity: text(entity, 60) };
  throw new UserError(`${name} names no peer.`, 'Give one of pod, ip, entity and fqdn.');
}

function shortPeer(short: string): Peer {
  if (short.startsWith('ip:')) return { ip: short.slice(3) };
  if (short.startsWith('entity:')) return { entity: short.slice(7) };
  if (!short.startsWith('fqdn:')) return { pod: short };
  const [fqdn = '', ip] = short.slice(5).split('@');
  return { fqdn, ...(ip === undefined ? {} : { ip }) };
}

/** The engine for a state, and the one for the state the what-if asks about. Throws a UserError for a bad state. */
export function enginesOf(
  batch: Batch,
  objects: readonly RawObject[],
  version: string,
  live = false,
): { now: Engine; before: Engine | undefined } {
  const options = { version, dialect: batch.dialect, live };
  const now = engineOf(objects, options);
  if (!batch.whatIf) return { now, before: undefined };
  const { apply, remove } = batch.whatIf;
  const known = new Set(objects.map(objectKey));
  const missing = remove.find((key) => !known.has(key));
  if (missing !== undefined) throw new UserError(`whatIf.delete: there is no ${missing.replace('|', ' ')}.`);
  const gone = new Set([...remove, ...apply.map(objectKey)]);
  const after = [...objects.filter((one) => !gone.has(objectKey(one))), ...apply];
  return { now: engineOf(after, options), before: now };
}

function engineOf(objects: readonly RawObject[], options: FactsOptions): Engine {
  const facts = readFacts(objects, options);
  const [problem] = facts.problems;
  if (problem !== undefined) throw new UserError(`In the state ${problem}.`, 'Mend that, or leave it out.');
  return createEngine(facts);
}

function manifestsAt(value: unknown, name: string): readonly RawObject[] {
  return arrayAt(value, name).flatMap((one, index) => {
    if (typeof one !== 'string') throw new UserError(`${name}[${index}] is no text.`, 'Give YAML as text.');
    return parseManifests(one, `${name}[${index}]`);
  });
}

function objectAt(value: unknown, name: string): RawObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as RawObject;
  throw new UserError(`${name} is no object.`);
}

function arrayAt(value: unknown, name: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return list(value, Number.POSITIVE_INFINITY);
  throw new UserError(`${name} is no list.`);
}
