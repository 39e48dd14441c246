import { type FactId, factNames, isFact } from '../model/facts.ts';
import type { Link, SourceId } from '../model/link.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Check } from './check.ts';
import { age } from './words.ts';

/**
 * Why a check cannot look, and what is there all the same: `old` = what it saw last is old but the best anyone knows;
 * `some` = it may look at what has come, and what it finds counts, but not that it finds nothing.
 */
export type WhyNot = { text: string; rows: 'none' | 'old' | 'some'; unasked?: true };

/** What of a check says on what it rests. */
export type Needs = Pick<
  Check,
  'needs' | 'needsVersion' | 'seenIsEnough' | 'noneIfMissing' | 'goesWithout' | 'perNamespace' | 'cannot'
>;

/** Undefined when everything the check needs is live. */
export function whyNot(check: Needs, snapshot: Snapshot, now: number): WhyNot | undefined {
  if (check.needsVersion && snapshot.cluster.kubernetesVersion === '') {
    return { text: 'not known: the version of Kubernetes', rows: 'none' };
  }
  let partly: WhyNot | undefined;
  for (const source of check.needs) {
    if (isFact(source)) {
      const why = whyNotFact(source, snapshot, now);
      if (why?.rows === 'none') return why;
      partly = why ?? partly;
      continue;
    }
    const link = snapshot.links.get(source);
    if (link?.phase === 'live' && (link.only === undefined || isEnough(check, source, link.only))) continue;
    if (link?.phase === 'live')
      return { text: `only namespace ${link.only} was read: ${plural(source)}`, rows: 'none' };
    if (link?.phase === 'forbidden' && check.goesWithout?.includes(source)) continue;
    if (link?.phase === 'missing' && check.noneIfMissing?.includes(source)) continue;
    if (link?.phase === 'stale')
      partly = { text: `stale: ${plural(source)}, not heard for ${age(now - link.heard)}`, rows: 'old' };
    else if (isUnfinished(link) && check.seenIsEnough?.includes(source))
      partly ??= { text: reason(source, link), rows: 'some' };
    else return { text: reason(source, link), rows: 'none' };
  }
  const unable = check.cannot?.(snapshot, now) ?? '';
  return unable === '' ? partly : { text: unable, rows: 'none' };
}

function whyNotFact(source: FactId, snapshot: Snapshot, now: number): WhyNot | undefined {
  const link = snapshot.facts[source]?.link;
  const name = factNames[source];
  if (link?.phase === 'live') return undefined;
  if (link?.phase === 'stale') return { text: `stale: ${name}, not heard for ${age(now - link.heard)}`, rows: 'old' };
  const unasked = nobodyAsked(source, snapshot);
  if (unasked !== '') return { text: `not asked: ${unasked}`, rows: 'none', unasked: true };
  if (link?.phase === 'forbidden') return { text: `forbidden: ${name}`, rows: 'none' };
  if (link?.phase === 'missing') return { text: `not there: ${name}`, rows: 'none' };
  if (link?.phase === 'failed') return { text: `failed: ${link.problem ?? name}`, rows: 'none' };
  return { text: `asking for ${name}`, rows: 'none' };
}

/**
 * What nobody asked, '' where it was: of Azure one reason for all it knows, so that it is said once. A sign-in that
 * failed was wanted; a cluster that is not in Azure is none the worse for it.
 */
function nobodyAsked(source: FactId, { facts }: Snapshot): string {
  if (source === 'agentMetrics') return facts.agentMetrics === undefined ? factNames.agentMetrics : '';
  if (source === 'truth') return facts.truth === undefined ? 'a truth check (= on a pod or node)' : '';
  if (facts.arm?.link.phase === 'missing') return 'Azure, where this cluster was not found';
  switch (facts.azureLogin?.value?.state) {
    case 'none':
      return 'Azure, which nobody is signed in to';
    case 'asking':
    case 'code':
      return facts.arm?.value === undefined ? 'Azure, which is being signed in to' : '';
    case 'off':
      return 'Azure';
    default:
      return facts[source] === undefined ? 'Azure' : '';
  }
}

/** A list that broke off goes on as well: what has come of it is no less true. */
function isUnfinished(link: Link | undefined): boolean {
  return link === undefined || ['connecting', 'loading', 'failed'].includes(link.phase);
}

/** What a check that looked did not look at, where one namespace was all that could be read; undefined for the rest. */
export function limitOf(check: Check, snapshot: Snapshot): string | undefined {
  const limits = check.needs.flatMap((source) => {
    if (isFact(source)) return [];
    const only = snapshot.links.get(source)?.only;
    return only === undefined || isSystems(source, only) ? [] : [only];
  });
  return limits[0] && `only namespace ${limits[0]} was looked at`;
}

function isEnough(check: Needs, source: SourceId, only: string): boolean {
  return check.perNamespace === true || isSystems(source, only);
}

/** Of these kinds every check looks at kube-system alone. */
function isSystems(source: SourceId, only: string): boolean {
  return only === 'kube-system' && (source === 'daemonSets' || source === 'deployments');
}

function reason(source: SourceId, link: Link | undefined): string {
  const name = plural(source);
  switch (link?.phase) {
    case 'forbidden':
      return `forbidden: list ${name}`;
    case 'missing':
      return `not installed: ${name}`;
    case 'failed':
      if (link.loaded !== undefined) return `not read to the end: ${name}`;
      return link.problem ? `failed: ${link.problem}` : `failed: list ${name}`;
    case 'loading':
      return link.expected ? `loading ${name}: ${link.loaded ?? 0} of ~${link.expected}` : `loading ${name}`;
    default:
      return `loading ${name}`;
  }
}

/** `pods in kube-system` where only those are asked for; otherwise the plural the server knows. */
function plural(source: SourceId): string {
  return source === 'systemPods' ? 'pods in kube-system' : source.toLowerCase();
}
