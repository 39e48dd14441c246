// A pool being upgraded as AKS does it: one node more, then node after node cordoned, drained, reimaged, back.
import type { Upgrade } from './causes.ts';
import { NO_CNI, taint, untaint } from './controllers/node-lifecycle.ts';
import { end } from './controllers/rollout.ts';
import type { Core } from './core.ts';
import { nodeName, nodeObject } from './inventory/nodes.ts';
import { setCondition } from './pod-object.ts';
import { type Node, timeOf } from './shapes.ts';
import type { NodeRecord } from './view.ts';

/** What the cloud needs, in milliseconds: pods to leave, a machine to be reimaged, a kubelet to be ready. */
const DRAIN = 25_000;
const REIMAGE = 40_000;
const JOIN = 14_000;
const DRAINER = 'aks-node-drainer';

export function runUpgrade(core: Core): { reconsider(): void } {
  let current: Upgrade | undefined;
  let surge = '';

  const inPool = (pool: string) =>
    [...core.view.nodes.values()].filter((node) => node.pool === pool).sort((a, b) => (a.name < b.name ? -1 : 1));

  const begin = (upgrade: Upgrade) => {
    const nodes = inPool(upgrade.pool);
    surge = nodeName(upgrade.pool, nodes.length);
    join(core, upgrade, surge, core.view.nodes.size + 1, nodes[0]);
    const outdated = nodes.map((node) => node.name);
    core.after(upgrade.pace, () => next(upgrade, outdated));
  };

  const next = (upgrade: Upgrade, outdated: string[]) => {
    if (current !== upgrade) return;
    const name = outdated.shift();
    const node = core.view.nodes.get(name ?? '');
    if (name === undefined) {
      drain(core, surge);
      core.after(DRAIN, () => core.remove('Node', '', surge));
      return;
    }
    if (node !== undefined) {
      const index = indexOf(node);
      drain(core, name);
      core.after(DRAIN, () => core.remove('Node', '', name));
      core.after(DRAIN + REIMAGE, () => join(core, upgrade, name, index, node));
    }
    core.after(Math.max(upgrade.pace, DRAIN + REIMAGE + JOIN + 15_000), () => next(upgrade, outdated));
  };

  return {
    reconsider() {
      const { upgrade } = core.causes();
      if (upgrade === current) return;
      current = upgrade;
      if (upgrade !== undefined) begin(upgrade);
    },
  };
}

function drain(core: Core, name: string): void {
  core.edit<Node>('Node', '', name, DRAINER, undefined, (node) => {
    node.spec.unschedulable = true;
    return undefined;
  });
  core.after(1_000, () => {
    for (const pod of [...(core.view.nodes.get(name)?.pods ?? [])])
      if (pod.ownerKind !== 'DaemonSet') end(core, pod, DRAINER);
  });
}

/** A machine that has just booted: its kubelet waits for the network, which waits for CNS and the agent. */
function join(core: Core, upgrade: Upgrade, name: string, index: number, like: NodeRecord | undefined): void {
  const plan = {
    index,
    name,
    pool: upgrade.pool,
    systemPool: like?.labels['kubernetes.azure.com/mode'] === 'system',
    zone: like?.labels['topology.kubernetes.io/zone'] ?? 'westeurope-1',
    kubelet: upgrade.kubelet,
    nodeImage: upgrade.nodeImage,
    created: core.now(),
  };
  const node = nodeObject(plan, core.options, false);
  const waiting = {
    type: 'Ready',
    status: 'False',
    reason: 'KubeletNotReady',
    message: NO_CNI,
  };
  setCondition(node.status, waiting, core.now());
  taint(node, { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule', timeAdded: timeOf(core.now()) });
  core.create(node, 'kubelet');
  core.after(JOIN, () => {
    core.edit<Node>('Node', '', name, 'kubelet', 'status', (object) => {
      setCondition(
        object.status,
        { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' },
        core.now(),
      );
      return undefined;
    });
    core.edit<Node>('Node', '', name, 'kube-controller-manager', undefined, (object) =>
      untaint(object, 'node.kubernetes.io/not-ready') ? undefined : false,
    );
  });
}

/** The place of a node in the address plan, from its address. */
function indexOf(node: NodeRecord): number {
  const [, , third = '0', fourth = '0'] = node.ip.split('.');
  return Number(third) * 256 + Number(fourth) - 4;
}
