import { at, count, record, text } from '../objects/raw.ts';
import type { RawObject } from '../objects/row.ts';
import type { Drop } from './agent-says.ts';
import { dropCodes } from './drop-codes.ts';
import { saidJson } from './said-json.ts';

/** A line of `cilium-dbg monitor --type drop -j`, which says neither node nor time; undefined = no drop. */
export function readDrop(line: string, node: string, now: number): Drop | undefined {
  if (!line.includes('{')) return undefined;
  const drop = record(saidJson(line));
  if (drop['type'] !== 'drop') return undefined;
  const summary = record(drop['summary']);
  const destination = count(drop['dstID']);
  const source = count(drop['source']);
  return {
    node,
    at: now,
    reason: reasonOf(drop),
    source: {
      identity: count(drop['srcLabel']),
      address: text(at(summary, 'l3', 'src')),
      port: portOf(at(summary, 'l4', 'src')),
      endpoint: source,
    },
    destination: {
      identity: count(drop['dstLabel']),
      address: text(at(summary, 'l3', 'dst')),
      port: portOf(at(summary, 'l4', 'dst')),
    },
    protocol: protocolOf(summary),
    // The endpoint it was on its way to is only named where it was dropped on the way in.
    ingress: destination > 0 ? true : source > 0 ? false : undefined,
  };
}

/** In words, in a number as text, or, before words were written, in a number of its own. */
function reasonOf(drop: RawObject): string {
  const said = text(drop['reason']) || text(drop['reason-code'] === undefined ? '' : String(drop['reason-code']));
  const code = Number(said || drop['reason']);
  return Number.isInteger(code) ? (dropCodes[code] ?? `reason ${code}`) : said;
}

/** `53`, or `53(domain)`. */
function portOf(value: unknown): number {
  return Number(/^\d+/.exec(String(value ?? ''))?.[0] ?? 0);
}

function protocolOf(summary: RawObject): string {
  const known = ['tcp', 'udp', 'sctp', 'icmpv4', 'icmpv6'].find((name) => name in summary);
  return { tcp: 'TCP', udp: 'UDP', sctp: 'SCTP', icmpv4: 'ICMP', icmpv6: 'ICMPv6' }[known ?? ''] ?? '';
}
