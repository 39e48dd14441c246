// The two other programs of the agent's image that only read: cilium-health and hubble.
import { chanceBetween } from '../chance.ts';
import { isCutOff } from '../lies.ts';
import { isUnready, listOf } from '../scene.ts';
import type { Pod } from '../shapes.ts';
import { type AgentCommand, type Asked, document, refusal } from './command.ts';
import { observeFlows } from './flows.ts';
import { clusterNodes } from './status.ts';

export const healthCommands: readonly AgentCommand[] = [
  {
    words: 'status',
    answer(asked) {
      const nodes = reachability(asked);
      const at = new Date(asked.scene.now() - 20_000).toISOString();
      if (asked.json) {
        return document({
          local: { name: asked.pod.spec?.nodeName },
          nodes: nodes.map(({ name, ip, health, latency, status, pods }) => {
            const probe = { http: { latency, status }, icmp: { latency, status } };
            const late = pods === '' ? latency : 0;
            const toPods = { http: { latency: late, status: pods }, icmp: { latency: late, status: pods } };
            return {
              endpoint: { 'primary-address': { ...toPods, ip: health } },
              'health-endpoint': { 'primary-address': { ...toPods, ip: health } },
              host: { 'primary-address': { ...probe, ip } },
              name,
            };
          }),
          timestamp: at,
        });
      }
      const reachable = nodes.filter((node) => node.status === '').length;
      const lines = nodes.map(
        (node) =>
          `  ${node.name}:\n    Host connectivity to ${node.ip}:\n      ICMP to stack:   ${node.status || `OK, RTT=${node.latency / 1000}µs`}\n`,
      );
      return { stdout: `Probe time:   ${at}\nNodes:        ${reachable}/${nodes.length} reachable\n${lines.join('')}` };
    },
  },
];

export const hubbleCommands: readonly AgentCommand[] = [
  observeFlows,
  {
    words: 'status',
    answer(asked) {
      if (asked.config['enable-hubble'] !== 'true') {
        return refusal(
          'failed getting status: rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix /var/run/cilium/hubble.sock: connect: no such file or directory"',
        );
      }
      const nodes = asked.scene.store.count('Node');
      const flows = chanceBetween(`${asked.pod.metadata.uid} flows`, 2e6, 9e6);
      if (asked.json)
        return document({
          num_flows: '4095',
          max_flows: '4095',
          seen_flows: String(flows),
          num_connected_nodes: nodes,
          version: `cilium v${asked.version}`,
        });
      return {
        stdout: `Healthcheck (via unix:///var/run/cilium/hubble.sock): Ok\nCurrent/Max Flows: 4,095/4,095 (100.00%)\nFlows/s: ${chanceBetween(asked.pod.metadata.uid ?? '', 20, 400)}.${flows % 100}\n`,
      };
    },
  },
];

/** A node answers while its agent runs; seen from an agent that is cut off nobody does. Latency in nanoseconds. */
function reachability(
  asked: Asked,
): { name: string; ip: string; health: string; latency: number; status: string; pods: string }[] {
  const cutOff = isUnready(asked.scene, asked.pod);
  const agents = listOf<Pod>(asked.scene, 'Pod', 'kube-system').filter(
    (pod) => pod.metadata.labels?.['k8s-app'] === 'cilium',
  );
  const running = new Set(agents.filter((pod) => pod.status?.phase === 'Running').map((pod) => pod.spec?.nodeName));
  return clusterNodes(asked).map((node) => {
    const own = node.name === asked.pod.spec?.nodeName;
    const answers = own || (!cutOff && running.has(node.name));
    // Only what pods send is encrypted: nodes reach each other all the same.
    const encrypted = answers && !isCutOff(asked.scene, asked.pod.spec?.nodeName ?? '', node.name);
    return {
      ...node,
      latency: answers ? chanceBetween(`${asked.pod.metadata.uid} ${node.name}`, 180_000, 1_900_000) : 0,
      status: answers ? '' : 'Connection timed out',
      pods: encrypted ? '' : 'Connection timed out',
    };
  });
}
