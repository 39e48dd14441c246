import { type Agent, agents } from '../../model/agents.ts';
import { addresses, identities, slopeText } from '../../model/capacity.ts';
import { type ClusterMode, ciliumConfig, clusterMode } from '../../model/cluster-mode.ts';
import { dns } from '../../model/dns.ts';
import { operator, operatorSkew } from '../../model/operator.ts';
import { pools } from '../../model/pools.ts';
import { agentRollout } from '../../model/rollout.ts';
import { sliceFill } from '../../model/slices.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { SystemWorkload } from '../../model/system-workload.ts';
import { tunnel } from '../../model/tunnel.ts';
import { compareVersions, minimumFor, versionRulesDated } from '../../model/versions.ts';
import { age, number } from '../../ui/text.ts';
import type { Span, Theme } from '../../ui/theme.ts';
import { meter } from '../../ui/widgets/charts.ts';
import type { ScreenLine } from '../LinesScreen.tsx';
import { createPage, type Page } from '../page.ts';
import { isSickPool, poolHeading, poolLine, poolWidths } from '../pool-line.ts';
import { span } from '../spans.ts';
import { objectView } from '../views.ts';
import { percent, vitals } from '../vitals.ts';
import { readConfigKeys } from './aks-config.ts';
import { linkLines } from './link-lines.ts';

/** The cluster as Kubernetes alone tells it: versions, mode, pools, organs, capacity, configuration, links. */
export function clusterPage(snapshot: Snapshot, theme: Theme, columns: number, now: number): ScreenLine[] {
  const page = createPage(columns, 13);
  const found = agents(snapshot, now);
  const mode = clusterMode(snapshot);
  versions(page, snapshot, found, theme, now);
  network(page, mode, theme);
  poolLines(page, snapshot, theme, columns, now);
  organs(page, snapshot, theme, now);
  capacity(page, snapshot, theme);
  configuration(page, snapshot, mode, theme, columns);
  linkLines(page, snapshot, columns, theme.glyphs, now);
  return page.lines;
}

function versions(page: Page, snapshot: Snapshot, found: readonly Agent[], { glyphs }: Theme, now: number): void {
  const { kubernetesVersion } = snapshot.cluster;
  page.section('Versions', versionRulesDated);
  page.field('kubernetes', [span(kubernetesVersion === '' ? 'not known yet' : kubernetesVersion.replace(/^v/, ''))]);
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

function network(page: Page, mode: ClusterMode, { glyphs }: Theme): void {
  page.section('Network');
  const words: Record<ClusterMode['cni'], string> = {
    'managed-cilium': 'managed by AKS',
    'byo-cilium': 'self-managed (BYO CNI)',
    'not-cilium': 'not Cilium',
    unknown: 'not known',
  };
  page.field('mode', [span(mode.inferred ? `${glyphs.about} ` : '', 'accent'), span(mode.text)]);
  page.field('managed', [span(words[mode.cni])]);
  for (const [index, fact] of mode.evidence.entries()) page.field(index === 0 ? 'from' : '', [span(fact, 'dim')]);
}

function poolLines(page: Page, snapshot: Snapshot, { glyphs }: Theme, columns: number, now: number): void {
  const all = pools(snapshot, now);
  page.section('Pools', number(all.length));
  if (all.length === 0) return;
  const widths = poolWidths(all, columns);
  page.line([span(poolHeading(widths), 'dim')]);
  for (const pool of all) {
    page.line(poolLine(pool, widths, glyphs, columns - 3), {
      id: `pool ${pool.pool}`,
      target: { pane: 'agents', args: [pool.pool] },
      troubled: isSickPool(pool),
    });
    if (pool.upgrade.text !== '') page.line([span(`  ${glyphs.branch} ${pool.upgrade.text}`, 'dim')]);
  }
}

function organs(page: Page, snapshot: Snapshot, { glyphs }: Theme, now: number): void {
  page.section('Operator, DNS, tunnel');
  const states = new Map(vitals(snapshot, now).map((vital) => [vital.id, vital]));
  const sign = (id: Parameters<typeof states.get>[0]): Span => {
    const vital = states.get(id);
    return vital === undefined ? span('  ') : span(`${glyphs[vital.glyph]} `, vital.glyph);
  };
  const open = (workload: SystemWorkload | undefined) =>
    workload === undefined
      ? {}
      : {
          ref: { kind: workload.kind, namespace: 'kube-system', name: workload.name },
          target: objectView({ kind: workload.kind, namespace: 'kube-system', name: workload.name }, 'describe'),
        };
  const { workload, lease, ready, desired, version } = operator(snapshot, now);
  const leader =
    lease === undefined || lease.holder === ''
      ? 'no leader'
      : `leader ${lease.holderPod || lease.holder}, lease renewed ${age(lease.age)} ago`;
  page.field(
    'operator',
    [
      sign('operator'),
      span(workload === undefined ? 'no cilium-operator' : `${ready}/${desired}`),
      span(` ${version} · ${leader}`, 'dim'),
    ],
    open(workload),
  );
  if (lease !== undefined && lease.row.transitions > 0)
    page.field('', [
      span(
        `  leadership changed ${number(lease.row.transitions)} times, last ${age(now - lease.row.acquired)} ago`,
        'dim',
      ),
    ]);
  const names = dns(snapshot);
  const answering =
    names.readyAddresses === undefined
      ? ''
      : ` · ${number(names.readyAddresses)} addresses behind ${names.service || 'kube-dns'}`;
  page.field(
    'dns',
    [
      sign('dns'),
      span(names.workload === undefined ? 'no coredns' : `${names.ready}/${names.desired}`),
      span(answering, 'dim'),
    ],
    open(names.workload),
  );
  const way = tunnel(snapshot);
  page.field(
    'api tunnel',
    [
      sign('tunnel'),
      span(way.workload === undefined ? 'none' : `${way.ready}/${way.desired}`),
      span(
        way.workload === undefined
          ? ' · the API server reaches nodes directly'
          : ` · ${way.workload.name}: logs, exec and webhooks go through it`,
        'dim',
      ),
    ],
    open(way.workload),
  );
}

function capacity(page: Page, snapshot: Snapshot, theme: Theme): void {
  const { glyphs } = theme;
  page.section('Capacity');
  const ids = identities(snapshot);
  const growth = slopeText(ids.slope);
  page.field('identities', [
    ...bar(theme, ids.share),
    span(` ${number(ids.used)} of ${number(ids.most)}`),
    span(growth === '' ? '' : ` · ${glyphs.about} ${growth}`, 'dim'),
  ]);
  const pods = addresses(snapshot);
  if (pods.capacity > 0)
    page.field('addresses', [
      ...bar(theme, pods.used / pods.capacity),
      span(` ${number(pods.used)} of ${number(pods.capacity)}`),
      span(` · by ${pods.source}`, 'dim'),
    ]);
  else page.field('addresses', [span(`${number(pods.used)} in use; how many there could be is not known`, 'dim')]);
  for (const { node, used, most } of pods.fullNodes.slice(0, 5)) {
    page.line(
      [
        span('             ', 'dim'),
        span(`${glyphs.warning} `, 'warning'),
        span(`${node} holds ${number(used)} of ${number(most)} pods`),
      ],
      { id: `full ${node}`, target: objectView({ kind: 'Node', name: node }, 'describe') },
    );
  }
  for (const subnet of pods.exhaustedSubnets)
    page.field('', [span(`${glyphs.error} `, 'error'), span(`subnet ${subnet.name} is exhausted`)]);
  for (const { config, reason } of pods.refused.slice(0, 5))
    page.line([span('             '), span(`${glyphs.error} `, 'error'), span(`${config.name}: ${reason}`)]);
  for (const { node, error } of pods.errors.slice(0, 5))
    page.line([span('             '), span(`${glyphs.error} `, 'error'), span(`${node}: ${error}`)]);
  const fill = sliceFill(snapshot);
  if (fill.slices > 0)
    page.field(
      'slices',
      [
        span(`${number(fill.slices)} for ${number(fill.endpoints)} endpoints`),
        span(` · fullest ${number(fill.most)} of 100, ${number(fill.full)} full`, 'dim'),
      ],
      { target: { pane: 'endpoints' } },
    );
}

function bar(theme: Theme, share: number): Span[] {
  const drawn = meter(theme, share, 20);
  return [span(drawn.text.replace(/ *\d+%$/, ''), drawn.tone), span(` ${percent(share)}`)];
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
