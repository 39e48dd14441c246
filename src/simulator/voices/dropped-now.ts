import { deadFlows, deniedFlows, maplessFlows, noBackend } from './drops.ts';
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
  return [...denied, ...dead];
}

function addressOf(scene: Scene, identity: number): string {
  const found = listOf<Endpoint>(scene, 'CiliumEndpoint').find(
    (endpoint) => endpoint.status?.identity?.id === identity,
  );
  return found?.status?.networking?.addressing?.[0]?.ipv4 ?? '';
}
