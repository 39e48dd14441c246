import type { AuditStory } from '../../model/audit-story.ts';
import { clock } from '../../model/clock.ts';
import type { Finding } from '../../model/finding.ts';
import { type AgentMetrics, dropsOfCluster } from '../../model/metrics.ts';
import { networkPods } from '../../model/network-pods.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { TimelineEntry } from '../../model/timeline.ts';
import type { Chart, ChartLine, ChartSpan } from './chart.ts';
import type { Sample } from './session-record.ts';

export type ChartInput = {
  snapshot: Snapshot;
  findings: readonly Finding[];
  timeline: readonly TimelineEntry[];
  audit: readonly AuditStory[];
  samples: readonly Sample[];
  from: number;
  now: number;
};

/** The charts of a report: what was wrong when, drops by reason and by node, how late slices are, how much changes. */
export function incidentCharts(input: ChartInput): readonly Chart[] {
  return [findingsChart(input), dropsChart(input), nodesChart(input), lagChart(input), churnChart(input)];
}

const mostLines = 6;
const mostBars = 15;
const mostSpans = 18;

function findingsChart({ findings, timeline, audit, from, now }: ChartInput): Chart {
  const title = 'Findings over time';
  const told = findings.slice(0, mostSpans).map((finding): ChartSpan => {
    const since = finding.since ?? finding.told ?? now;
    return {
      label: finding.title,
      tone: finding.severity,
      from: Math.max(from, since),
      until: now,
      open: since < from,
    };
  });
  const changes = timeline.filter(({ at, what }) => at >= from && deeds.has(what));
  const marks = [
    ...changes.map(({ at, what, object }) => ({ at, label: `${what} ${object.kind} ${object.name}` })),
    ...audit.filter(({ about }) => about === 'change').map(({ at, title }) => ({ at, label: `we: ${title}` })),
  ];
  if (told.length === 0 && marks.length === 0)
    return { type: 'nothing', title, note: 'Nothing was found, and nobody changed anything.' };
  const left = findings.length - told.length;
  const more = left > 0 ? ` ${left} more findings are in the text.` : '';
  const note = `Each bar begins when a finding did, where that is known, else when it was first told; below, what somebody changed.${more}`;
  return { type: 'spans', title, note, from, until: now, spans: told, marks };
}

/** What people do, rather than what follows from it. */
const deeds: ReadonlySet<string> = new Set([
  'created',
  'edited',
  'deleted',
  'scaled',
  'rollout',
  'image',
  'cordoned',
  'replaced',
]);

function dropsChart({ snapshot, samples, now }: ChartInput): Chart {
  const title = 'Drops by reason';
  const metrics = snapshot.facts.agentMetrics?.value;
  const measured = samples.filter(({ drops }) => drops !== undefined);
  const reasons = [...new Set(measured.flatMap(({ drops }) => [...(drops?.keys() ?? [])]))];
  const sums = reasons.map((reason) => ({
    reason,
    sum: measured.reduce((sum, { drops }) => sum + (drops?.get(reason) ?? 0), 0),
  }));
  const loud = sums.filter(({ sum }) => sum > 0).toSorted((a, b) => b.sum - a.sum);
  const [first, last] = [samples[0], samples.at(-1)];
  if (measured.length >= 3 && first !== undefined && last !== undefined) {
    const lines = loud.slice(0, mostLines).map(
      ({ reason }): ChartLine => ({
        label: reason,
        points: samples.map(({ at, drops }) => ({ at, value: drops === undefined ? null : (drops.get(reason) ?? 0) })),
      }),
    );
    const note = `As the agents count them${metrics === undefined ? '' : `, ${coverage(metrics, snapshot, now)}`}.`;
    if (lines.length > 0) return { type: 'lines', title, note, unit: 'drops/s', from: first.at, until: last.at, lines };
    return {
      type: 'nothing',
      title,
      note: `Nothing was dropped from ${clock(first.at)} to ${clock(last.at)}. ${note}`,
    };
  }
  if (metrics === undefined || metrics.agents.length === 0) {
    return { type: 'nothing', title, note: unread(snapshot) };
  }
  const rated = isRated(metrics);
  const bars = dropsOfCluster(metrics).map(({ reason, direction, total, perSecond }) => ({
    label: direction === '' ? reason : `${reason}, ${direction}`,
    value: rated ? (perSecond ?? 0) : total,
  }));
  return barsOrNothing(title, bars, metrics, snapshot, now);
}

function nodesChart({ snapshot, now }: ChartInput): Chart {
  const title = 'Drops by node';
  const metrics = snapshot.facts.agentMetrics?.value;
  if (metrics === undefined || metrics.agents.length === 0) return { type: 'nothing', title, note: unread(snapshot) };
  const rated = isRated(metrics);
  const bars = metrics.agents.map(({ node, drops, dropsPerSecond }) => ({
    label: node,
    value: rated ? (dropsPerSecond ?? 0) : drops.reduce((sum, { total }) => sum + total, 0),
  }));
  return barsOrNothing(title, bars, metrics, snapshot, now);
}

/** Rates where any agent was read twice, else what was counted: the same for reasons and for nodes. */
function isRated({ agents }: AgentMetrics): boolean {
  return agents.some(({ dropsPerSecond }) => dropsPerSecond !== null);
}

function barsOrNothing(
  title: string,
  bars: readonly { label: string; value: number }[],
  metrics: AgentMetrics,
  snapshot: Snapshot,
  now: number,
): Chart {
  const rated = isRated(metrics);
  const ground = rated
    ? 'Per second, at the last reading'
    : 'Since each agent began, as it was not watched long enough for rates';
  const note = `${ground}; ${coverage(metrics, snapshot, now)}.`;
  const loud = bars.filter(({ value }) => value > 0).toSorted((a, b) => b.value - a.value);
  if (loud.length === 0)
    return { type: 'nothing', title, note: `${rated ? 'Nothing is dropped' : 'Nothing was dropped'}. ${note}` };
  return { type: 'bars', title, note, unit: rated ? 'drops/s' : 'drops', bars: loud.slice(0, mostBars) };
}

function lagChart({ samples }: ChartInput): Chart {
  const title = 'From endpoint to slice';
  const lines: readonly ChartLine[] = [
    { label: 'p50', points: samples.map(({ at, lagP50 }) => ({ at, value: seconds(lagP50) })) },
    { label: 'p99', points: samples.map(({ at, lagP99 }) => ({ at, value: seconds(lagP99) })) },
  ];
  return linesOrNothing(title, 's', lines, samples, {
    note: 'How long after an endpoint a slice holds it, over the five minutes before each point, as our watches saw it.',
    nothing: 'No endpoint came into a slice while it was watched, so it is not known.',
  });
}

function churnChart({ samples }: ChartInput): Chart {
  const lines: readonly ChartLine[] = [
    { label: 'endpoints', points: samples.map(({ at, endpointChanges }) => ({ at, value: endpointChanges })) },
    { label: 'slices', points: samples.map(({ at, sliceChanges }) => ({ at, value: sliceChanges })) },
  ];
  return linesOrNothing('Changes of endpoints and slices', 'changes/s', lines, samples, {
    note: 'As our watches saw them.',
    nothing: 'It was not watched long enough.',
  });
}

function linesOrNothing(
  title: string,
  unit: string,
  lines: readonly ChartLine[],
  samples: readonly Sample[],
  words: { note: string; nothing: string },
): Chart {
  const [first, last] = [samples[0], samples.at(-1)];
  const known = lines.some(({ points }) => points.filter(({ value }) => value !== null).length >= 2);
  if (!known || first === undefined || last === undefined) return { type: 'nothing', title, note: words.nothing };
  return { type: 'lines', title, note: words.note, unit, from: first.at, until: last.at, lines };
}

function seconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1_000;
}

/** Of agents alone: operators are read, too, and drop nothing. */
function coverage({ agents }: AgentMetrics, snapshot: Snapshot, now: number): string {
  const present = networkPods(snapshot, now).filter(({ role }) => role === 'agent').length;
  return `${agents.length} of ${Math.max(present, agents.length)} agents read`;
}

function unread({ facts }: Snapshot): string {
  const problem = facts.agentMetrics?.link.problem;
  return problem ?? 'The metrics of the agents were not read.';
}
