// BGP of a Cilium that is self-managed: two routers above the nodes, what the nodes are told to do with them, and what
// the agents write of it into their node's CiliumBGPNodeConfig.
import type { CausesInForce } from '../causes.ts';
import type { Core } from '../core.ts';
import { timeOf } from '../shapes.ts';

const ownNumber = 64_512;
const routersThere = [
  { name: 'tor-a', address: '10.224.255.1', number: 64_601 },
  { name: 'tor-b', address: '10.224.255.2', number: 64_602 },
] as const;
/** Sessions that stand came to stand when the node joined. */
const standsMs = 9 * 86_400_000;

export type RouterSession = {
  name: string;
  peerAddress: string;
  peerNumber: number;
  ownNumber: number;
  /** As gobgp has it. */
  state: 'established' | 'active' | 'idle';
  /** When it became so; 0 = long ago. */
  since: number;
};

/** The sessions of one node by the causes in force. */
export function routers(causes: CausesInForce, node: string): readonly RouterSession[] {
  return routersThere.map(({ name, address, number }) => {
    const down = causes.now().peersDown.find((one) => one.peerAddress === address && causes.touches(one.where, node));
    const state = down === undefined ? 'established' : down.why === 'silent' ? 'active' : 'idle';
    const since = down === undefined ? 0 : causes.since('peersDown');
    return { name, peerAddress: address, peerNumber: number, ownNumber, state, since };
  });
}

export type Bgp = { publish(): void };

/** Nothing where its kinds are not served or no configuration is there. */
export function createBgp(core: Core, causes: CausesInForce): Bgp {
  return {
    publish() {
      if (!core.serves('CiliumBGPNodeConfig') || core.options.mode !== 'byo') return;
      for (const { name, uid } of core.view.nodes.values()) {
        const sessions = routers(causes, name);
        const status = { bgpInstances: [{ name: 'rack', localASN: ownNumber, peers: sessions.map(peerStatus) }] };
        const written = core.edit('CiliumBGPNodeConfig', '', name, 'cilium-agent', undefined, (object) => {
          object['status'] = status;
          return undefined;
        });
        if (written || core.get('CiliumBGPNodeConfig', '', name) !== undefined) continue;
        const owner = {
          apiVersion: 'cilium.io/v2',
          kind: 'CiliumBGPClusterConfig',
          name: 'rack',
          uid,
          controller: true,
        };
        core.create(
          {
            apiVersion: 'cilium.io/v2',
            kind: 'CiliumBGPNodeConfig',
            metadata: { name, creationTimestamp: timeOf(core.now() - standsMs), ownerReferences: [owner] },
            spec: { bgpInstances: [{ name: 'rack', localASN: ownNumber, peers: routersThere.map(peerSpec) }] },
            status,
          },
          'cilium-operator-generic',
        );
      }
    },
  };

  function peerStatus({ name, peerAddress, peerNumber, state, since }: RouterSession) {
    const stands = state === 'established';
    return {
      name,
      peerAddress,
      peerASN: peerNumber,
      peeringState: state,
      ...(stands ? { establishedTime: timeOf(core.now() - standsMs) } : since > 0 ? { lastReset: timeOf(since) } : {}),
      routeCount: [{ afi: 'ipv4', safi: 'unicast', received: stands ? 1 : 0, advertised: stands ? 1 : 0 }],
      timers: { appliedHoldTimeSeconds: 90, appliedKeepaliveSeconds: 30 },
    };
  }
}

function peerSpec({ name, address, number }: (typeof routersThere)[number]) {
  return { name, peerAddress: address, peerASN: number, peerConfigRef: { name: 'tor' } };
}

/** What somebody configured: who speaks to whom, how, and what is told. */
export function configureBgp(core: Core, at: number): void {
  const made = { creationTimestamp: timeOf(at) };
  const make = (kind: string, name: string, labels: Record<string, string>, spec: object) =>
    core.create(
      { apiVersion: 'cilium.io/v2', kind, metadata: { name, labels, ...made }, spec },
      'kubectl-client-side-apply',
    );
  make(
    'CiliumBGPClusterConfig',
    'rack',
    {},
    {
      nodeSelector: { matchLabels: { 'kubernetes.io/os': 'linux' } },
      bgpInstances: [{ name: 'rack', localASN: ownNumber, peers: routersThere.map(peerSpec) }],
    },
  );
  make(
    'CiliumBGPPeerConfig',
    'tor',
    {},
    {
      timers: { holdTimeSeconds: 90, keepAliveTimeSeconds: 30 },
      families: [{ afi: 'ipv4', safi: 'unicast', advertisements: { matchLabels: { advertise: 'bgp' } } }],
    },
  );
  make('CiliumBGPAdvertisement', 'pods', { advertise: 'bgp' }, { advertisements: [{ advertisementType: 'PodCIDR' }] });
}
