import { offerOn } from '../actions/offer.ts';
import { removeStuckTaint } from '../actions/remove-stuck-taint.ts';
import { restartAgent } from '../actions/restart-agent.ts';
import { restartOperator } from '../actions/restart-operator.ts';
import { lacksCni } from '../checks/nodes/real-nodes.ts';
import { age, sinceText } from '../checks/words.ts';
import { agents } from '../model/agents.ts';
import { agentDaemonSet, clusterMode } from '../model/cluster-mode.ts';
import type { NodeRow } from '../model/objects/node.ts';
import { cns } from '../model/pools.ts';
import { agentOn, agentRef, nodeRef } from './agent-on-node.ts';
import { mustRead, nothingOf, restsOn, seen, speaksAgainst, speaksFor } from './look.ts';
import { operatorLeads, operatorLog } from './operator-leads.ts';
import type { Cause, LookAsks, Looked, Runbook, RunState } from './runbook.ts';

/** R3 of domain §10. */
export const nodeNotReady: Runbook = {
  id: 'node-not-ready',
  title: 'A node is not ready, or keeps its taint',
  says: 'Why a node takes no pods: its kubelet silent, no CNI configuration, an agent that is not ready, or the agent-not-ready taint that nobody lifts because no operator leads. Rules out a node that is ready and carries none of these taints.',
  from: ['nodes/not-ready', 'nodes/agent-not-ready-taint', 'nodes/cni-not-initialized'],
  target: {
    kinds: ['Node'],
    suspects: (snapshot, now) =>
      agents(snapshot, now)
        .filter(({ nodeRow, taint }) => nodeRow !== undefined && (nodeRow.ready !== 'True' || taint !== undefined))
        .map(({ node }) => nodeRef(node)),
  },
  steps: [
    {
      type: 'look',
      id: 'conditions',
      title: 'what the node says of itself',
      decides: true,
      async look(state) {
        mustRead(state, ['nodes']);
        const node = nodeOf(state);
        if (node === undefined)
          return nothingOf(`all ${state.snapshot.tables.nodes.rows.size} nodes are ready`, 'nodes');
        return conditions(state, node);
      },
    },
    {
      type: 'look',
      id: 'taints',
      title: 'which taints keep pods away',
      decides: true,
      async look(state) {
        mustRead(state, ['nodes']);
        return taints(state);
      },
    },
    {
      type: 'look',
      id: 'agent',
      title: 'whether its agent is there and ready',
      decides: true,
      skip: isWell,
      async look(state) {
        mustRead(state, ['nodes', 'systemPods', 'daemonSets']);
        return agentOfNode(state);
      },
    },
    {
      type: 'look',
      id: 'cni',
      title: 'why nobody wrote a CNI configuration',
      skip: (state) => isWell(state) || (isBare(state) ? '' : 'its kubelet does not miss one'),
      look: cniWriter,
    },
    {
      type: 'look',
      id: 'operator',
      title: 'whether an operator leads, which lifts the taint',
      skip: (state) => isWell(state) || (taintOf(state) === undefined ? 'there is no taint of Cilium to lift' : ''),
      look: async (state) => operatorNow(state),
    },
    {
      type: 'look',
      id: 'operator-log',
      title: 'what the operator says',
      skip: (state) => isWell(state) || (taintOf(state) === undefined ? 'there is no taint of Cilium to lift' : ''),
      look: operatorSays,
    },
    {
      type: 'offer',
      id: 'mend',
      title: 'what may help',
      offers({ snapshot, target, cause, now }) {
        if (target === undefined || cause === undefined) return [];
        const node = target.name;
        const taint = offerOn(
          snapshot,
          removeStuckTaint,
          { node },
          `remove the taint from ${node}, its agent being ready`,
        );
        switch (cause.id) {
          case 'operator-down':
            return [offerOn(snapshot, restartOperator, { which: 'all' as const }, 'restart the operator'), taint];
          case 'taint-not-lifted':
            return [
              offerOn(snapshot, restartOperator, { which: 'leader' as const }, "restart the operator's leader"),
              taint,
            ];
          case 'agent-not-ready':
            return agentOn({ snapshot, now }, node)?.pod === undefined
              ? []
              : [offerOn(snapshot, restartAgent, { node }, `restart the agent on ${node}`)];
          default:
            return [];
        }
      },
    },
  ],
};

function nodeOf({ snapshot, target }: RunState): NodeRow | undefined {
  return target && snapshot.tables.nodes.named('', target.name);
}

function taintOf(state: RunState) {
  return state.target && agentOn(state, state.target.name)?.taint;
}

function isWell(state: RunState): string {
  const node = nodeOf(state);
  const known = restsOn(state, 'conditions');
  if (known !== '') return known;
  return node === undefined || (node.ready === 'True' && taintOf(state) === undefined)
    ? 'the node is ready and carries no taint of Cilium'
    : '';
}

function isBare(state: RunState): boolean {
  const node = nodeOf(state);
  return node !== undefined && lacksCni(node);
}

/** On managed clusters azure-cns writes it, elsewhere the agent, which says how that went. */
async function cniWriter(state: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  mustRead(state, ['systemPods', 'daemonSets']);
  const node = state.target?.name ?? '';
  const isManaged = clusterMode(state.snapshot).cni === 'managed-cilium';
  const agent = agentOn(state, node);
  if (isManaged) {
    const own = cns(state.snapshot).find((one) => one.node.name === node);
    const text = `azure-cns on ${node}: ${own?.pod?.status ?? 'no pod'}${own?.ready ? ', ready' : ''}`;
    if (own === undefined || own.ready) return { evidence: [seen(text, 'pod status')] };
    const cause = noCni(node, 'certain', `${text}, and it writes the file`, 'Runbook pods-stuck-creating says why.');
    return { evidence: [speaksFor(text, 'pod status')], causes: [cause] };
  }
  if (agent?.pod === undefined) return nothingOf('no agent runs there that would write it', 'pods');
  const { troubles } = await asks.agent(agent, 'status', signal);
  const trouble = troubles.find(({ part }) => part === 'cni-file');
  const source = 'exec cilium-dbg status';
  if (trouble === undefined) return nothingOf('the agent says nothing against it', source);
  return {
    evidence: [speaksFor(`cni-file ${trouble.state}: ${trouble.text}`, source, agentRef(agent))],
    causes: [
      noCni(
        node,
        'certain',
        `the agent runs and cannot write it: ${trouble.text}`,
        'Let the agent write to /etc/cni/net.d of that node (mount, disk, another CNI that guards it), or reimage the node; the agent tries again by itself.',
      ),
    ],
  };
}

function noCni(node: string, confidence: Cause['confidence'], why: string, next: string): Cause {
  const objects = [nodeRef(node)];
  return { id: 'no-cni', confidence, objects, text: `${node} has no CNI configuration: ${why}.`, next };
}

function conditions(state: RunState, node: NodeRow): Looked {
  const ready = node.conditions.find(({ type }) => type === 'Ready');
  const network = node.conditions.find(({ type }) => type === 'NetworkUnavailable');
  const source = 'node status';
  const about = nodeRef(node.name);
  const told =
    network === undefined ? [] : [seen(`NetworkUnavailable=${network.status} ${network.reason}`, source, about)];
  const words = [ready?.reason, ready?.message].filter(Boolean).join(': ');
  const text = `Ready=${node.ready}${sinceText(ready?.since ?? 0, state.now)}${words === '' ? '' : `: ${words}`}`;
  if (node.ready === 'True') return { evidence: [speaksAgainst(text, source, about), ...told] };
  if (node.ready === 'False' && state.now - Math.max(ready?.since ?? 0, node.created) < joinsMs)
    return {
      evidence: [speaksFor(text, source, about), ...told],
      causes: [
        {
          ...{ id: 'node-starting', confidence: 'possible', objects: [about] },
          text: `${node.name} is not ready${sinceText(ready?.since ?? 0, state.now)}: it may just be starting, as after an upgrade or a reimage.`,
          next: 'Wait a few minutes and look again: what keeps it from being ready then is no start any more.',
        },
      ],
    };
  return { evidence: [speaksFor(text, source, about), ...told], causes: [causeOf(node, words)] };
}

/** What a node takes from its first word to its network. */
const joinsMs = 3 * 60_000;

function causeOf(node: NodeRow, words: string): Cause {
  const objects = [nodeRef(node.name)];
  if (node.ready === 'Unknown')
    return {
      ...{ id: 'kubelet-silent', confidence: 'certain', objects },
      text: `The kubelet of ${node.name} has stopped answering: that is the machine, not its network plugin.`,
      next: 'Look at the virtual machine: powered on, reachable, out of memory or disk? Restart or reimage it.',
    };
  if (lacksCni(node))
    return noCni(
      node.name,
      'likely',
      words,
      'azure-cns writes it on managed clusters, the agent elsewhere: see both on this node.',
    );
  return {
    ...{ id: 'kubelet-says', confidence: 'likely', objects },
    text: `The kubelet of ${node.name} says that it cannot run pods: ${words || 'without a reason'}.`,
    next: 'Mend what it names; kubectl describe node tells the rest.',
  };
}

function taints(state: RunState): Looked {
  const node = nodeOf(state);
  const own = taintOf(state);
  if (node === undefined || node.taints.length === 0)
    return nothingOf(node === undefined ? 'no node is tainted agent-not-ready' : 'it carries no taint', 'nodes');
  const text = ({ key, effect, since }: NodeRow['taints'][number]) => `${key}:${effect}${sinceText(since, state.now)}`;
  const evidence = node.taints.map((taint) =>
    taint.key === own?.key
      ? speaksFor(`taint ${text(taint)}`, 'node spec', nodeRef(node.name))
      : seen(`taint ${text(taint)}`, 'node spec', nodeRef(node.name)),
  );
  const cloud = node.taints.some(({ key }) => key === 'node.cloudprovider.kubernetes.io/uninitialized');
  return {
    evidence: own === undefined ? [...evidence, speaksAgainst('none of them is Cilium’s', 'node spec')] : evidence,
    causes: cloud
      ? [
          {
            ...{ id: 'cloud-uninitialized', confidence: 'certain', objects: [nodeRef(node.name)] },
            text: `${node.name} waits for the cloud provider to initialise it.`,
            next: 'That is Azure’s cloud-node-manager: see its pod on this node.',
          },
        ]
      : [],
  };
}

function agentOfNode(state: RunState): Looked {
  const node = state.target?.name ?? '';
  const agent = agentOn(state, node);
  const objects = [nodeRef(node)];
  if (agentDaemonSet(state.snapshot) === undefined)
    return {
      evidence: [speaksFor('there is no DaemonSet of Cilium in kube-system', 'daemonSets')],
      causes: [
        {
          ...{ id: 'cni-never-installed', confidence: 'certain', objects },
          text: 'No network plugin was ever installed: there is no DaemonSet of Cilium.',
          next: 'On a cluster made with network plugin none install Cilium with Helm (aksbyocni.enabled=true).',
        },
      ],
    };
  if (agent?.state === 'ready') {
    const text = `its agent is ready${sinceText(agent.since, state.now)}`;
    if (agent.taint === undefined) return { evidence: [speaksAgainst(text, 'pod status', agentRef(agent))] };
    return {
      evidence: [speaksFor(`${text}, and the taint is still there`, 'pod status', agentRef(agent))],
      causes: [
        {
          ...{ id: 'taint-not-lifted', confidence: 'likely', objects },
          text: `The agent on ${node} is ready for ${age(state.now - agent.since)}, and nobody lifts its taint: the operator does not do it.`,
          next: 'Look at the operator and its lease; removing the taint by hand comes last.',
        },
      ],
      ruledOut: ['agent-not-ready'],
    };
  }
  if (nodeOf(state)?.ready === 'Unknown') {
    const told = agent === undefined ? 'no agent pod is known' : `its agent was last told ${agent.state}`;
    return { evidence: [seen(`${told}; since the kubelet is silent nobody knows`, 'pod status')] };
  }
  if (agent?.state === 'not-wanted' && isBare(state))
    return {
      evidence: [speaksFor('the DaemonSet of Cilium does not want an agent there', 'daemonSets')],
      causes: [
        {
          ...{ id: 'agent-not-wanted', confidence: 'certain', objects },
          text: `No agent is wanted on ${node}: the DaemonSet's node selector or affinity leaves the node out, so nobody writes its CNI configuration.`,
          next: 'Compare the labels of the node with nodeSelector and affinity of the DaemonSet: kubectl -n kube-system get ds cilium -o yaml.',
        },
      ],
    };
  const words = agent?.failing?.message ? `: "${agent.failing.message}"` : '';
  const ref = agent && agentRef(agent);
  return {
    evidence: [speaksFor(`its agent is ${agent?.state ?? 'missing'}${words}`, 'pod status', ref)],
    causes:
      agent === undefined || agent.state === 'starting' || agent.state === 'not-wanted'
        ? []
        : [
            {
              ...{
                id: 'agent-not-ready',
                confidence: 'certain',
                objects: ref === undefined ? objects : [...objects, ref],
              },
              text: `The agent on ${node} is ${agent.state}${words}: the taint is right as long as it is.`,
              next: 'Runbook agent-crash-loop says why; the operator lifts the taint once the agent is ready.',
            },
          ],
  };
}

function operatorNow(state: RunState): Looked {
  const { leads, evidence, words, object } = operatorLeads(state);
  if (leads) return { evidence: [evidence], ruledOut: ['operator-down'] };
  const isReady = agentOn(state, state.target?.name ?? '')?.state === 'ready';
  return {
    evidence: [evidence],
    causes: [
      {
        ...{ id: 'operator-down', confidence: isReady ? 'certain' : 'possible' },
        text: `No operator leads (${words}), so nobody lifts the taint of ${state.target?.name ?? 'the node'}${isReady ? ', whose agent is ready' : ''}.`,
        objects: object === undefined ? [] : [object, ...(state.target ? [state.target] : [])],
        next: 'Runbook operator-down says why it is away; with a leader the taint goes by itself.',
      },
    ],
    ruledOut: ['taint-not-lifted'],
  };
}

async function operatorSays(state: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const log = await operatorLog(state, asks, signal);
  if (log === undefined) return nothingOf('there is no operator pod', 'pods');
  const name = state.target?.name ?? '';
  const about = log.lines.filter((line) => /taint/i.test(line) && name !== '' && line.includes(name)).slice(-2);
  return {
    evidence: [...about.map((line) => speaksFor(line, 'log of cilium-operator', log.object)), ...log.evidence],
  };
}
