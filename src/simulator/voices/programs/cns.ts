// azure-cns: gives pods their addresses, node by node.

import type { KubeObject } from '../../cluster.ts';
import { chanceBetween } from '../chance.ts';
import { type Program, spread } from '../program.ts';
import { getOf, type Scene } from '../scene.ts';
import type { Pod } from '../shapes.ts';

type NodeNetworkConfig = KubeObject & {
  spec?: { requestedIPCount?: number };
  status?: {
    assignedIPCount?: number;
    status?: string;
    networkContainers?: { status?: string; subnetName?: string }[];
  };
};

export function cnsProgram(scene: Scene, pod: Pod): Program {
  const node = pod.spec?.nodeName ?? '';
  const config = () => getOf<NodeNetworkConfig>(scene, 'NodeNetworkConfig', 'kube-system', node);
  return {
    opening: (at) =>
      spread(at, 80, [
        (t) => json(t, 'info', 'service/main.go:612', 'Running azure-cns', { version: 'v1.7.5', nodeName: node }),
        (t) =>
          json(t, 'info', 'cniconflist/generator.go:74', 'Wrote CNI conflist', {
            path: '/etc/cni/net.d/05-cilium.conflist',
          }),
        (t) => json(t, 'info', 'restserver/api.go:1208', 'HTTP listener started', { address: 'localhost:10090' }),
        (t) =>
          json(t, 'info', 'nodenetworkconfig/reconciler.go:121', 'started reconciler', {
            assigned: config()?.status?.assignedIPCount ?? 0,
          }),
      ]),
    habits: [
      {
        every: 30_000,
        say(at) {
          const { status } = config() ?? {};
          const full = status?.networkContainers?.find((each) => each.status === 'NCUpdateSubnetFullError');
          if (full !== undefined) {
            return json(
              at,
              'error',
              'ipampool/monitor.go:231',
              'not enough IPs available, waiting on Azure CNS to allocate more',
              {
                subnet: full.subnetName ?? '',
                status: 'NCUpdateSubnetFullError',
                allocated: status?.assignedIPCount ?? 0,
              },
            );
          }
          return undefined;
        },
      },
      {
        every: 60_000,
        say: (at, turn) =>
          json(at, 'debug', 'restserver/ipam.go:187', 'RequestIPConfigs', {
            took: `${chanceBetween(`${node} ${turn}`, 100, 900)}µs`,
            assigned: config()?.status?.assignedIPCount ?? 0,
          }),
      },
    ],
    closing: (at, words) =>
      words
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => (line.startsWith('{') ? line : json(at, 'fatal', 'service/main.go:941', line, {}))),
  };
}

function json(
  at: number,
  level: string,
  caller: string,
  message: string,
  fields: Record<string, string | number>,
): string {
  return JSON.stringify({ level, ts: new Date(at).toISOString(), caller, msg: message, ...fields });
}
