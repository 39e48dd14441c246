// `cilium-dbg bgp`, as far as it reads.
import { sessionsOf } from '../bgp.ts';
import { type AgentCommand, listing, refusal } from './command.ts';

/** A session that stands has stood since the node joined. */
const standsSeconds = 9 * 86_400;

export const bgpCommands: readonly AgentCommand[] = [
  {
    words: 'bgp peers',
    answer(asked) {
      const { config, pod, scene } = asked;
      if (config['enable-bgp-control-plane'] !== 'true')
        return refusal('Error: Cannot get peers list: [GET /bgp/peers][501] getBgpPeersDisabled');
      const sessions = sessionsOf(scene, pod, config).map((session) => {
        const stands = session.state === 'established';
        return { ...session, seconds: stands ? standsSeconds : 0, routes: stands ? 1 : 0 };
      });
      return listing(
        asked,
        sessions.map(({ ownNumber, peerAddress, peerNumber, routes, seconds, state }) => ({
          'applied-hold-time-seconds': 90,
          'applied-keep-alive-time-seconds': 30,
          'connect-retry-time-seconds': 120,
          families: [{ afi: 'ipv4', safi: 'unicast', received: routes, accepted: routes, advertised: routes }],
          'local-asn': ownNumber,
          'peer-address': peerAddress,
          'peer-asn': peerNumber,
          'peer-port': 179,
          'session-state': state,
          'uptime-nanoseconds': seconds * 1e9,
        })),
        ['Local AS', 'Peer AS', 'Peer Address', 'Session', 'Uptime', 'Family', 'Received', 'Advertised'],
        sessions.map(({ ownNumber, peerAddress, peerNumber, routes, seconds, state }) => [
          String(ownNumber),
          String(peerNumber),
          `${peerAddress}:179`,
          state,
          `${seconds}s`,
          'ipv4/unicast',
          String(routes),
          String(routes),
        ]),
      );
    },
  },
];
