import { count, list, record, text } from '../objects/raw.ts';
import type { RawObject } from '../objects/row.ts';
import type { PolicyMapEntry } from './agent-says.ts';
import { saidJson } from './said-json.ts';

/** `cilium-dbg bpf policy get ID -o json`: the entries of one endpoint's map. */
export function readPolicyMap(output: string): readonly PolicyMapEntry[] | undefined {
  return entriesOf(saidJson(output));
}

/**
 * `cilium-dbg bpf policy get --all -o json`: the maps by endpoint id. Undefined also where this version answers `--all`
 * in a form that does not say whose entries they are.
 */
export function readPolicyMaps(output: string): ReadonlyMap<number, readonly PolicyMapEntry[]> | undefined {
  if (/^\s*no maps found/m.test(output)) return new Map();
  const headed = underHeadings(output);
  const said = headed ?? saidJson(output);
  if (!Array.isArray(said)) return undefined;
  const maps = new Map<number, readonly PolicyMapEntry[]>();
  for (const one of list(said, 20_000).map(record)) {
    if (!('Content' in one) && !('content' in one)) return undefined;
    const entries = entriesOf('Content' in one ? one['Content'] : one['content']);
    if (entries === undefined) return undefined;
    maps.set(endpointOf(one), entries);
  }
  return maps;
}

/** Before 1.14 each map was a JSON of its own, below a line with the name of its file. */
function underHeadings(output: string): RawObject[] | undefined {
  const headings = [...output.matchAll(/^(\/\S*cilium_policy_\S*):[ \t]*$/gm)];
  if (headings.length === 0) return undefined;
  return headings.map((heading, place) => ({
    Path: heading[1],
    Content: saidJson(output.slice(heading.index + heading[0].length, headings[place + 1]?.index)),
  }));
}

/** By its number, or by the file's name, which ends with it: `cilium_policy_v2_01234`. */
function endpointOf(map: RawObject): number {
  const id = count(map['EndpointID'] ?? map['endpoint-id']);
  return id > 0 ? id : Number(/_(\d+)$/.exec(text(map['Path'] ?? map['path']))?.[1] ?? 0);
}

/** Go writes an empty list as null. Undefined where any of it is in no known form: what is not read is not absent. */
function entriesOf(said: unknown): readonly PolicyMapEntry[] | undefined {
  if (said !== null && !Array.isArray(said)) return undefined;
  const entries = list(said, 200_000).flatMap((entry) => readEntry(record(entry)) ?? []);
  return entries.length === (said?.length ?? 0) ? entries : undefined;
}

const protocols: Readonly<Record<number, string>> = { 1: 'ICMP', 6: 'TCP', 17: 'UDP', 58: 'ICMPv6', 132: 'SCTP' };

/** The Go struct as it lies in the map: numbers of ports are in the order of the network's bytes. */
function readEntry(entry: RawObject): PolicyMapEntry | undefined {
  const key = record(entry['Key'] ?? entry['key']);
  const value = { ...record(entry['Value'] ?? entry['value']), ...entry };
  const swapped = (number: unknown) => {
    const port = count(number);
    return ((port & 0xff) << 8) | ((port >> 8) & 0xff);
  };
  const identity = entry['identity'] ?? key['Identity'] ?? key['SecurityIdentity'] ?? key['sec_label'];
  if (identity === undefined) return undefined;
  const said = 'direction' in entry ? text(entry['direction']).toLowerCase() : undefined;
  const number = count(key['Nexthdr'] ?? key['nexthdr']);
  const port = 'port' in entry ? count(entry['port']) : swapped(key['DestPortNetwork'] ?? key['DestPort']);
  return {
    direction:
      (said ?? (count(key['TrafficDirection'] ?? key['egress']) === 1 ? 'egress' : 'ingress')) === 'egress'
        ? 'egress'
        : 'ingress',
    identity: count(identity),
    port,
    portBits: portBitsOf(key, port),
    protocol: text(entry['protocol']) || (protocols[number] ?? (number === 0 ? 'ANY' : String(number))),
    deny: entry['deny'] === true || (count(value['Flags']) & 1) === 1,
    proxyPort: swapped(value['ProxyPortNetwork'] ?? value['ProxyPort']),
    bytes: count(value['Bytes'] ?? value['bytes']),
    packets: count(value['Packets'] ?? value['packets']),
  };
}

/** Identity, direction and protocol are 48 bits; since ports may be ranges the key says how many of theirs count. */
function portBitsOf(key: RawObject, port: number): number {
  const length = count(key['Prefixlen']);
  return length === 0 ? (port === 0 ? 0 : 16) : Math.min(16, Math.max(0, length - 48));
}
