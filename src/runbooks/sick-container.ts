import { count } from '../checks/words.ts';
import type { Agent, Failing } from '../model/agents.ts';
import type { ObjectRef } from '../model/ref.ts';
import { agentRef, nodeRef } from './agent-on-node.ts';
import { seen, speaksFor } from './look.ts';
import type { Cause, Evidence, RunState } from './runbook.ts';

/** What keeps a sick agent from being ready, by the status of its pod (domain §4.2). */
export function sickContainer(
  { snapshot }: Pick<RunState, 'snapshot'>,
  agent: Agent,
): { evidence: readonly Evidence[]; cause: Cause } {
  const { node, failing, state, pod, probe } = agent;
  const ref = agentRef(agent);
  const objects: readonly ObjectRef[] = [nodeRef(node), ...(ref === undefined ? [] : [ref])];
  if (snapshot.tables.nodes.named('', node)?.ready === 'Unknown')
    return {
      evidence: [
        speaksFor(`the kubelet of ${node} is silent: what is told of the agent is of before`, 'node status', ref),
      ],
      cause: {
        ...{ id: 'node-silent', confidence: 'certain', objects },
        text: `The kubelet of ${node} has stopped answering: its agent went with it, and how it is nobody knows.`,
        next: 'Runbook node-not-ready: the machine comes first; its agent starts with it.',
      },
    };
  if (failing !== undefined) {
    const evidence = [speaksFor(failingText(failing), 'pod status', ref)];
    return { evidence, cause: { ...causeOf(failing, node), objects } };
  }
  if (state === 'missing')
    return {
      evidence: [speaksFor(`there is no agent pod on ${node}`, 'pods', nodeRef(node))],
      cause: {
        ...{ id: 'no-agent-pod', confidence: 'certain', objects },
        text: `No agent pod runs on ${node}, although its DaemonSet wants one there.`,
        next: 'See why the DaemonSet makes none: kubectl -n kube-system describe ds cilium; taints, selectors, or a quota.',
      },
    };
  if (state === 'pending')
    return {
      evidence: [speaksFor(pod?.unscheduled || 'the agent pod is on no node', 'pod status', ref)],
      cause: {
        ...{ id: 'not-scheduled', confidence: 'certain', objects },
        text: `The agent pod ${pod?.name ?? ''} is not scheduled: ${pod?.unscheduled || 'nobody says why'}.`,
        next: 'Mend what the scheduler names: room, taints, or a host port that is taken.',
      },
    };
  const words = probe === undefined ? '' : `: ${probe.words}`;
  const others = snapshot.tables.nodes.named('', node)?.ready === 'True' ? '' : ' and the node is not ready';
  return {
    evidence: [
      speaksFor(`the agent runs, but is not ready${others}${words}`, 'pod status', ref),
      ...(probe === undefined ? [] : [seen(`probe failed ×${probe.count}`, 'events', ref)]),
    ],
    cause: {
      ...{ id: 'agent-not-ready', confidence: 'likely', objects },
      text: `The agent on ${node} runs, but is not ready${words}.`,
      next: 'Read what it says of itself (log, cilium-dbg status); restart it where it says nothing.',
    },
  };
}

function failingText({ init, container, exitCode, restarts, reason, message }: Failing): string {
  const what = `${init ? 'init container' : 'container'} ${container}`;
  const how = exitCode === 0 ? reason : `ended with ${exitCode}`;
  return `${what} ${how}, ${count(restarts, 'restart')}${message === '' ? '' : `: "${message}"`}`;
}

function causeOf({ container, init, reason, exitCode, message }: Failing, node: string): Omit<Cause, 'objects'> {
  const words = message === '' ? '' : `: "${message}"`;
  const what = `${init ? 'init container' : 'container'} ${container}`;
  if (/ImagePull|ErrImage|InvalidImage/.test(reason))
    return {
      ...{ id: 'image-not-pulled', confidence: 'certain' },
      text: `The image of ${container} cannot be pulled on ${node}${words}.`,
      next: 'Check the way of the node to the registry (egress, firewall, DNS), then delete the pod.',
    };
  if (/CreateContainer|RunContainer/.test(reason))
    return {
      ...{ id: 'container-refused', confidence: 'certain' },
      text: `The runtime on ${node} refuses to start ${what}${words}.`,
      next: 'Most often AppArmor or an admission policy: see the words, and take the node to a newer image.',
    };
  if (/OOM/.test(reason))
    return {
      ...{ id: 'out-of-memory', confidence: 'certain' },
      text: `${what} on ${node} was killed for lack of memory.`,
      next: 'The agent has no limit of its own on AKS: see what else fills the node, and move it elsewhere.',
    };
  if (exitCode === 137)
    return {
      ...{ id: 'killed', confidence: 'likely' },
      text: `${what} on ${node} was killed (exit code 137)${words}: by the liveness probe or the node, not by an error of its own.`,
      next: 'See the events of pod and node for the probe or the lack of memory.',
    };
  return {
    ...{ id: init ? 'init-container-fails' : 'agent-ends', confidence: 'certain' },
    text: `On ${node} ${what} of the agent ends with ${exitCode}${words}.`,
    next: 'Delete the agent pod once; if it ends alike, cordon, drain and reimage the node, and keep its log for a support case.',
  };
}
