import { deadFlows, deniedFlows, maplessFlows, noBackend } from './drops.ts';
import { droppedForRoom } from './full-maps.ts';
import { lostPackets } from './lost-packets.ts';
import { listOf, type Scene } from './scene.ts';
import type { Endpoint, Pod } from './shapes.ts';

/** What an agent drops again and again. */
export type Dropped = {
  endpoint: Endpoint;
  direction: 'INGRESS' | 'EGRESS';
  identity: number;
  /** Of the other end. */
  address: string;
  port: number;
  protocol: string;
  code: number;
  reason: string;
  /** Whose address it claims to come from, where that is not the endpoint. */
  claimed?: string;
};

export function droppedNow(scene: Scene, pod: Pod): Dropped[] {
  const all = [...deniedFlows(scene, pod), ...maplessFlows(scene, pod)];
  const denied = all.map((flow): Dropped => {
    const [code, reason] = flow.denied ? [181, 'Policy denied by denylist'] : [133, 'Policy denied'];
    return { ...flow, address: addressOf(scene, flow.identity), code, reason };
  });
  const dead = deadFlows(scene, pod).map(({ endpoint, service: { ip, port, protocol } }): Dropped => {
    // What has no backend was never translated: its address is the service's, which is nobody's.
    return { endpoint, direction: 'EGRESS', identity: 2, address: ip, port, protocol, code: 158, reason: noBackend };
  });
  const lost = lostPackets(scene, pod).map((one): Dropped => ({ ...one, port: 443, protocol: 'TCP' }));
  return [...denied, ...dead, ...roomless(scene, pod), ...lost];
}

const codes: Readonly<Record<string, number>> = {
  'Policy denied': 133,
  'CT: Map insertion failed': 155,
  'No mapping for NAT masquerade': 167,
};
/** Somewhere outside: what is sent there is masqueraded. */
const outside = '20.50.65.17';

/** What finds no room in a full table: of a policy map its own endpoint's, of the others anybody's of this node. */
function roomless(scene: Scene, pod: Pod): Dropped[] {
  const [endpoint] = scene.endpointsOn(pod);
  if (endpoint === undefined) return [];
  return droppedForRoom(scene, pod).map(({ reason, direction }): Dropped => {
    const base = { endpoint, direction, protocol: 'TCP', code: codes[reason] ?? 0, reason };
    const peer = allowedPeer(scene, endpoint) ?? endpoint;
    return reason === 'Policy denied'
      ? { ...base, identity: peer.status?.identity?.id ?? 2, address: ipOf(peer), port: 8080 }
      : { ...base, identity: 2, address: outside, port: direction === 'EGRESS' ? 443 : 8080 };
  });
}

/** Somebody whom the policies let in: what they allow is what the map has no room for. */
function allowedPeer(scene: Scene, endpoint: Endpoint): Endpoint | undefined {
  const own = endpoint.status?.identity?.id ?? 0;
  const view = scene.policies();
  return listOf<Endpoint>(scene, 'CiliumEndpoint', endpoint.metadata.namespace).find(({ status }) => {
    const peer = status?.identity?.id ?? 0;
    const verdicts = peer === own ? undefined : view.verdicts(peer, own, { port: 8080, protocol: 'TCP' });
    return verdicts?.egress.verdict === 'allow' && verdicts.ingress.verdict === 'allow';
  });
}

function ipOf(endpoint: Endpoint): string {
  return endpoint.status?.networking?.addressing?.[0]?.ipv4 ?? '';
}

function addressOf(scene: Scene, identity: number): string {
  const found = listOf<Endpoint>(scene, 'CiliumEndpoint').find(
    (endpoint) => endpoint.status?.identity?.id === identity,
  );
  return found === undefined ? '' : ipOf(found);
}
