import { count, names, number } from '../checks/words.ts';
import { addresses } from '../model/capacity.ts';
import { clusterMode } from '../model/cluster-mode.ts';
import { cns } from '../model/pools.ts';
import { stuckPods } from '../model/stuck-pods.ts';
import { nodeRef } from './agent-on-node.ts';
import { isStarting } from './is-starting.ts';
import { classifiedLog } from './last-words.ts';
import { mustRead, nothingOf, seen, speaksAgainst, speaksFor } from './look.ts';
import type { Cause, Evidence, LookAsks, Looked, Runbook, RunState } from './runbook.ts';

/** R8 of domain §10. */
export const addressExhaustion: Runbook = {
  id: 'address-exhaustion',
  title: 'Pods get no address',
  says: 'Whether addresses for pods are used up, and of what: the pod subnet, the range of a node, or the pods a node may have. Rules out an azure-cns that is not ready and a role that is missing on the subnet, which look alike from the pods.',
  from: ['endpoints/address-capacity'],
  target: {
    kinds: ['Node'],
    suspects: (snapshot) => addresses(snapshot).refused.map(({ config }) => nodeRef(config.name)),
  },
  steps: [
    {
      type: 'look',
      id: 'requests',
      title: 'what became of the nodes’ requests for addresses',
      decides: true,
      async look(state) {
        mustRead(state, ['nodes', 'nodeNetworkConfigs', 'clusterSubnetStates', 'ciliumNodes'], {
          noneIfMissing: ['nodeNetworkConfigs', 'clusterSubnetStates', 'ciliumNodes'],
        });
        return requests(state);
      },
    },
    {
      type: 'look',
      id: 'pods-per-node',
      title: 'whether nodes have all the pods they may have',
      decides: true,
      async look(state) {
        mustRead(state, ['nodes', 'pods', 'systemPods']);
        return perNode(state);
      },
    },
    {
      type: 'look',
      id: 'stuck-pods',
      title: 'what pods that wait are told',
      async look(state) {
        mustRead(state, ['pods', 'events']);
        return stuck(state);
      },
    },
    {
      type: 'look',
      id: 'cns',
      title: 'whether azure-cns is ready, and what it says',
      skip: ({ snapshot }) => (cns(snapshot).length === 0 ? 'no azure-cns here: addresses are Cilium’s own' : ''),
      look: cnsSays,
    },
    {
      type: 'tell',
      id: 'subnet',
      title: 'what the cluster cannot say',
      text: ({ snapshot }) =>
        clusterMode(snapshot).cni === 'byo-cilium'
          ? [
              'Ranges of nodes come from cluster-pool-ipv4-cidr of cilium-config: how much of it is left only the operator knows.',
            ]
          : [
              'Free addresses of a subnet: portal, virtual network, Subnets, column Available IPs; or az network vnet subnet show --query ipConfigurations.',
            ],
    },
  ],
};

function concerns({ target }: RunState, node: string): boolean {
  return target === undefined || target.name === node;
}

function requests(state: RunState): Looked {
  const { exhaustedSubnets, refused, errors, used, capacity } = addresses(state.snapshot);
  const mine = refused.filter(({ config }) => concerns(state, config.name));
  // A subnet is full for all that are in it.
  const isFull = ({ reason }: { reason: string }) => /SubnetFull/i.test(reason);
  const full = mine.some(isFull) ? refused.filter(isFull) : [];
  const unauthorised = mine.filter(({ reason }) => /Unauthori[sz]ed/i.test(reason));
  const others = mine.filter((one) => !isFull(one) && !unauthorised.includes(one));
  const ranges = errors.filter(({ node }) => concerns(state, node));
  const evidence: Evidence[] = [
    ...exhaustedSubnets.map(({ namespace, name }) =>
      speaksFor(`ClusterSubnetState ${name}: exhausted`, 'clustersubnetstates', {
        kind: 'ClusterSubnetState',
        namespace,
        name,
      }),
    ),
    ...mine
      .slice(0, 4)
      .map(({ config, reason }) =>
        speaksFor(
          `NodeNetworkConfig ${config.name}: ${reason}, has ${config.assigned}, asks for ${config.requested}`,
          'nodenetworkconfigs',
          nodeRef(config.name),
        ),
      ),
    ...ranges
      .slice(0, 4)
      .map(({ node, error }) => speaksFor(`CiliumNode ${node}: ${error}`, 'ciliumnodes', nodeRef(node))),
    ...(capacity > 0
      ? [seen(`${count(used, 'endpoint')}, ${count(capacity, 'address', 'addresses')} for pods`, 'ciliumendpoints')]
      : []),
  ];
  const causes: Cause[] = [];
  if (full.length > 0 || exhaustedSubnets.length > 0)
    causes.push({
      ...{ id: 'subnet-full', confidence: 'certain' },
      text: `The pod subnet is full: ${count(full.length, 'node is', 'nodes are')} refused addresses${
        full.length > 0
          ? ` (${names(
              full.map(({ config }) => config.name),
              2,
            )})`
          : ''
      }.`,
      objects: full.slice(0, 5).map(({ config }) => nodeRef(config.name)),
      next: 'Add a node pool with another pod subnet and move workload there; a subnet in use cannot be enlarged.',
    });
  if (unauthorised.length > 0)
    causes.push({
      ...{ id: 'subnet-not-allowed', confidence: 'certain' },
      text: `The cluster may not use the pod subnet: ${count(unauthorised.length, 'node is', 'nodes are')} refused as unauthorised.`,
      objects: unauthorised.slice(0, 5).map(({ config }) => nodeRef(config.name)),
      next: 'Give the cluster’s identity Network Contributor on the subnet: there is room, it may not take it.',
    });
  if (others.length > 0)
    causes.push({
      ...{ id: 'request-failed', confidence: 'likely' },
      text: `Requests for addresses fail: ${names(others.map(({ reason }) => reason))}.`,
      objects: others.slice(0, 5).map(({ config }) => nodeRef(config.name)),
      next: 'Read the log of azure-cns on these nodes, and the NodeNetworkConfig.',
    });
  if (ranges.length > 0)
    causes.push({
      ...{ id: 'ranges-used-up', confidence: 'certain' },
      text: `Cilium has no addresses left for ${count(ranges.length, 'node')}: ${ranges[0]?.error ?? ''}.`,
      objects: ranges.slice(0, 5).map(({ node }) => nodeRef(node)),
      next: 'Add another range to cluster-pool-ipv4-cidr, or nodes with ranges of their own.',
    });
  if (causes.length > 0) return { evidence, causes };
  return { evidence: [speaksAgainst('no node is refused addresses', 'nodenetworkconfigs, ciliumnodes'), ...evidence] };
}

/** On an overlay a node has a range of its own, and the kubelet's limit is what is reached first. */
function perNode(state: RunState): Looked {
  const full = addresses(state.snapshot).fullNodes.filter(({ node }) => concerns(state, node));
  const reached = full.filter(({ used, most }) => used >= most);
  if (full.length === 0) return nothingOf('no node has nine tenths of the pods it may have', 'pods');
  const evidence = full
    .slice(0, 4)
    .map(({ node, used, most }) =>
      speaksFor(`${node}: ${number(used)} of ${number(most)} pods`, 'pods', nodeRef(node)),
    );
  if (reached.length === 0) return { evidence: evidence.map((one) => ({ ...one, speaks: 'neither' as const })) };
  return {
    evidence,
    causes: [
      {
        ...{ id: 'most-pods-reached', confidence: 'certain' },
        text: `${count(reached.length, 'node has', 'nodes have')} all the pods they may have: ${names(reached.map(({ node }) => node))}.`,
        objects: reached.slice(0, 5).map(({ node }) => nodeRef(node)),
        next: 'Scale the pool out, or make one with a larger maxPods: it cannot be changed on a pool that is there.',
      },
    ],
  };
}

function stuck(state: RunState): Looked {
  const waiting = stuckPods(state.snapshot).filter(({ pod }) => concerns(state, pod.node));
  const short = waiting.filter(({ words }) => words.id === 'subnet-full' || words.id === 'no-addresses');
  if (waiting.length === 0) return { evidence: [speaksAgainst('no pod waits for its network', 'events')] };
  if (short.length === 0)
    return {
      evidence: [
        speaksAgainst(
          `${count(waiting.length, 'pod waits', 'pods wait')}, none for lack of addresses: ${names(waiting.map(({ words }) => words.text))}`,
          'events',
        ),
      ],
    };
  return {
    evidence: [
      speaksFor(
        `${count(short.length, 'pod waits', 'pods wait')} for an address: "${short[0]?.event.message ?? ''}"`,
        'events',
      ),
    ],
  };
}

async function cnsSays(state: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  mustRead(state, ['nodes', 'systemPods', 'daemonSets']);
  const all = cns(state.snapshot).filter(({ node }) => concerns(state, node.name));
  // Of a node that is silent nobody knows how its azure-cns is, and no pod is sent there.
  const silent = all.filter(({ node }) => node.ready === 'Unknown');
  const down = all.filter(({ ready, node, pod }) => !ready && node.ready !== 'Unknown' && !isStarting(pod, state.now));
  const refused = new Set(addresses(state.snapshot).refused.map(({ config }) => config.name));
  const asked = down[0] ?? all.find(({ node }) => refused.has(node.name)) ?? all[0];
  const text =
    down.length === 0
      ? silent.length === 0
        ? `azure-cns is ready on all ${all.length} nodes`
        : `azure-cns is ready on all ${all.length - silent.length} nodes that answer`
      : `azure-cns is not ready on ${count(down.length, 'node')}: ${names(down.map(({ node }) => node.name))}`;
  const status = down.length === 0 ? seen(text, 'pod status') : speaksFor(text, 'pod status');
  const causes: readonly Cause[] =
    down.length === 0
      ? []
      : [
          {
            ...{ id: 'cns-down', confidence: 'likely' },
            text: `${text}: that, and no lack of addresses, is why pods there get none.`,
            objects: down.slice(0, 5).map(({ node }) => nodeRef(node.name)),
            next: 'Runbook pods-stuck-creating says why it is not ready.',
          },
        ];
  if (asked?.pod === undefined) return { evidence: [status], causes };
  const { namespace, name: pod, containers } = asked.pod;
  const container = containers.find(({ init }) => !init)?.name ?? 'cns-container';
  try {
    const { evidence, patterns } = await classifiedLog(
      asks,
      { namespace, pod, container, program: 'cns', tailLines: 500 },
      signal,
    );
    const empty = patterns.has('cns-pool-empty') || patterns.has('subnet-full');
    return { evidence: [status, ...(empty || down.length > 0 ? evidence : [])], causes };
  } catch (error) {
    if (signal.aborted) throw error;
    return {
      evidence: [status],
      causes,
      missed: `the log of ${pod}: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}
