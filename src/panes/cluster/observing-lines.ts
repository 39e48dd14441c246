import type { DiagnosticSetting, Workspace } from '../../model/azure/azure-facts.ts';
import type { ManagedCluster } from '../../model/azure/managed-cluster.ts';
import { nameOfResource } from '../../model/azure/resource-id.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { number } from '../../ui/text.ts';
import type { Glyphs } from '../../ui/theme.ts';
import { staleMark, troubleLines } from '../fact-spans.ts';
import type { Page } from '../page.ts';
import { type Spans, span } from '../spans.ts';

/** What of the network and its logs Azure watches and keeps: a line each. */
export function observingLines(page: Page, snapshot: Snapshot, glyphs: Glyphs, now: number): void {
  const cluster = snapshot.facts.arm?.value;
  if (cluster === undefined) return;
  page.section('Advanced networking, logs', 'by Azure');
  page.field('ACNS', acns(cluster));
  const { monitoring } = cluster;
  const { workspace } = snapshot.facts;
  page.field('logs', [
    ...onOff(monitoring.containerInsights, glyphs),
    span(
      `Container Insights${monitoring.workspace === '' ? '' : ` ${glyphs.arrow} ${nameOfResource(monitoring.workspace)}`}`,
    ),
    ...(monitoring.containerInsights && workspace?.value ? workspaceSpans(workspace.value, glyphs) : []),
    ...staleMark('workspace', snapshot, glyphs, now),
  ]);
  if (workspace !== undefined && workspace.value === undefined && monitoring.containerInsights)
    troubleLines(page, '', 'workspace', snapshot, glyphs, now);
  page.field('flow logs', flowLogs(cluster, snapshot, glyphs));
  page.field('Prometheus', [
    ...onOff(monitoring.managedPrometheus, glyphs),
    span(monitoring.managedPrometheus ? 'managed' : 'not managed by Azure', 'dim'),
  ]);
  auditLine(page, snapshot, glyphs, now);
}

function acns({ acns }: ManagedCluster): Spans {
  if (!acns.enabled) return [span('off', 'dim')];
  const suites = [
    acns.observability ? 'observability' : '',
    acns.security ? `security with ${acns.policies || 'FQDN'} policies` : '',
  ].filter((suite) => suite !== '');
  const more = [
    /^(|none)$/i.test(acns.encryption) ? '' : `encryption ${acns.encryption}`,
    /^(|none)$/i.test(acns.acceleration) ? '' : 'eBPF host routing',
  ].filter((part) => part !== '');
  return [span(suites.join(', ') || 'on, both suites off'), span(more.map((part) => ` · ${part}`).join(''))];
}

function workspaceSpans({ retentionDays, dailyCapGb, capReached }: Workspace, glyphs: Glyphs): Spans {
  const facts = [
    retentionDays > 0 ? `${number(retentionDays)} days` : '',
    dailyCapGb >= 0 ? `at most ${dailyCapGb} GB a day` : '',
  ].filter((fact) => fact !== '');
  return [
    span(facts.map((fact) => ` · ${fact}`).join(''), 'dim'),
    ...(capReached ? [span(` ${glyphs.warning} today's cap is reached: nothing is taken in`, 'warning')] : []),
  ];
}

function flowLogs({ monitoring }: ManagedCluster, { tables }: Snapshot, glyphs: Glyphs): Spans {
  const logs = [...tables.containerNetworkLogs.rows.values()];
  const failed = logs.filter(({ state }) => /^failed$/i.test(state)).length;
  const kept = monitoring.flowLogs && logs.length > failed;
  const text = !monitoring.flowLogs
    ? 'not collected'
    : logs.length === 0
      ? 'no ContainerNetworkLog says which'
      : `${number(logs.length)} ContainerNetworkLog${logs.length === 1 ? '' : 's'}`;
  return [
    ...onOff(kept, glyphs),
    span(text, kept ? 'plain' : 'dim'),
    span(failed > 0 ? `, ${number(failed)} FAILED` : '', 'warning'),
  ];
}

function auditLine(page: Page, snapshot: Snapshot, glyphs: Glyphs, now: number): void {
  const settings = snapshot.facts.armDiagnostics?.value;
  if (settings === undefined) {
    troubleLines(page, 'audit', 'armDiagnostics', snapshot, glyphs, now);
    return;
  }
  const audited = settings.filter(({ categories }) =>
    categories.some((one) => /^(kube-audit|allLogs|audit)/i.test(one)),
  );
  if (audited.length === 0) {
    page.field('audit', [...onOff(false, glyphs), span(othersText(settings), 'dim')]);
    return;
  }
  for (const [index, setting] of audited.entries()) {
    const { categories, workspace, isDedicated } = setting;
    const own = categories.filter((one) => /^(kube-audit|allLogs|audit)/i.test(one));
    page.field(index === 0 ? 'audit' : '', [
      ...onOff(workspace !== '', glyphs),
      span(`${own.join(', ')} ${glyphs.arrow} ${workspace === '' ? 'no workspace' : nameOfResource(workspace)}`),
      span(workspace === '' ? '' : isDedicated ? ' · tables of its own' : ' · AzureDiagnostics', 'dim'),
      ...staleMark('armDiagnostics', snapshot, glyphs, now),
    ]);
  }
}

function othersText(settings: readonly DiagnosticSetting[]): string {
  const others = settings.flatMap(({ categories }) => categories);
  return others.length === 0 ? 'not kept: no diagnostic setting' : `not kept; only ${others.slice(0, 3).join(', ')}`;
}

/** On and off are facts, neither good nor bad. */
function onOff(on: boolean, glyphs: Glyphs): Spans {
  return on ? [span(`${glyphs.ok} `, 'ok')] : [span(`${glyphs.unknown} off · `, 'dim')];
}
