import { isDeepStrictEqual } from 'node:util';
import { lacksCilium } from '../cluster-mode.ts';
import { kinds } from '../kinds.ts';
import type { RawObject } from '../objects/row.ts';
import type { Snapshot } from '../snapshot.ts';
import type { PolicyFacts } from './facts.ts';
import type { KnownPolicies } from './known-policies.ts';
import { liveModes } from './live/live-modes.ts';
import { createLivePods, type LivePods } from './live/live-pods.ts';
import { createLiveServices, type LiveServices } from './live/live-services.ts';
import { createLiveSummaries, type LiveSummaries } from './live/live-summaries.ts';
import { createLiveSurroundings, type LiveSurroundings } from './live/live-surroundings.ts';
import { createLiveWritten, type LiveWritten } from './live/live-written.ts';
import type { PolicySummary } from './policy-asks.ts';
import { createPolicyIndex, type PolicyIndex } from './policy-index.ts';
import { POLICY_TABLES } from './policy-tables.ts';
import { POLICY_SOURCES } from './read-facts.ts';
import type { PolicyRef } from './rule.ts';
import { type Unread, unreadSources } from './unread-sources.ts';
import { engineOn } from './verdict.ts';

/** The policies of the cluster that is being watched, with all that verdicts rest on. */
export type LivePolicies = KnownPolicies & {
  /**
   * Grows when some verdict or lint may differ from before: not with a pod that comes to others of its kind, and not
   * with which of a service's own pods are ready.
   */
  revision: number;
  /** By policyKey. */
  summaries: ReadonlyMap<string, PolicySummary>;
};

/** As the snapshot has it now: the same value for as long as nothing that matters changed. */
export function livePolicies(snapshot: Snapshot): LivePolicies {
  return snapshot.memo.once('live policies', createLivePolicies)(snapshot);
}

/** What follows the tables; with other modes all of it begins anew. */
type Parts = {
  modes: PolicyFacts['modes'];
  pods: LivePods;
  services: LiveServices;
  surroundings: LiveSurroundings;
  written: LiveWritten;
};

function createLivePolicies(): (snapshot: Snapshot) => LivePolicies {
  const summaries: LiveSummaries = createLiveSummaries();
  let parts: Parts | undefined;
  let index: PolicyIndex | undefined;
  let hard: readonly unknown[] = [];
  let arrived = false;
  let seen = '';
  let last: LivePolicies | undefined;

  return (snapshot) => {
    const unread = unreadSources(snapshot, lacksCilium(snapshot));
    const now = `${stampOf(snapshot)}|${unread.sentences.join()}`;
    if (last && now === seen) return last;
    seen = now;
    // While pods and their identities arrive each would be put into one class after another.
    arrived ||= !unread.arriving;
    parts = partsFor(snapshot, parts, last);
    const { facts, pods, edits, reasons } = followAll(snapshot, parts, index?.facts, unread, arrived);
    const isNew = index === undefined || index.facts.modes !== facts.modes;
    if (isNew || !index) index = createPolicyIndex(facts, pods.identities);
    else if (facts !== index.facts || pods.identities !== index.identities)
      index = index.withFacts(facts, pods.identities);
    const isHard = reasons.length !== hard.length || reasons.some((one, place) => one !== hard[place]);
    hard = reasons;
    last = {
      engine: last?.engine.index === index ? last.engine : engineOn(index),
      revision: (last?.revision ?? 0) + (isHard ? 1 : 0),
      summaries: summaries.follow(index, pods.touched, !arrived),
      edits,
      unread: isDeepStrictEqual(last?.unread, unread.sentences) && last ? last.unread : unread.sentences,
      written: (ref) => writtenPolicy(snapshot, ref),
    };
    return last;
  };
}

function stampOf({ tables }: Snapshot): string {
  return POLICY_TABLES.map((id) => tables[id].version).join();
}

function partsFor(snapshot: Snapshot, known: Parts | undefined, last: LivePolicies | undefined): Parts {
  const modes = liveModes(snapshot);
  if (known && isDeepStrictEqual(modes, known.modes)) return known;
  return {
    modes,
    pods: createLivePods(modes),
    services: createLiveServices(),
    surroundings: createLiveSurroundings(),
    written: createLiveWritten(modes, last?.edits ?? []),
  };
}

/** What is known now; `reasons` are what makes a revision where one of them is another than before. */
function followAll(
  snapshot: Snapshot,
  { modes, pods: livePods, services: liveServices, surroundings, written }: Parts,
  last: PolicyFacts | undefined,
  unread: Unread,
  arrived: boolean,
) {
  const { moved, ...around } = surroundings.follow(snapshot);
  const pods = arrived ? livePods.follow(snapshot, around.namespaces, moved) : livePods.awaited();
  const { services, apiServers, changes } = liveServices.follow(snapshot);
  const { policies, edits } = written.follow(snapshot);
  const decisive = last && isDeepStrictEqual(last.unread, unread.decisive) ? last.unread : unread.decisive;
  const problems = last?.problems ?? [];
  const next = { modes, pods: pods.pods, ...around, services, policies, apiServers, unread: decisive, problems };
  const isSame = last && Object.entries(next).every(([key, value]) => last[key as keyof PolicyFacts] === value);
  const facts: PolicyFacts = isSame ? last : next;
  const reasons = [...Object.values({ ...around, modes, policies, decisive }), pods.identities, pods.hosts, changes];
  return { facts, pods, edits, reasons };
}

function writtenPolicy({ tables }: Snapshot, { kind, namespace, name }: PolicyRef): RawObject | undefined {
  const id = POLICY_SOURCES.find((one) => kinds[one].kind === kind);
  const row = id && tables[id].named(namespace, name);
  if (!id || !row) return undefined;
  // Items of a list have no kind of their own.
  return { apiVersion: `${kinds[id].group}/${kinds[id].versions[0]}`, ...row.body, kind };
}
