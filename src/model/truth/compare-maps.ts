import type { AgentIdentity, AgentMap } from '../agent-says/agent-says.ts';
import { refText } from '../ref.ts';
import type { IntendedPod } from './intended.ts';
import type { Difference } from './truth.ts';

/** What the agent wanted to write into the datapath and could not, by its own account. */
export function compareMaps(node: string, maps: readonly AgentMap[]): Difference[] {
  return maps
    .filter(({ errors }) => errors > 0)
    .map(({ name, entries, errors }) => ({
      ...{ type: 'map-errors', aspect: 'maps', node, key: name },
      object: { kind: 'Node', name: node },
      intended: { text: `${entries} entries in ${name}`, source: 'the agent itself' },
      realised: { text: `${errors} of them could not be written`, source: `cilium-dbg map list on ${node}` },
    }));
}

/** Identities that pods of the node have, and their agent has never heard of. */
export function compareIdentities(
  node: string,
  pods: readonly IntendedPod[],
  identities: readonly AgentIdentity[],
): { differences: Difference[]; count: number } {
  const known = new Set(identities.map(({ id }) => id));
  const owned = pods.flatMap(({ pod, endpoint }) => (endpoint?.complete ? [{ pod, identity: endpoint.identity }] : []));
  const differences = owned
    .filter(({ identity }) => !known.has(identity))
    .map(({ pod, identity }): Difference => {
      const object = { kind: 'Pod', namespace: pod.namespace, name: pod.name };
      return {
        ...{ type: 'identity-unknown', aspect: 'identities', node, object, key: '' },
        intended: { text: `identity ${identity}`, source: refText({ ...object, kind: 'CiliumEndpoint' }) },
        realised: { text: 'the agent knows no identity of that number', source: `cilium-dbg identity list on ${node}` },
      };
    });
  return { differences, count: new Set(owned.map(({ identity }) => identity)).size };
}
