import type { FiredAlert } from '../../model/azure/azure-facts.ts';
import type { ManagedCluster } from '../../model/azure/managed-cluster.ts';
import { nameOfResource } from '../../model/azure/resource-id.ts';
import type { MetricSeries } from '../../model/metrics.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { age, number } from '../../ui/text.ts';
import type { Glyphs, Theme, Tone } from '../../ui/theme.ts';
import { sparkline } from '../../ui/widgets/charts.ts';
import { staleMark, troubleLines } from '../fact-spans.ts';
import type { Page } from '../page.ts';
import { span } from '../spans.ts';

/** When Azure changes the cluster by itself, who may ask its API server, what alerts fired, and what Azure measures. */
export function upkeepLines(page: Page, snapshot: Snapshot, theme: Theme, columns: number, now: number): void {
  const cluster = snapshot.facts.arm?.value;
  if (cluster === undefined) return;
  const { glyphs } = theme;
  page.section('Upkeep and access', 'by Azure');
  page.field('by itself', [
    span(`versions ${cluster.upgradeChannel || 'none'}, node images ${cluster.nodeOsUpgradeChannel || 'not said'}`),
    span(/^auto$/i.test(cluster.nodeProvisioning) ? ' · node auto-provisioning' : '', 'dim'),
  ]);
  windowLines(page, snapshot, glyphs, now);
  page.field('API server', [span(apiServer(cluster))]);
  const { outboundType, staticEgressGateway } = cluster.network;
  page.field('outbound', [
    span(outboundType || 'not said'),
    span(staticEgressGateway ? ' · static egress gateway' : '', 'dim'),
  ]);
  const mesh = cluster.serviceMesh === '' ? '' : ` · service mesh ${cluster.serviceMesh}`;
  page.field('accounts', [
    span(`local accounts ${cluster.localAccountsDisabled ? 'off' : 'on'}`),
    span(` · identity ${cluster.identity || 'not said'}${mesh}`, 'dim'),
  ]);
  alertLines(page, snapshot, glyphs, now);
  metricLines(page, snapshot, theme, columns, now);
}

function windowLines(page: Page, snapshot: Snapshot, glyphs: Glyphs, now: number): void {
  const windows = snapshot.facts.armMaintenance?.value;
  if (windows === undefined) {
    troubleLines(page, 'windows', 'armMaintenance', snapshot, glyphs, now);
    return;
  }
  if (windows.length === 0) {
    page.field('windows', [span('none: changes may come at any time', 'dim')]);
    return;
  }
  for (const [index, { name, schedule, durationHours, startTime, utcOffset }] of windows.entries()) {
    const when = startTime === '' ? '' : ` from ${startTime} ${utcOffset}`.trimEnd();
    page.field(index === 0 ? 'windows' : '', [
      span(`${schedule || 'no schedule'}${durationHours > 0 ? `, ${durationHours}h${when}` : ''}`),
      span(` · ${purposes[name.toLowerCase()] ?? name}`, 'dim'),
      ...staleMark('armMaintenance', snapshot, glyphs, now),
    ]);
  }
}

/** The names that AKS itself gives to windows. */
const purposes: Readonly<Record<string, string>> = {
  default: 'AKS releases',
  aksmanagedautoupgradeschedule: 'Kubernetes upgrades',
  aksmanagednodeosupgradeschedule: 'node images',
};

function apiServer({ apiServer, fqdn, privateFqdn }: ManagedCluster): string {
  if (apiServer.isPrivate) return `private ${privateFqdn || fqdn}`;
  const ranges = apiServer.authorizedRanges;
  if (ranges.length === 0) return 'public, from everywhere';
  const [first, ...others] = ranges;
  return `public, from ${first}${others.length === 0 ? '' : ` and ${others.length} more`}`;
}

/** More than these are an inventory. */
const mostAlerts = 5;

function alertLines(page: Page, snapshot: Snapshot, glyphs: Glyphs, now: number): void {
  const alerts = snapshot.facts.alerts?.value;
  if (alerts === undefined) {
    if (snapshot.facts.alerts !== undefined) {
      page.section('Alerts');
      troubleLines(page, '', 'alerts', snapshot, glyphs, now);
    }
    return;
  }
  const open = alerts.fired.filter(({ condition }) => !/^resolved$/i.test(condition));
  const rules = `${number(alerts.rules.length)} rule${alerts.rules.length === 1 ? '' : 's'}`;
  page.section('Alerts', `${rules}, ${number(open.length)} fired in a day`);
  if (alerts.rules.length === 0)
    page.prose('Nobody would be told: ciliscope plan alerts writes the usual rules.', 'dim');
  for (const alert of open.slice(0, mostAlerts)) alertLine(page, alert, glyphs, now);
  if (open.length > mostAlerts) page.prose(`and ${number(open.length - mostAlerts)} more`, 'dim');
}

function alertLine(
  page: Page,
  { id, name, severity, state, at, target }: FiredAlert,
  glyphs: Glyphs,
  now: number,
): void {
  const sign = severity <= 1 ? 'error' : severity === 2 ? 'warning' : 'unknown';
  page.line(
    [
      span(`${glyphs[sign]} Sev${severity} `, sign),
      span(name),
      span(` · ${age(now - at)} ago · ${state}${target === '' ? '' : ` · ${nameOfResource(target)}`}`, 'dim'),
    ],
    { id: `alert ${id}`, troubled: sign !== 'unknown' },
  );
}

function metricLines(page: Page, snapshot: Snapshot, theme: Theme, columns: number, now: number): void {
  const fact = snapshot.facts.platformMetrics;
  if (fact === undefined) return;
  page.section('Measured by Azure', 'the last hours, some minutes late');
  const series = (fact.value ?? []).filter(({ points }) => points.some(({ value }) => value !== null));
  if (fact.value === undefined) {
    troubleLines(page, '', 'platformMetrics', snapshot, theme.glyphs, now);
    return;
  }
  if (series.length === 0) {
    page.prose('Azure has measured nothing yet.', 'dim');
    return;
  }
  const width = Math.max(...series.map(({ name }) => wordsOf(name).length));
  const room = Math.max(0, Math.min(60, columns - width - 14));
  for (const one of series) metricLine(page, one, theme, width, room);
}

function metricLine(page: Page, { name, unit, points }: MetricSeries, theme: Theme, width: number, room: number): void {
  const values = points.flatMap(({ value }) => value ?? []);
  const last = values.at(-1) ?? 0;
  const isShare = /percent/i.test(unit);
  const tone: Tone = isShare && last >= 95 ? 'error' : isShare && last >= 80 ? 'warning' : 'plain';
  page.line(
    [
      span(wordsOf(name).padEnd(width + 1), 'dim'),
      span(`${isShare ? `${Math.round(last)}%` : number(last)}`.padStart(7), tone),
      span(`  ${sparkline(theme, values, Math.min(room, values.length), isShare ? 100 : undefined)}`, 'accent'),
    ],
    { id: `metric ${name}`, troubled: tone === 'error' || tone === 'warning' },
  );
}

/** `node_cpu_usage_percentage` → `node cpu usage`. */
function wordsOf(name: string): string {
  return name.replace(/_percentage$/, '').replaceAll('_', ' ');
}
