// Why a pod's network is not set up, by what its node says of it, and what to do about each.
import { count } from '../checks/words.ts';
import type { StuckPod } from '../model/stuck-pods.ts';
import { nodeRef } from './agent-on-node.ts';
import type { Cause } from './runbook.ts';

/** Routes by rows 27 to 36 of domain §5. */
export function causeOf(id: string, group: readonly StuckPod[], share: number): Cause {
  const told = causes[id] ?? {
    id: 'cni-fails',
    what: 'the CNI fails',
    next: 'Read the whole event, then agent and azure-cns there.',
  };
  const nodes = [...new Set(group.map(({ pod }) => pod.node))];
  return {
    id: told.id,
    text: `${count(group.length, 'pod')} on ${count(nodes.length, 'node')} get no network: ${told.what}.`,
    // More than four in five are confirmed by the dossier; fewer may be several troubles at once.
    confidence: share > 0.8 ? 'likely' : 'possible',
    objects: nodes.slice(0, 5).map(nodeRef),
    next: told.next,
  };
}

const causes: Readonly<Record<string, { id: string; what: string; next: string }>> = {
  'subnet-full': {
    id: 'subnet-full',
    what: 'the pod subnet is full',
    next: 'Runbook address-exhaustion says what is left and where.',
  },
  'no-addresses': {
    id: 'no-addresses',
    what: 'no address is left',
    next: 'Runbook address-exhaustion says what is left and where.',
  },
  cns: {
    id: 'cns-down',
    what: 'azure-cns gives no address',
    next: 'Look at azure-cns on these nodes: its last words, then delete its pod once.',
  },
  'agent-absent': {
    id: 'agent-down',
    what: 'no agent listens on cilium.sock',
    next: 'Runbook agent-crash-loop says why; pods try again by themselves once the agent runs.',
  },
  'agent-slow': {
    id: 'agent-overloaded',
    what: 'the agent does not answer in time',
    next: 'Look whether the policy map is full or the API server throttles: runbooks map-pressure and api-server-throttled.',
  },
  endpoint: {
    id: 'agent-refuses',
    what: 'the agent refuses the endpoint',
    next: 'Read the agent’s log for the regeneration that fails, then restart the agent.',
  },
  'no-cni': {
    id: 'no-cni',
    what: 'there is no CNI configuration',
    next: 'azure-cns writes it on managed clusters, the agent elsewhere: runbook node-not-ready.',
  },
};
