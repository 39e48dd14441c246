import type { AgentEndpoint } from '../agent-says/agent-says.ts';
import { refText } from '../ref.ts';
import type { Snapshot } from '../snapshot.ts';
import type { IntendedPod } from './intended.ts';
import type { Difference, DifferenceType, TruthTarget } from './truth.ts';

/** The agent's endpoints against the pods that ought to be on its node. */
export function compareEndpoints(
  snapshot: Snapshot,
  target: TruthTarget,
  pods: readonly IntendedPod[],
  node: string,
  endpoints: readonly AgentEndpoint[],
): Difference[] {
  const known = new Map(endpoints.map((one) => [`${one.namespace}/${one.pod}`, one]));
  const list = `cilium-dbg endpoint list on ${node}`;
  const found = pods.flatMap((one) => compareOne(one, node, known.get(`${one.pod.namespace}/${one.pod.name}`), list));
  if (target.kind === 'Pod') return found;
  const leftover = endpoints.filter(
    // The health endpoint and the host have no pod.
    (one) => one.pod !== '' && snapshot.tables.pods.named(one.namespace, one.pod)?.node !== node,
  );
  return [
    ...found,
    ...leftover.map(
      (one): Difference => ({
        ...{ type: 'endpoint-leftover', aspect: 'endpoint', node, key: String(one.id) },
        object: { kind: 'Pod', namespace: one.namespace, name: one.pod },
        intended: { text: `there is no such pod on ${node}`, source: 'Pods' },
        realised: { text: `endpoint ${one.id}, ${one.state}, ${one.addresses.join(', ')}`, source: list },
      }),
    ),
  ];
}

function compareOne(
  { pod, endpoint }: IntendedPod,
  node: string,
  said: AgentEndpoint | undefined,
  list: string,
): Difference[] {
  const object = { kind: 'Pod', namespace: pod.namespace, name: pod.name };
  const differs = (type: DifferenceType, intended: string, source: string, realised: string): Difference => ({
    ...{ type, aspect: 'endpoint', node, object, key: '' },
    intended: { text: intended, source },
    realised: { text: realised, source: list },
  });
  const own = refText(object);
  if (said === undefined) {
    return [differs('endpoint-missing', `runs with address ${pod.ip}`, own, 'the agent has no endpoint for it')];
  }
  const found: Difference[] = [];
  if (!said.addresses.includes(pod.ip)) {
    const realised = `endpoint ${said.id} has ${said.addresses.join(', ') || 'no address'}`;
    found.push(differs('endpoint-address', `address ${pod.ip}`, own, realised));
  }
  if (said.state !== 'ready' && said.state !== '') {
    found.push(differs('endpoint-not-ready', 'runs', own, `endpoint ${said.id} is ${said.state}`));
  }
  if (endpoint !== undefined && endpoint.identity !== 0 && said.identity !== endpoint.identity) {
    const source = refText({ ...object, kind: 'CiliumEndpoint' });
    found.push(
      differs(
        'endpoint-identity',
        `identity ${endpoint.identity}`,
        source,
        `endpoint ${said.id} has identity ${said.identity}`,
      ),
    );
  }
  if (said.wantedRevision > 0 && said.realizedRevision < said.wantedRevision) {
    found.push({
      ...differs('policy-behind', `policies of revision ${said.wantedRevision}`, list, ''),
      realised: { text: `endpoint ${said.id} has those of revision ${said.realizedRevision}`, source: list },
    });
  }
  return found;
}
