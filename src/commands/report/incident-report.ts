import { agents, isWanted } from '../../model/agents.ts';
import type { AuditStory } from '../../model/audit-story.ts';
import { clock, dateAndClock } from '../../model/clock.ts';
import { clusterMode } from '../../model/cluster-mode.ts';
import type { Finding, Judgement, Severity } from '../../model/finding.ts';
import type { DoneJob } from '../../model/jobs.ts';
import { operator } from '../../model/operator.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { TimelineEntry } from '../../model/timeline.ts';
import { type Calm, calmWords } from '../../panes/calm-words.ts';
import type { QueryHead, RanRunbook } from '../../panes/query-desk.ts';
import { number } from '../../ui/text.ts';
import { verdictLine } from '../check/as-text.ts';
import type { Chart } from './chart.ts';
import { incidentCharts } from './incident-charts.ts';
import type { Sample } from './session-record.ts';

/** An incident as it is handed over: plain data, of which Markdown and HTML are two ways of writing. */
export type IncidentReport = {
  title: string;
  /** When, over which time, by what: a line. */
  made: string;
  verdict: string;
  /** Of the verdict: the worst finding's, else as the header has it; `ok` only where everything was looked at. */
  tone: Severity | Calm['glyph'];
  facts: readonly (readonly [name: string, value: string])[];
  findings: readonly Finding[];
  /** What may be, and what is over. */
  remarks: readonly string[];
  charts: readonly Chart[];
  /** Oldest first, as a story is told. */
  timeline: readonly TimelineEntry[];
  timelineNote: string;
  jobs: readonly DoneJob[];
  runbooks: readonly RanRunbook[];
  audit: readonly AuditStory[];
  queries: readonly QueryHead[];
  notLookedAt: readonly { what: string; why: string }[];
  /** By the server's clock. */
  now: number;
};

export type ReportInput = {
  snapshot: Snapshot;
  judgement: Judgement;
  now: number;
  sinceMs: number;
  program: string;
  samples: readonly Sample[];
  runbooks: readonly RanRunbook[];
  audit: readonly AuditStory[];
  queries: readonly QueryHead[];
  /** Beyond what checks could not look at: a bundle's gaps. */
  gaps?: readonly { what: string; why: string }[];
};

const mostEntries = 200;

/** It leaves the house: `redact` takes out what looks like a secret in an event or a container's last words. */
export async function incidentReport(
  input: ReportInput,
  redact: (report: Readonly<Record<string, unknown>>) => Promise<unknown>,
): Promise<IncidentReport> {
  return (await redact(whole(input))) as IncidentReport;
}

function whole(input: ReportInput): IncidentReport {
  const { snapshot, judgement, now, sinceMs, program, samples, audit } = input;
  const from = now - sinceMs;
  const told = snapshot.timeline.entries.filter(({ at, last = at }) => last >= from);
  const since = dateAndClock(from);
  return {
    title: `${nameOf(snapshot)}: incident report`,
    made: `${dateAndClock(now)}, looking back to ${since}; by ${program}`,
    verdict: verdictLine(judgement, { ascii: false, columns: 120 }),
    tone: judgement.findings[0]?.severity ?? calmWords(judgement, '', judgement.at).glyph,
    facts: factsOf(snapshot, now),
    findings: judgement.findings,
    remarks: remarksOf(judgement),
    charts: incidentCharts({
      ...{ snapshot, samples, from, now, audit },
      ...{ findings: judgement.findings, timeline: told },
    }),
    timeline: told.slice(0, mostEntries).reverse(),
    timelineNote: timelineNote(snapshot, told.length, from),
    jobs: snapshot.jobs.done,
    runbooks: input.runbooks,
    audit,
    queries: input.queries,
    notLookedAt: [...unseen(judgement, snapshot), ...(input.gaps ?? [])],
    now,
  };
}

/** A context may be called `admin` for every cluster that there is. */
function nameOf({ cluster, facts }: Snapshot): string {
  return facts.arm?.value?.name || cluster.clusterName || cluster.context || cluster.server || 'cluster';
}

function factsOf(snapshot: Snapshot, now: number): IncidentReport['facts'] {
  const { cluster, tables } = snapshot;
  const all = agents(snapshot, now).filter(isWanted);
  const ready = all.filter(({ state }) => state === 'ready').length;
  const versions = [...new Set(all.map(({ version }) => version))].filter((version) => version !== '');
  const { desired, ready: readyOperators, lease } = operator(snapshot, now);
  const arm = snapshot.facts.arm?.value;
  const facts: [string, string][] = [
    ['Cluster', [cluster.clusterName, cluster.context].filter(Boolean).join(', context ')],
    ['API server', cluster.server],
    ['Kubernetes', cluster.kubernetesVersion],
    ['Mode', clusterMode(snapshot).text],
    ['Cilium', versions.join(', ')],
    ['Agents', `${number(ready)} of ${number(all.length)} ready`],
    [
      'Operator',
      `${number(readyOperators)} of ${number(desired)} ready${lease ? `, led by ${lease.holder || 'nobody'}` : ''}`,
    ],
    ['Nodes', number(tables.nodes.rows.size)],
    ['Pods', number(tables.pods.rows.size)],
    [
      'Endpoints',
      `${number(tables.ciliumEndpoints.rows.size)} in ${number(tables.ciliumEndpointSlices.rows.size)} slices`,
    ],
    ['Azure', arm === undefined ? 'not asked' : `${arm.name}, ${arm.location}`],
    ['Seen as', cluster.user],
  ];
  return facts.filter(([, value]) => value !== '');
}

function remarksOf({ waiting, cleared }: Judgement): readonly string[] {
  return [
    ...waiting.map(({ title, count }) => `Suspected, not yet told: ${title} (${number(count)}).`),
    ...cleared.map(({ finding, at }) => `Over since ${clock(at)}: ${finding.title}.`),
  ];
}

function timelineNote({ timeline, links }: Snapshot, entries: number, from: number): string {
  const more = entries > mostEntries ? `The newest ${mostEntries} of ${number(entries)} entries. ` : '';
  const deletes =
    timeline.watchedSince > from ? `Deletions before ${dateAndClock(timeline.watchedSince)} were not seen. ` : '';
  const early =
    timeline.tellsSince > from ? `Of what was before ${dateAndClock(timeline.tellsSince)} only a part is known. ` : '';
  const live = [...links.values()].some(({ phase }) => phase === 'live');
  return `${more}${deletes}${early}${live ? '' : 'No watch is live. '}`.trim();
}

/** Checks by the reason they share, then lists that were not read. */
function unseen({ notLookedAt, notAsked }: Judgement, { links }: Snapshot): IncidentReport['notLookedAt'] {
  const byReason = Map.groupBy([...notLookedAt, ...notAsked], ({ reason }) => reason);
  const lists = [...links].filter(([, { phase }]) => phase === 'forbidden' || phase === 'failed' || phase === 'stale');
  return [
    ...[...byReason].map(([why, entries]) => ({ what: entries.map(({ id }) => id).join(', '), why })),
    ...lists.map(([source, { phase, problem }]) => ({ what: source, why: problem ?? phase })),
  ];
}
