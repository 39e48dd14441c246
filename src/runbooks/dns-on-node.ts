// What stands between a pod and CoreDNS on its own node: a local cache, the agent’s DNS proxy, the names it learnt.
import { names } from '../checks/words.ts';
import { UserError } from '../errors.ts';
import type { PodRow } from '../model/objects/pod.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { agentOn, agentRef } from './agent-on-node.ts';
import { findingsOf, nothingOf, seen, speaksAgainst, speaksFor, toldBy } from './look.ts';
import type { LookAsks, Looked, RunState } from './runbook.ts';

export function podOf({ snapshot, target }: RunState): PodRow | undefined {
  return target && snapshot.tables.pods.named(target.namespace ?? '', target.name);
}

export function localCache(state: RunState): Looked {
  const found = findingsOf(state, ['dns/node-local-not-allowed']);
  if (found.length === 0) return nothingOf('no cache on the nodes is left out', 'checks');
  return {
    evidence: found.flatMap((finding) => toldBy(finding)),
    causes: [
      {
        ...{
          id: 'local-cache-not-allowed',
          confidence: 'likely',
          objects: found.flatMap(({ objects }) => objects).slice(0, 5),
        },
        text: found[0]?.title ?? 'A cache on the nodes is not allowed.',
        next: found[0]?.next ?? 'Allow port 53 to the cache as well.',
      },
    ],
  };
}

/** Rules by name are learnt from answers that go through a proxy: that of ACNS on AKS. */
export function usesNames({ tables }: Snapshot): boolean {
  return [tables.ciliumNetworkPolicies, tables.ciliumClusterwideNetworkPolicies].some((table) =>
    [...table.rows.values()].some(({ body }) => JSON.stringify(body).includes('"toFQDNs"')),
  );
}

export function dnsProxy(state: RunState): Looked {
  const set = state.snapshot.tables.daemonSets.named('kube-system', 'acns-security-agent');
  if (set === undefined)
    return {
      evidence: [
        seen('there is no acns-security-agent: names go through the agent’s own proxy, or through none', 'daemonSets'),
      ],
    };
  const node = podOf(state)?.node ?? '';
  const pod = state.snapshot.tables.pods
    .by('owner', 'DaemonSet/kube-system/acns-security-agent')
    .find((one) => one.node === node);
  const about = pod && { kind: 'Pod', namespace: pod.namespace, name: pod.name };
  if (pod?.ready) return { evidence: [speaksAgainst(`acns-security-agent is ready on ${node}`, 'pod status', about)] };
  return {
    evidence: [speaksFor(`acns-security-agent on ${node}: ${pod?.status ?? 'no pod'}`, 'pod status', about)],
    causes: [
      {
        ...{ id: 'dns-proxy-down', confidence: 'certain', objects: about === undefined ? [] : [about] },
        text: `The DNS proxy of ${node} is not ready: names that policies go by are not resolved there.`,
        next: 'Read the log of acns-security-agent there, and delete its pod once.',
      },
    ],
  };
}

export async function learntNames(state: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const agent = agentOn(state, podOf(state)?.node ?? '');
  if (agent === undefined) throw new UserError('the node of the pod is not known');
  const source = 'exec cilium-dbg fqdn cache list';
  const learnt = await asks.agent(agent, 'names', signal);
  const { endpointId = 0 } =
    state.snapshot.tables.ciliumEndpoints.named(state.target?.namespace ?? '', state.target?.name ?? '') ?? {};
  const own = learnt.filter(({ endpoint }) => endpoint === endpointId);
  const told =
    own.length === 0
      ? 'it has learnt no name for this pod'
      : `for this pod it knows ${names(
          own.map(({ name }) => name),
          5,
        )}`;
  return { evidence: [seen(told, source, agentRef(agent))] };
}
