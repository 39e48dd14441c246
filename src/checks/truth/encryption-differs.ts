import type { Check } from '../check.ts';
import { atMost, count } from '../words.ts';
import { bothSides, type Differing, differing } from './differences.ts';

export const encryptionDiffers: Check<Differing> = {
  id: 'truth/encryption-differs',
  title: 'WireGuard does not reach a node',
  why: 'Without a handshake nothing that pods send to that node arrives, while the nodes themselves reach each other and all agents are ready. UDP port 51871 between nodes, or a clash over it, is the usual cause.',
  severity: 'error',
  needs: ['truth'],
  look: (snapshot) => differing(snapshot, ['encryption-peer', 'encryption-handshake']),
  tell(suspects) {
    const peers = new Map(suspects.map(({ object }) => [object.name, object]));
    return [
      {
        title: `WireGuard makes no handshake between ${count(new Set(suspects.map(({ node }) => node)).size, 'node')} and ${[...peers.keys()].slice(0, 2).join(', ')}`,
        objects: [...peers.values()],
        evidence: atMost(suspects.map(bothSides), 8, 'peer'),
        reach: count(peers.size, 'node'),
        next: 'Let UDP 51871 through between all nodes (network security groups, firewalls), and look for another user of that port on the node.',
      },
    ];
  },
};
