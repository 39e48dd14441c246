import type { Lag } from '../../model/churn.ts';
import { clockSecond } from '../../model/clock.ts';
import { ciliumConfig } from '../../model/cluster-mode.ts';
import { lagBounds } from '../../model/lag.ts';
import type { LagSample } from '../../model/lag-sample.ts';
import { writingOperator } from '../../model/metrics.ts';
import { sliceRate } from '../../model/slice-rate.ts';
import { sliceDrift } from '../../model/slices.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { age, number } from '../../ui/text.ts';
import type { Glyphs } from '../../ui/theme.ts';
import type { ScreenLine } from '../LinesScreen.tsx';
import { lagText, seconds } from '../lag-words.ts';
import { createPage, type Page } from '../page.ts';
import { span } from '../spans.ts';
import { openView } from '../views.ts';

/** Undefined value = nobody asked yet. */
export type Sampling = { running: boolean; value: LagSample | undefined; problem: string };

const abnormalMs = 60_000;
const mostStuck = 12;

export function lagPage(
  snapshot: Snapshot,
  sampling: Sampling,
  columns: number,
  glyphs: Glyphs,
  now: number,
): ScreenLine[] {
  const page = createPage(columns, 20);
  steps(page, snapshot);
  histograms(page, snapshot, columns, glyphs);
  stuck(page, snapshot, glyphs, now);
  why(page, snapshot, glyphs);
  nodes(page, sampling, glyphs, now);
  return page.lines;
}

function steps(page: Page, { churn }: Snapshot): void {
  const { addressToEndpoint, endpointToSlice } = churn;
  page.section('Of the last five minutes', 'as our watches saw it');
  page.field('address → endpoint', [span(lagText(addressToEndpoint)), of(addressToEndpoint)]);
  page.field('endpoint → slice', [span(lagText(endpointToSlice)), of(endpointToSlice)]);
  if (addressToEndpoint.count + endpointToSlice.count === 0)
    page.prose('No pod came since we watch: nothing was measured yet.', 'dim');
}

function of({ count }: Lag) {
  return span(count === 0 ? '' : `  of ${number(count)} ${count === 1 ? 'pod' : 'pods'}`, 'dim');
}

/** A row for each span of time, side by side for both steps: a bar, and how many. */
function histograms(page: Page, { churn }: Snapshot, columns: number, glyphs: Glyphs): void {
  const both = [churn.addressToEndpoint.spread ?? [], churn.endpointToSlice.spread ?? []];
  if (both.flat().every((count) => count === 0)) return;
  const room = Math.max(4, Math.min(24, Math.floor((columns - 30) / 2)));
  const most = both.map((counts) => Math.max(1, ...counts));
  page.section('How long it took', 'endpoint, then slice');
  const last = Math.max(...both.map((counts) => counts.findLastIndex((count) => count > 0)));
  for (let row = 0; row <= last; row++) {
    const bars = both.map((counts, index) => {
      const count = counts[row] ?? 0;
      const length = count === 0 ? 0 : Math.max(1, Math.round((count / (most[index] ?? 1)) * room));
      return `${glyphs.full.repeat(length)} ${count === 0 ? '' : number(count)}`.padEnd(room + 8);
    });
    const slow = (lagBounds[row - 1] ?? 0) >= abnormalMs;
    page.line([
      span(bound(row).padStart(8), 'dim'),
      span('  '),
      span(bars.join(' ').trimEnd(), slow ? 'warning' : undefined),
    ]);
  }
}

function bound(row: number): string {
  const upper = lagBounds[row];
  return upper === undefined ? `> ${short(lagBounds.at(-1) ?? 0)}` : `< ${short(upper)}`;
}

function short(ms: number): string {
  return `${ms / 1_000}s`;
}

function stuck(page: Page, snapshot: Snapshot, glyphs: Glyphs, now: number): void {
  const waiting = sliceDrift(snapshot, now)
    .filter(({ what, since }) => what === 'missing' && since > 0)
    .sort((a, b) => a.since - b.since);
  const without = podsWithoutEndpoint(snapshot, now);
  page.section('Waiting now', waiting.length + without.length === 0 ? 'none' : '');
  for (const { namespace, name, since } of without.slice(0, mostStuck)) {
    line(page, 'Pod', namespace, name, now - since, 'has an address and no endpoint', glyphs);
  }
  for (const { namespace, name, since } of waiting.slice(0, mostStuck)) {
    line(page, 'CiliumEndpoint', namespace, name, now - since, 'in no slice', glyphs);
  }
  const left = Math.max(0, waiting.length - mostStuck) + Math.max(0, without.length - mostStuck);
  if (left > 0) page.line([span(`and ${number(left)} more`, 'dim')], { target: { pane: 'slices' } });
}

function line(
  page: Page,
  kind: string,
  namespace: string,
  name: string,
  ms: number,
  what: string,
  glyphs: Glyphs,
): void {
  const ref = { kind, namespace, name };
  const slow = ms >= abnormalMs;
  page.line(
    [
      span(`${slow ? glyphs.warning : glyphs.progress} `, slow ? 'warning' : 'progress'),
      span(age(ms).padStart(4)),
      span(`  ${namespace}/${name}`),
      span(`  ${what}`, 'dim'),
    ],
    { ref, target: openView(ref), troubled: slow },
  );
}

function podsWithoutEndpoint({ tables, links }: Snapshot, now: number) {
  if (links.get('ciliumEndpoints')?.phase !== 'live') return [];
  const found: { namespace: string; name: string; since: number }[] = [];
  for (const pod of tables.pods.rows.values()) {
    if (pod.hostNetwork || pod.ip === '' || pod.phase !== 'Running' || now - pod.created > 60 * 60_000) continue;
    if (tables.ciliumEndpoints.named(pod.namespace, pod.name) === undefined)
      found.push({ namespace: pod.namespace, name: pod.name, since: pod.created });
  }
  return found.sort((a, b) => a.since - b.since);
}

/** What usually makes slices late is the operator: its queue, and how fast it may write. */
function why(page: Page, snapshot: Snapshot, glyphs: Glyphs): void {
  const { churn, facts } = snapshot;
  const metrics = facts.agentMetrics?.value;
  const operator = metrics && writingOperator(metrics);
  const limit = sliceRate(ciliumConfig(snapshot)['ces-rate-limits'], snapshot.tables.nodes.rows.size);
  const writes = mean(churn.slicesPerSecond);
  page.section('The operator');
  page.field('writes slices', [
    span(`${rate(writes)}/s`),
    span(`  may write ${limit.perSecond}/s, ${limit.burst} at once${limit.told ? '' : ', by default'}`, 'dim'),
  ]);
  page.field('endpoints change', [span(`${rate(mean(churn.perSecond))}/s`)]);
  if (operator === undefined)
    page.field('its own queue', [span('not read: its metrics are not asked for, or not to be had', 'dim')]);
  else {
    page.field('its own queue', [
      span(
        operator.queueP50 === null || operator.queueP99 === null
          ? 'not measured yet'
          : `p50 ${seconds(operator.queueP50 * 1_000)} p99 ${seconds(operator.queueP99 * 1_000)}`,
      ),
      span(`  as ${operator.pod} says`, 'dim'),
    ]);
  }
  const late = churn.endpointToSlice.p99 >= 5_000 || churn.waiting > limit.burst;
  if (late && writes >= limit.perSecond * 0.8) {
    page.prose(
      `${glyphs.about} It writes as fast as it may, and changes come faster: slow down what makes pods come and go (3), or on a cluster of your own raise ces-rate-limits.`,
      'warning',
    );
  } else if (late) {
    const words = writes < 0.05 ? 'It writes nothing' : 'It writes far less than it may';
    const next = 'look whether it has a leader (2), and at its log (:logs operator).';
    page.prose(`${glyphs.about} ${words}, and changes wait: ${next}`, 'warning');
  }
}

function mean(perSecond: readonly number[]): number {
  const last = perSecond.slice(-10);
  return last.length === 0 ? 0 : last.reduce((sum, one) => sum + one, 0) / last.length;
}

function rate(value: number): string {
  return value >= 10 ? number(value) : value.toFixed(1);
}

/** The last step is only seen by asking the nodes. */
function nodes(page: Page, { running, value, problem }: Sampling, glyphs: Glyphs, now: number): void {
  page.section(
    'Known to other nodes',
    value === undefined ? 'a asks three of them' : `${clockSecond(value.at)}Z, ${age(now - value.at)} ago`,
  );
  if (running) page.line([span(`${glyphs.progress} asking for their ipcache`, 'progress')]);
  if (problem !== '') page.prose(`${glyphs.unknown} ${problem}`, 'unknown');
  if (value === undefined) return;
  if (value.pods === 0) page.prose('No pod came in the last ten minutes: there is nothing to look for.', 'dim');
  for (const { node, known, missing, unknown, youngestKnownMs } of value.pods === 0 ? [] : value.nodes) {
    const oldest = unknown[0];
    const well = oldest === undefined || oldest.ageMs < abnormalMs;
    page.line(
      [
        span(`${well ? glyphs.ok : glyphs.warning} `, well ? 'ok' : 'warning'),
        span(node),
        span(`  knows ${number(known)} of ${number(known + missing)}`),
        span(youngestKnownMs < 0 ? '' : `, the youngest ${age(youngestKnownMs)} old`, 'dim'),
      ],
      { ref: { kind: 'Node', name: node }, target: openView({ kind: 'Node', name: node }), troubled: !well },
    );
    for (const { namespace, name, ageMs } of unknown.slice(0, 3)) {
      const ref = { kind: 'CiliumEndpoint', namespace, name };
      page.line([span(`    not ${namespace}/${name}`), span(`  ${age(ageMs)} old`, 'dim')], {
        ref,
        target: openView(ref),
      });
    }
  }
}
