import { agentDaemonSet, ciliumConfig } from '../cluster-mode.ts';
import { kinds } from '../kinds.ts';
import type { RawObject } from '../objects/row.ts';
import type { Snapshot } from '../snapshot.ts';
import { versionOfImage } from '../versions.ts';
import type { PolicyFacts } from './facts.ts';
import type { KnownPolicies } from './known-policies.ts';
import { type Modes, readModes } from './modes.ts';
import type { PolicySummary } from './policy-asks.ts';
import { policySummary } from './policy-summary.ts';
import { POLICY_SOURCES, TIERED_SOURCES } from './read-facts.ts';
import { readTieredPolicy } from './read-tiered-policy.ts';
import {
  addressesOf,
  agentsOf,
  createPodReader,
  groupFacts,
  namespaceLabels,
  nodeFacts,
  podIdentity,
  policyFacts,
  serviceFacts,
} from './row-facts.ts';
import { type PolicyKind, type PolicyRef, policyKey } from './rule.ts';
import { unreadSources } from './unread-sources.ts';
import { createEngine } from './verdict.ts';

/** The policies of the cluster that is being watched, with all that verdicts rest on. */
export type LivePolicies = KnownPolicies & {
  /** Grows when some verdict or lint may differ from before; not with every pod that comes and goes. */
  revision: number;
  /** By policyKey. */
  summaries: ReadonlyMap<string, PolicySummary>;
};

/** As the snapshot has it now. */
export function livePolicies(snapshot: Snapshot): LivePolicies {
  const state = snapshot.memo.once('live policies', () => ({ revision: 0 }));
  const tables = Object.values(snapshot.tables);
  return snapshot.memo.same('live policies now', tables, JSON.stringify(unreadSources(snapshot)), () => {
    state.revision += 1;
    return readAll(snapshot, state.revision);
  });
}

function readAll(snapshot: Snapshot, revision: number): LivePolicies {
  const unread = unreadSources(snapshot);
  const engine = createEngine(factsOf(snapshot, unread.decisive));
  const { policies } = engine.index.facts;
  return {
    engine,
    revision,
    summaries: new Map(policies.map((policy) => [policyKey(policy.ref), policySummary(policy, engine.index)])),
    edits: [],
    unread: unread.sentences,
    written: (ref) => writtenPolicy(snapshot, ref),
  };
}

function factsOf(snapshot: Snapshot, unread: readonly string[]): PolicyFacts {
  const { tables } = snapshot;
  const modes = modesOf(snapshot);
  const identities = new Map([...tables.ciliumIdentities.rows.values()].map((row) => [row.id, row.securityLabels]));
  const readPod = createPodReader();
  return {
    modes,
    pods: [...tables.pods.rows.values()].map((row) => {
      const endpoint = tables.ciliumEndpoints.named(row.namespace, row.name);
      return readPod(
        row,
        podIdentity(endpoint, (id) => (id === 0 ? undefined : identities.get(id))),
      );
    }),
    namespaces: new Map([...tables.namespaces.rows.values()].map((row) => [row.name, namespaceLabels(row)])),
    nodes: [...tables.nodes.rows.values()].map(nodeFacts),
    services: [...tables.services.rows.values()].map((row) => {
      const slices = tables.endpointSlices.by('owner', `${row.namespace}/${row.name}`);
      return serviceFacts(row, slices.length === 0 ? undefined : slices);
    }),
    groups: [...tables.ciliumCidrGroups.rows.values()].map(groupFacts),
    policies: POLICY_SOURCES.flatMap((id) =>
      [...tables[id].rows.values()].map((row) => policyFacts(row, kinds[id].kind as PolicyKind, modes)),
    ),
    tiered: TIERED_SOURCES.flatMap((id) =>
      [...tables[id].rows.values()].map((row) => readTieredPolicy(row, kinds[id].kind)),
    ),
    apiServers: tables.endpointSlices.by('owner', 'default/kubernetes').flatMap(addressesOf),
    unread,
    problems: [],
  };
}

function modesOf(snapshot: Snapshot): Modes {
  const set = agentDaemonSet(snapshot);
  const versions = (set?.images ?? []).map((image) => versionOfImage(image.slice(image.indexOf('=') + 1))?.version);
  const version = versions.find((one) => one !== undefined && one !== '') ?? '';
  const agents = agentsOf([...snapshot.tables.daemonSets.rows.values()]);
  // What the agents' DNS proxies have learned is not among what is watched.
  return { ...readModes(ciliumConfig(snapshot), version, 'cilium', agents), namesKnown: false };
}

function writtenPolicy({ tables }: Snapshot, { kind, namespace, name }: PolicyRef): RawObject | undefined {
  const id = POLICY_SOURCES.find((one) => kinds[one].kind === kind);
  const row = id && tables[id].named(namespace, name);
  if (!id || !row) return undefined;
  // Items of a list have no kind of their own.
  return { apiVersion: `${kinds[id].group}/${kinds[id].versions[0]}`, ...row.body, kind };
}
