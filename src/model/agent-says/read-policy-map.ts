import { count, list, record, text } from '../objects/raw.ts';
import type { RawObject } from '../objects/row.ts';
import type { PolicyMapEntry } from './agent-says.ts';
import { saidJson } from './said-json.ts';

/** `cilium-dbg bpf policy get ID -o json`: the entries of one endpoint's map. */
export function readPolicyMap(output: string): readonly PolicyMapEntry[] | undefined {
  const said = saidJson(output);
  if (said === undefined) return undefined;
  return entriesOf(said);
}

/**
 * `cilium-dbg bpf policy get --all -o json`: the maps by endpoint id. Undefined also where this version answers `--all`
 * in a form that does not say whose entries they are.
 */
export function readPolicyMaps(output: string): ReadonlyMap<number, readonly PolicyMapEntry[]> | undefined {
  if (/^\s*no maps found/m.test(output)) return new Map();
  const said = saidJson(output);
  if (!Array.isArray(said)) return undefined;
  const maps = new Map<number, readonly PolicyMapEntry[]>();
  for (const one of list(said, 20_000).map(record)) {
    if (!('Content' in one) && !('content' in one)) return undefined;
    maps.set(endpointOf(one), entriesOf(one['Content'] ?? one['content']));
  }
  return maps;
}

/** By its number, or by the file's name, which ends with it: `cilium_policy_v2_01234`. */
function endpointOf(map: RawObject): number {
  const id = count(map['EndpointID'] ?? map['endpoint-id']);
  return id > 0 ? id : Number(/_(\d+)$/.exec(text(map['Path'] ?? map['path']))?.[1] ?? 0);
}

function entriesOf(said: unknown): readonly PolicyMapEntry[] {
  return list(said, 200_000).map(record).map(readEntry);
}

const protocols: Readonly<Record<number, string>> = { 1: 'ICMP', 6: 'TCP', 17: 'UDP', 58: 'ICMPv6', 132: 'SCTP' };

/** The Go struct as it lies in the map: numbers of ports are in the order of the network's bytes. */
function readEntry(entry: RawObject): PolicyMapEntry {
  const key = record(entry['Key'] ?? entry['key']);
  const value = { ...record(entry['Value'] ?? entry['value']), ...entry };
  const swapped = (number: unknown) => {
    const port = count(number);
    return ((port & 0xff) << 8) | ((port >> 8) & 0xff);
  };
  const said = 'direction' in entry ? text(entry['direction']).toLowerCase() : undefined;
  const number = count(key['Nexthdr'] ?? key['nexthdr']);
  const port = 'port' in entry ? count(entry['port']) : swapped(key['DestPortNetwork'] ?? key['DestPort']);
  return {
    direction:
      (said ?? (count(key['TrafficDirection'] ?? key['egress']) === 1 ? 'egress' : 'ingress')) === 'egress'
        ? 'egress'
        : 'ingress',
    identity: count(entry['identity'] ?? key['Identity'] ?? key['SecurityIdentity'] ?? key['sec_label']),
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
