import type { Finding, Judgement } from '../../model/finding.ts';
import type { Link } from '../../model/link.ts';
import type { Snapshot } from '../../model/snapshot.ts';

/**
 * The one object `check --json` prints. Times are RFC 3339 in UTC, ages are seconds, `null` = never heard. `readAt`: when
 * this was read from a file, ms: nothing of it is live any more, so `phase` says stale, `phaseThen` what it was when it was
 * taken, and ages are counted up to then.
 */
export function asJson(judgement: Judgement, snapshot: Snapshot, startedAt: number, readAt?: number): string {
  const { context, server, kubernetesVersion } = snapshot.cluster;
  const answer = {
    version: 1,
    command: 'check',
    cluster: { context, server, kubernetesVersion },
    startedAt: new Date(startedAt).toISOString(),
    links: linksOf(snapshot).map(([source, { phase, heard }]) => ({
      source,
      ...(readAt === undefined ? { phase } : { phase: phase === 'live' ? 'stale' : phase, phaseThen: phase }),
      age: heard === 0 ? null : Math.max(0, Math.round(((readAt ?? judgement.at) - heard) / 1000)),
    })),
    findings: judgement.findings.map(findingAsJson),
    notLookedAt: [...judgement.notLookedAt, ...judgement.notAsked],
  };
  return `${JSON.stringify(answer, null, 2)}\n`;
}

/** The watched kinds, then what else was asked for. */
function linksOf({ links, facts }: Snapshot): [string, Link][] {
  const asked = Object.entries(facts).map(([fact, { link }]): [string, Link] => [fact, link]);
  return [...links, ...asked];
}

/** The shape every command prints a finding in. What a finding explains is part of its evidence. */
function findingAsJson(finding: Finding) {
  const { id, severity, title, objects, since, next } = finding;
  return {
    id,
    severity,
    title,
    objects: objects.map(({ kind, namespace, name }) => (namespace ? { kind, namespace, name } : { kind, name })),
    evidence: [...finding.evidence, ...explained(finding)],
    ...(since ? { since: new Date(since).toISOString() } : {}),
    next,
  };
}

/** What the finding explains, a line each. */
export function explained({ explains }: Finding): string[] {
  return (explains ?? []).map(({ title, reach }) => `explains: ${title}${reach ? ` (${reach})` : ''}`);
}
