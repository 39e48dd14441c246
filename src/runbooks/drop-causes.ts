// What each reason for dropping packets means, and what to do about it.
import { names } from '../checks/words.ts';
import { dropMeaning } from '../model/drop-reasons.ts';
import { nodeRef } from './agent-on-node.ts';
import { type DropRate, leastPerSecond } from './drop-rates.ts';
import type { Cause, Confidence } from './runbook.ts';

/** Every cluster drops a little of some things; so much of them would be news. */
const muchPerSecond = 5;

export function matters({ reason, perSecond }: DropRate): boolean {
  const isEveryday = dropMeaning(reason).isEveryday && !known.some(({ when }) => when.test(reason));
  return perSecond >= (isEveryday ? muchPerSecond : leastPerSecond);
}

type Known = { when: RegExp; id: string; text: string; confidence: Confidence; next: string };

/** What a reason of the datapath means here (domain §6.1, §10). Any other is named as it is. */
const known: readonly Known[] = [
  {
    // That is what the datapath calls it: it drops so, too, where its policy map is empty (AKS#5969).
    ...{ when: /^policy denied/i, id: 'policy-denies', confidence: 'possible' },
    text: 'by policy, the agents say',
    next: 'See which pair, and hold it against the policies: where they deny it, runbook policy-denies; where they allow it, runbook empty-policy-map.',
  },
  {
    ...{ when: /^invalid source ip/i, id: 'source-address-spoofed', confidence: 'likely' },
    text: 'pods send with an address that is not theirs (verified again since Cilium 1.17 on AKS)',
    next: 'Find the pod that routes or answers for others (VPN, NAT, virtual machines in pods) and give it the node’s network, or let it send with its own address.',
  },
  {
    ...{ when: /^service backend not found/i, id: 'service-without-backend', confidence: 'likely' },
    text: 'a service they are sent to has no backend',
    next: 'See which service: its selector, its target port, whether its pods are ready.',
  },
  {
    ...{ when: /^ct: map insertion failed/i, id: 'connection-table-full', confidence: 'certain' },
    text: 'the table of connections is full',
    next: 'Let clients keep connections, spread them over more nodes; on AKS the size cannot be changed. Never flush the table.',
  },
  {
    ...{ when: /^no mapping for nat masquerade/i, id: 'nat-table-full', confidence: 'certain' },
    text: 'there is no source port left to masquerade with',
    next: 'Let clients keep connections, spread them over more nodes, or send outbound traffic through a NAT gateway.',
  },
  {
    ...{ when: /^fib lookup failed/i, id: 'no-route', confidence: 'likely' },
    text: 'the node has no route or neighbour for where they go',
    next: 'Compare the routes of this node with another’s; a reimage of the node brings them back.',
  },
  {
    ...{ when: /^(invalid identity|unknown sender)/i, id: 'identity-unknown', confidence: 'likely' },
    text: 'the agent does not know who sends them',
    next: 'Compare slices with endpoints: the peer’s entry may be missing or stale.',
  },
  {
    ...{ when: /^traffic is unencrypted/i, id: 'peer-without-key', confidence: 'likely' },
    text: 'they come or would go unencrypted',
    next: 'See whether the WireGuard peer of that node is up.',
  },
];

export function causeOf(reason: string, group: readonly DropRate[]): Cause {
  const nodes = [...new Set(group.map(({ node }) => node))];
  const found = known.find(({ when }) => when.test(reason));
  const meaning = found?.text ?? dropMeaning(reason).text;
  const what = `${rateText(sum(group))} packets/s are dropped on ${names(nodes)}`;
  return {
    id: found?.id ?? 'dropped-for-another-reason',
    text: `${what}: ${meaning === '' ? reason : meaning}.`,
    confidence: found?.confidence ?? 'possible',
    objects: nodes.slice(0, 5).map(nodeRef),
    next: found?.next ?? `Look up what the datapath means by "${reason}", and see which packets it is.`,
  };
}

export function sum(group: readonly DropRate[]): number {
  return group.reduce((total, { perSecond }) => total + perSecond, 0);
}

export function rateText(rate: number): string {
  return rate >= 10 ? String(Math.round(rate)) : rate.toFixed(1);
}

export function isPolicy(reason: string): boolean {
  return /^policy denied/i.test(reason);
}
