import type { AgentService } from '../agent-says/agent-says.ts';
import { ciliumConfig } from '../cluster-mode.ts';
import type { EndpointSliceRow, ServiceRow } from '../objects/others.ts';
import { refText } from '../ref.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Difference } from './truth.ts';

/**
 * Where the node's load balancer sends to, against the EndpointSlices. `only`: of services that send to this address.
 * A backend that no slice has is the sign of cilium#48050: removals that the agent missed.
 */
export function compareBackends(
  snapshot: Snapshot,
  node: string,
  services: readonly AgentService[],
  only: string | undefined,
): { differences: Difference[]; count: number } {
  // With these the agent rightly leaves out what is far away.
  const leavesOut = ciliumConfig(snapshot)['enable-service-topology'] === 'true';
  const slices = slicesByService(snapshot);
  const differences: Difference[] = [];
  let count = 0;
  for (const said of services) {
    const service = serviceOf(snapshot, said);
    const port = service?.ports.find((one) => one.port === said.frontend.port);
    // Node ports and addresses from outside have the same backends; a service that is just gone is not judged by them.
    if (service === undefined || port === undefined || said.type === 'ExternalName') continue;
    const wanted = wantedOf(slices.get(`${service.namespace}/${service.name}`) ?? [], port.name);
    if (only !== undefined && !wanted.has(only) && !said.backends.some(({ ip }) => ip === only)) continue;
    count += 1;
    const differs = (type: 'backend-leftover' | 'backend-missing', ip: string, text: [string, string]): void => {
      if (only !== undefined && ip !== only && type === 'backend-missing') return;
      differences.push({
        ...{ type, aspect: 'backends', node, key: `${said.frontend.port} ${ip}` },
        object: { kind: 'Service', namespace: service.namespace, name: service.name },
        intended: { text: text[0], source: `EndpointSlices of ${refText({ kind: 'Service', ...service })}` },
        realised: { text: text[1], source: `cilium-dbg service list on ${node}` },
      });
    };
    const frontend = `${said.frontend.ip}:${said.frontend.port}`;
    for (const { ip, port: target, state } of said.backends) {
      if (!wanted.has(ip))
        differs('backend-leftover', ip, [`${ip} is in none`, `${frontend} sends to ${ip}:${target} (${state})`]);
    }
    if (said.local || leavesOut) continue;
    for (const [ip, ready] of wanted) {
      if (ready && !said.backends.some((one) => one.ip === ip))
        differs('backend-missing', ip, [`${ip} is ready`, `${frontend} does not send to ${ip}`]);
    }
  }
  return { differences, count };
}

function serviceOf({ tables }: Snapshot, said: AgentService): ServiceRow | undefined {
  const named = tables.services.named(said.namespace, said.name);
  const address = said.frontend.ip;
  if (named !== undefined) return named.clusterIP === address || named.ips.includes(address) ? named : undefined;
  return said.name === ''
    ? [...tables.services.rows.values()].find(({ clusterIP }) => clusterIP === address)
    : undefined;
}

function slicesByService({ tables }: Snapshot): ReadonlyMap<string, readonly EndpointSliceRow[]> {
  return Map.groupBy(tables.endpointSlices.rows.values(), ({ namespace, service }) => `${namespace}/${service}`);
}

/** Addresses of that port, and whether they are ready. A slice without ports leads nowhere: a target port that no container has. */
function wantedOf(slices: readonly EndpointSliceRow[], port: string): ReadonlyMap<string, boolean> {
  const wanted = new Map<string, boolean>();
  for (const slice of slices) {
    if (!slice.ports.some(({ name }) => name === port)) continue;
    for (const { ip, ready } of slice.endpoints) wanted.set(ip, ready || wanted.get(ip) === true);
  }
  return wanted;
}
