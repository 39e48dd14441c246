// What a node's datapath drops, and neither a policy nor a full table is why.
import type { LostPackets } from '../world/causes.ts';
import type { Scene } from './scene.ts';
import type { Endpoint, Pod } from './shapes.ts';

/** One endpoint's packets that get lost again and again, by the datapath's own reason (domain §6.1). */
export type Lost = {
  endpoint: Endpoint;
  direction: 'INGRESS' | 'EGRESS';
  code: number;
  reason: string;
  /** Identity and address of the other end. */
  identity: number;
  address: string;
  /** Whose address the packet claims to come from, where that is not the endpoint. */
  claimed?: string;
  perSecond: number;
};

const ways: Readonly<Record<LostPackets['why'], Omit<Lost, 'endpoint' | 'perSecond'>>> = {
  // A client behind a VPN that ends in the pod.
  'foreign-source': {
    ...{ direction: 'EGRESS', code: 132, reason: 'Invalid source ip', identity: 2 },
    ...{ address: '203.0.113.40', claimed: '10.8.0.6' },
  },
  'no-route': { direction: 'EGRESS', code: 169, reason: 'FIB lookup failed', identity: 2, address: '192.0.2.77' },
  'unknown-sender': {
    ...{ direction: 'INGRESS', code: 171, reason: 'Invalid identity', identity: 0, address: '10.224.0.250' },
  },
  'no-key': { direction: 'EGRESS', code: 195, reason: 'Traffic is unencrypted', identity: 2, address: '10.244.1.9' },
};

export function lostPackets(scene: Scene, pod: Pod): readonly Lost[] {
  const { causes } = scene;
  const here = causes.now().lostPackets.filter(({ where }) => causes.touches(where, pod.spec?.nodeName ?? ''));
  return here.flatMap((one) => {
    const own = scene.endpointsOn(pod).filter((endpoint) => isOf(one, endpoint));
    const chosen = one.labels === undefined ? own.slice(0, 1) : own;
    return chosen.map((endpoint): Lost => ({ ...ways[one.why], endpoint, perSecond: one.perSecond }));
  });
}

function isOf({ namespace, labels = {} }: LostPackets, { metadata, status }: Endpoint): boolean {
  if (namespace !== undefined && metadata.namespace !== namespace) return false;
  const own = status?.identity?.labels ?? [];
  return Object.entries(labels).every(([key, value]) => own.includes(`k8s:${key}=${value}`));
}
