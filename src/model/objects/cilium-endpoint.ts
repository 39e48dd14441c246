import type { Intern } from '../intern.ts';
import { count, flag, head, list, owner, record, text, time } from './raw.ts';
import type { Labels, RawObject, Row } from './row.ts';

export type CiliumEndpointRow = Row & {
  /** waiting-for-identity, not-ready, waiting-to-regenerate, regenerating, restoring, ready, disconnecting, disconnected, invalid; '' where the agent has not written it yet. */
  state: string;
  /** Agent-local number, 0 when absent. */
  endpointId: number;
  /** Security identity, 0 when absent. */
  identity: number;
  /** The labels of its identity, by `source:key`, as the agent wrote them beside its number. */
  identityLabels: Labels;
  ip: string;
  ip6: string;
  /** The node's IP as the agent wrote it. */
  nodeIP: string;
  /** uid of the owning Pod, '' when the agent wrote no owner. */
  podUid: string;
  /** False while status.networking or status.identity is missing: the operator skips it then. */
  complete: boolean;
  ingressEnforced: boolean;
  egressEnforced: boolean;
  /** Last of status.log: when and what, 0 and '' when absent. */
  changed: number;
  message: string;
};

export function projectCiliumEndpoint(raw: RawObject, intern: Intern): CiliumEndpointRow {
  const metadata = record(raw.metadata);
  const status = record(raw.status);
  const networking = record(status.networking);
  const policy = record(status.policy);
  const address = firstAddress(networking.addressing);
  const log = lastOf(status.log);
  const controller = owner(metadata);
  const identity = count(record(status.identity).id);
  const { uid, namespace, name, created, version } = head(raw, intern.line);
  return {
    uid,
    namespace,
    name,
    created,
    version,
    state: intern.line(status.state),
    endpointId: count(status.id),
    identity,
    identityLabels: intern.labelList(identity, record(status.identity).labels),
    ip: address.ip,
    ip6: address.ip6,
    nodeIP: intern.line(networking.node),
    podUid: controller.kind === 'Pod' ? controller.uid : '',
    complete: isObject(status.networking) && isObject(status.identity),
    ingressEnforced: flag(record(policy.ingress).enforcing),
    egressEnforced: flag(record(policy.egress).enforcing),
    changed: time(log.timestamp),
    message: text(log.message, 200),
  };
}

/** First IPv4 and first IPv6 of an addressing list, '' where there is none. */
export function firstAddress(addressing: unknown): { ip: string; ip6: string } {
  const pairs = list(addressing, 8).map(record);
  return {
    ip: text(pairs.find((pair) => pair.ipv4)?.ipv4, 60),
    ip6: text(pairs.find((pair) => pair.ipv6)?.ipv6, 60),
  };
}

function lastOf(value: unknown): RawObject {
  return Array.isArray(value) ? record(value[value.length - 1]) : record(undefined);
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
