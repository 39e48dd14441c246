import { at, count, list, record, text } from '../objects/raw.ts';
import type { RawObject } from '../objects/row.ts';
import type { AgentEndpoint } from './agent-says.ts';
import { saidList } from './said-json.ts';

/** `cilium-dbg endpoint list -o json`, and `endpoint get`, which answers with a list of one. */
export function readEndpoints(output: string): readonly AgentEndpoint[] | undefined {
  return saidList(output, 20_000, (one) => (count(one['id']) > 0 ? readEndpoint(one) : undefined));
}

function readEndpoint(endpoint: RawObject): AgentEndpoint {
  const status = record(endpoint['status']);
  const identity = record(status['identity']);
  const { namespace, pod } = nameOf(record(status['external-identifiers']));
  const realized = record(at(status, 'policy', 'realized'));
  const wanted = record(at(status, 'policy', 'spec'));
  return {
    id: count(endpoint['id']),
    namespace,
    pod,
    state: text(status['state']),
    identity: count(identity['id']),
    labels: list(identity['labels']).map((label) => text(label)),
    addresses: list(at(status, 'networking', 'addressing'))
      .map(record)
      .flatMap(({ ipv4, ipv6 }) => [text(ipv4), text(ipv6)])
      .filter((address) => address !== ''),
    enforcing: text(realized['policy-enabled']),
    realizedRevision: count(realized['policy-revision']),
    wantedRevision: count(wanted['policy-revision']),
    health: {
      overall: text(at(status, 'health', 'overallHealth')),
      bpf: text(at(status, 'health', 'bpf')),
      policy: text(at(status, 'health', 'policy')),
    },
  };
}

/** Older agents say the two as one, `namespace/pod`. */
function nameOf(external: RawObject): { namespace: string; pod: string } {
  const pod = text(external['k8s-pod-name']);
  if (pod !== '') return { namespace: text(external['k8s-namespace']), pod };
  const [namespace = '', name = ''] = text(external['pod-name'] ?? external['cep-name'], 510).split('/');
  return { namespace, pod: name };
}
