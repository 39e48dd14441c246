import { at, count, list, record, text, time } from '../objects/raw.ts';
import type { RawObject } from '../objects/row.ts';
import type { AgentFlow, FlowEnd } from './agent-says.ts';
import { dropCodes } from './drop-codes.ts';
import { saidJson } from './said-json.ts';

/**
 * A line of `hubble observe -o json` (the flow by itself) or `-o jsonpb` (within an answer, between which lost events are
 * told). Undefined: neither.
 */
export function readFlow(line: string): AgentFlow | { lost: number; node: string } | undefined {
  if (!line.includes('{')) return undefined;
  const answer = record(saidJson(line));
  if ('lost_events' in answer) {
    const lost = record(answer['lost_events']);
    return { lost: count(lost['num_events_lost']), node: text(answer['node_name']) };
  }
  const flow = 'flow' in answer ? record(answer['flow']) : answer;
  if (!('verdict' in flow)) return undefined;
  const [[protocol = '', ports] = []] = Object.entries(record(flow['l4']));
  const direction = text(flow['traffic_direction']);
  return {
    at: time(flow['time']) || time(answer['time']),
    node: text(flow['node_name']) || text(answer['node_name']),
    verdict: text(flow['verdict']),
    reason: text(flow['drop_reason_desc']) || (dropCodes[count(flow['drop_reason'])] ?? ''),
    source: endOf(record(flow['source']), at(flow, 'IP', 'source'), record(ports)['source_port']),
    destination: endOf(record(flow['destination']), at(flow, 'IP', 'destination'), record(ports)['destination_port']),
    protocol: text(protocol),
    ingress: direction === 'INGRESS' ? true : direction === 'EGRESS' ? false : undefined,
    reply: flow['is_reply'] === true,
    summary: summaryOf(flow),
    deniedBy: ['egress_denied_by', 'ingress_denied_by'].flatMap((name) =>
      list(flow[name])
        .map(record)
        .map((policy) => [text(policy['namespace']), text(policy['name'])].filter((part) => part !== '').join('/')),
    ),
  };
}

function endOf(end: RawObject, address: unknown, port: unknown): FlowEnd {
  return {
    identity: count(end['identity']),
    namespace: text(end['namespace']),
    pod: text(end['pod_name']),
    labels: list(end['labels']).map((label) => text(label)),
    address: text(address),
    port: count(port),
  };
}

/** What is said on layer 7, else hubble's own line. */
function summaryOf(flow: RawObject): string {
  const l7 = record(flow['l7']);
  const http = record(l7['http']);
  const dns = record(l7['dns']);
  const code = count(http['code']);
  if ('method' in http) return `${text(http['method'])} ${text(http['url'], 500)}${code > 0 ? ` → ${code}` : ''}`;
  if ('query' in dns) {
    const ips = list(dns['ips']).map((ip) => text(ip));
    return `DNS ${text(dns['query'])}${ips.length > 0 ? ` → ${ips.join(', ')}` : ''}`;
  }
  return text(flow['Summary'], 500);
}
