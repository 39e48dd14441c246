import type { Agent } from '../../model/agents.ts';
import { type ClusterMode, ciliumConfig, clusterMode } from '../../model/cluster-mode.ts';
import { dns } from '../../model/dns.ts';
import { operator, operatorSkew } from '../../model/operator.ts';
import { pools } from '../../model/pools.ts';
import { agentRollout } from '../../model/rollout.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { SystemWorkload } from '../../model/system-workload.ts';
import { tunnel } from '../../model/tunnel.ts';
import { compareVersions, minimumFor, versionRulesDated } from '../../model/versions.ts';
import { age, number } from '../../ui/text.ts';
import type { Theme } from '../../ui/theme.ts';
import type { ScreenLine } from '../LinesScreen.tsx';
import { createPage, type Page } from '../page.ts';
import { linkState } from '../pane-state.ts';
import { isSickPool, poolHeading, poolLine, poolsRead, poolWidths } from '../pool-line.ts';
import { readAgents } from '../read-agents.ts';
import { shortenImages } from '../short-image.ts';
import { span } from '../spans.ts';
import { objectView } from '../views.ts';
import { type Vital, vitals } from '../vitals.ts';
import { readConfigKeys } from './aks-config.ts';
import { azureLines, isAzureAsked } from './azure-lines.ts';
import { capacityLines } from './capacity-lines.ts';
import { dropLines } from './drop-lines.ts';
import { linkLines } from './link-lines.ts';
import { absentPoolSpans, managedPoolSpans } from './managed-pool-lines.ts';
import { observingLines } from './observing-lines.ts';
import { upkeepLines } from './upkeep-lines.ts';
import { rangesText, supportSpans, upgradeLine } from './version-lines.ts';

/** The cluster as Kubernetes and, where it was asked, Azure tell it: state, versions, mode, pools, organs, capacity, configuration, links. */
export function clusterPage(snapshot: Snapshot, theme: Theme, columns: number, now: number): ScreenLine[] {
  const page = createPage(columns, 13);
  const found = readAgents(snapshot, now);
  const mode = clusterMode(snapshot);
  const isAsked = isAzureAsked(snapshot);
  if (isAsked) azureLines(page, snapshot, theme.glyphs, now);
  versions(page, snapshot, found, theme, now);
  network(page, snapshot, mode, theme);
  poolLines(page, snapshot, theme, columns, now);
  organs(page, snapshot, theme, now);
  capacityLines(page, snapshot, theme, now);
  observingLines(page, snapshot, theme.glyphs, now);
  upkeepLines(page, snapshot, theme, columns, now);
  dropLines(page, snapshot, now);
  configuration(page, snapshot, mode, theme, columns);
  if (!isAsked) azureLines(page, snapshot, theme.glyphs, now);
  linkLines(page, snapshot, columns, theme.glyphs, now);
  return page.lines;
}

function versions(page: Page, snapshot: Snapshot, found: readonly Agent[], theme: Theme, now: number): void {
  const { glyphs } = theme;
  const { kubernetesVersion } = snapshot.cluster;
  page.section('Versions', versionRulesDated);
  page.field('kubernetes', [
    span(kubernetesVersion === '' ? 'not known yet' : kubernetesVersion.replace(/^v/, '')),
    ...supportSpans(snapshot),
  ]);
  upgradeLine(page, snapshot, theme, now);
  const minimum = minimumFor(kubernetesVersion);
  const rollout = agentRollout(snapshot, found, now);
  const running = rollout?.versions ?? [];
  if (running.length === 0) page.field('cilium', [span('not known', 'dim')]);
  for (const { version, count } of running) {
    const low = minimum !== undefined && compareVersions(version, minimum) < 0;
    const rule = minimum === undefined ? ', no minimum in the table' : `, minimum ${minimum}`;
    page.line(
      [
        span('cilium       ', 'dim'),
        span(low ? glyphs.error : glyphs.ok, low ? 'error' : 'ok'),
        span(` ${version}`),
        span(` on ${number(count)} of ${number(found.length)} nodes${rule}`, 'dim'),
      ],
      { id: `cilium ${version}`, target: { pane: 'agents', args: [version] }, troubled: low },
    );
  }
  if (rollout !== undefined && rollout.state !== 'done') {
    const still = rollout.state === 'standing-still';
    const moved = rollout.moved > 0 ? `, last moved ${age(now - rollout.moved)} ago` : '';
    page.field('rollout', [
      span(
        `${still ? glyphs.warning : glyphs.progress} ${still ? 'stands still' : 'under way'}`,
        still ? 'warning' : 'progress',
      ),
      span(
        ` ${rollout.revision === '' ? '' : `revision ${rollout.revision}, `}${number(rollout.updated)} of ${number(rollout.desired)} updated${moved}`,
        'dim',
      ),
    ]);
  }
  const skew = operatorSkew(operator(snapshot, now), found);
  if (skew !== '') page.field('skew', [span(`${glyphs.warning} ${skew}`, 'warning')]);
}

function network(page: Page, { facts }: Snapshot, mode: ClusterMode, { glyphs }: Theme): void {
  page.section('Network');
  const words: Record<ClusterMode['cni'], string> = {
    'managed-cilium': 'managed by AKS',
    'byo-cilium': 'self-managed (BYO CNI)',
    'not-cilium': 'not Cilium',
    unknown: 'not known',
  };
  page.field('mode', [span(mode.inferred ? `${glyphs.about} ` : '', 'accent'), span(mode.text)]);
  page.field('managed', [span(words[mode.cni])]);
  if (mode.contradiction !== '')
    page.field('', [span(`${glyphs.warning} `, 'warning'), span(mode.contradiction)], { troubled: true });
  const told = facts.arm?.value?.network;
  if (told !== undefined) page.field('ranges', [span(rangesText(told), 'dim')]);
  for (const [index, fact] of mode.evidence.entries()) page.field(index === 0 ? 'from' : '', [span(fact, 'dim')]);
}

function poolLines(page: Page, snapshot: Snapshot, { glyphs }: Theme, columns: number, now: number): void {
  const all = pools(snapshot, now);
  const told = snapshot.facts.arm?.value?.pools ?? [];
  const state = linkState('nodes', snapshot.links.get('nodes'), all.length, now);
  page.section('Pools', state.phase === 'live' ? number(all.length) : state.text);
  if (all.length === 0) {
    page.prose(state.sentence, 'dim');
    return;
  }
  const widths = poolWidths(all, columns);
  const read = poolsRead(snapshot);
  page.line([span(poolHeading(widths), 'dim')]);
  for (const pool of all) {
    page.line(poolLine(pool, widths, glyphs, columns - 3, read), {
      id: `pool ${pool.pool}`,
      target: { pane: 'agents', args: [pool.pool] },
      troubled: isSickPool(pool, read),
    });
    if (pool.upgrade.text !== '') page.line([span(`  ${glyphs.branch} ${shortenImages(pool.upgrade.text)}`, 'dim')]);
    const managed = told.find(({ name }) => name === pool.pool);
    if (managed !== undefined) page.line([span('  '), ...managedPoolSpans(managed, glyphs)]);
  }
  for (const pool of told.filter(({ name }) => !all.some((one) => one.pool === name))) {
    page.line(absentPoolSpans(pool));
    page.line([span('  '), ...managedPoolSpans(pool, glyphs)]);
  }
}

function organs(page: Page, snapshot: Snapshot, { glyphs }: Theme, now: number): void {
  page.section('Operator, DNS, tunnel');
  const states = new Map(vitals(snapshot, now).map((vital) => [vital.id, vital]));
  const organ = (name: string, id: Vital['id'], workload: SystemWorkload | undefined, more: string, absent: string) => {
    const vital = states.get(id);
    const sign = vital === undefined ? span('  ') : span(`${glyphs[vital.glyph]} `, vital.glyph);
    if (workload === undefined) {
      const told = vital !== undefined && vital.text !== 'none' ? vital.text : absent;
      return page.field(name, [sign, span(told, 'dim')]);
    }
    const ref = { kind: workload.kind, namespace: 'kube-system', name: workload.name };
    page.field(name, [sign, span(`${workload.ready}/${workload.desired}`), span(more, 'dim')], {
      ref,
      target: objectView(ref, 'describe'),
      troubled: vital?.glyph === 'error' || vital?.glyph === 'warning',
    });
  };
  const { workload, lease, version } = operator(snapshot, now);
  const leader =
    lease === undefined || lease.holder === ''
      ? 'no leader seen'
      : `lease renewed ${age(lease.age)} ago by ${lease.holderPod || lease.holder}`;
  organ('operator', 'operator', workload, ` ${version} · ${leader}`, 'no cilium-operator seen');
  if (lease !== undefined && lease.row.transitions > 0) {
    const changes = `leadership changed ${number(lease.row.transitions)} times, last ${age(now - lease.row.acquired)} ago`;
    page.field('', [span(`  ${changes}`, 'dim')]);
  }
  const names = dns(snapshot, now);
  const behind =
    names.readyAddresses === undefined
      ? ''
      : ` · ${number(names.readyAddresses)} addresses behind ${names.service || 'kube-dns'}`;
  organ('dns', 'dns', names.workload, behind, 'no coredns seen');
  const way = tunnel(snapshot, now);
  organ(
    'api tunnel',
    'tunnel',
    way.workload,
    ` · ${way.workload?.name}: logs, exec and webhooks go through it`,
    'none seen: the API server reaches nodes directly',
  );
}

function configuration(page: Page, snapshot: Snapshot, mode: ClusterMode, { glyphs }: Theme, columns: number): void {
  const config = ciliumConfig(snapshot);
  const managed = mode.cni === 'managed-cilium';
  const keys = readConfigKeys(config, managed);
  const differing = keys.filter((one) => one.differs).length;
  page.section(
    'Configuration that matters',
    keys.length === 0
      ? 'cilium-config is not read'
      : managed
        ? `${differing === 0 ? 'as AKS sets it' : `${differing} not as AKS sets it`}`
        : 'cilium-config',
  );
  const ref = { kind: 'ConfigMap', namespace: 'kube-system', name: 'cilium-config' };
  for (const { key, value, aks, about, differs } of keys) {
    const expected = differs ? ` · AKS ${aks.length === 0 ? 'leaves it out' : `sets ${aks.join(' or ')}`}` : '';
    page.line(
      [
        span(differs ? `${glyphs.warning} ` : '  ', 'warning'),
        span(key, differs ? 'strong' : 'plain'),
        span(` = ${value}`),
        span(`${expected}${columns >= 100 ? ` · ${about}` : ''}`, 'dim'),
      ],
      {
        id: `config ${key}`,
        ref,
        target: objectView(ref, 'yaml'),
        troubled: differs,
      },
    );
  }
  for (const override of snapshot.tables.ciliumNodeConfigs.rows.values()) {
    const object = { kind: 'CiliumNodeConfig', namespace: override.namespace, name: override.name };
    page.line(
      [
        span(`${glyphs.warning} `, 'warning'),
        span(`CiliumNodeConfig ${override.name}`),
        span(` sets ${override.keys.join(', ')} on ${override.selector || 'all nodes'}`, 'dim'),
      ],
      {
        id: `override ${override.uid}`,
        ref: object,
        target: objectView(object, 'yaml'),
        troubled: true,
      },
    );
  }
}
