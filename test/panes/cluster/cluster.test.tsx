import { describe, expect, it } from 'vitest';
import type { Link, SourceId } from '../../../src/model/link.ts';
import { readConfigKeys } from '../../../src/panes/cluster/aks-config.ts';
import { ClusterScreen } from '../../../src/panes/cluster/ClusterScreen.tsx';
import { now, sickObjects, snapshotOf } from '../fixtures/cluster.ts';
import { draw, frameOf } from '../fixtures/frame.tsx';

const page = (given: Parameters<typeof snapshotOf>[0], columns = 120) =>
  draw(ClusterScreen, snapshotOf(given), frameOf(columns, 120)).map((line) => line.trimEnd());

describe('the cluster', () => {
  const text = page({ objects: sickObjects() }).join('\n');

  it.each<[string, RegExp]>([
    [
      'versions against the table, with its date',
      /Versions · docs of 2026-08-05\n +kubernetes +1\.34\.2\n +cilium +● 1\.18\.6 on 12 of 12 nodes, minimum 1\.18\.6/,
    ],
    [
      'the mode as inferred, with what from',
      /mode +≈ Azure CNI powered by Cilium, overlay\n +managed +managed by AKS\n +from +cilium-config ipam: delegated-plugin/,
    ],
    ['pools', /np2 +6\/6 ● +4\/6 ✖ +6\/6 ●/],
    ['the operator and its lease', /operator +● 2\/2 1\.18\.6 · lease renewed 4s ago by/],
    ['dns', /dns +● 3\/3/],
    ['the tunnel', /api tunnel +● 2\/2 · konnectivity-agent/],
    ['identities against what there can be', /identities +░+ 0% 0 of 65,280/],
    [
      'configuration that differs from AKS',
      /Configuration that matters · 1 not as AKS sets it\n +▲ debug = true · AKS sets false/,
    ],
    ['links', /Links · 30 of 30 live/],
  ])('shows %s', (_name, said) => {
    expect(text).toMatch(said);
  });

  it('marks a version below the minimum', () => {
    const objects = JSON.parse(JSON.stringify(sickObjects()).replaceAll('v1.18.6-251104', 'v1.18.2-250101'));
    expect(page({ objects }).join('\n')).toMatch(/cilium +✖ 1\.18\.2 on 12 of 12 nodes, minimum 1\.18\.6/);
  });

  it('shows troubled links first, each reason once', () => {
    const stale: Link = { phase: 'stale', heard: now - 42_000, problem: 'connection reset by peer' };
    const links: Partial<Record<SourceId, Link>> = {
      pods: stale,
      services: stale,
      events: { phase: 'forbidden', heard: 0 },
    };
    const lines = page({ objects: sickObjects(), links });
    const start = lines.findIndex((line) => line.includes('Links · 27 of 30 live'));
    expect(lines.slice(start + 1, start + 6)).toEqual([
      expect.stringMatching(/▲ pods +stale 42s/),
      '       connection reset by peer',
      expect.stringMatching(/▲ services +stale 42s/),
      expect.stringMatching(/○ events +forbidden: list events/),
      expect.stringContaining('You may not list events.'),
    ]);
  });

  it('counts nothing whose source is not read', () => {
    const forbidden: Link = { phase: 'forbidden', heard: 0 };
    const links: Partial<Record<SourceId, Link>> = {
      systemPods: forbidden,
      nodes: forbidden,
      ciliumIdentities: forbidden,
      ciliumEndpointSlices: forbidden,
      configMaps: forbidden,
      daemonSets: forbidden,
    };
    const said = page({ links }).join('\n');
    expect(said).toMatch(/Pools · forbidden: list nodes/);
    expect(said).toMatch(/identities +forbidden: list ciliumidentities/);
    expect(said).toMatch(/slices +forbidden: list ciliumendpointslices/);
    expect(said).toMatch(/operator +○ forbidden/);
    expect(said).not.toMatch(/of 65,280|no cilium-operator|reaches nodes directly/);
  });
});

describe('cilium-config against AKS', () => {
  const differing = (config: Record<string, string>, managed = true) =>
    readConfigKeys(config, managed)
      .filter((one) => one.differs)
      .map(({ key }) => key);

  it.each<[string, Record<string, string>, string[]]>([
    ['as AKS sets it', { ipam: 'delegated-plugin', debug: 'false' }, []],
    ['either of two variants', { 'enable-hubble': 'true', 'enable-host-legacy-routing': 'false' }, []],
    ['another value', { 'bpf-policy-map-max': '65536', ipam: 'delegated-plugin' }, ['bpf-policy-map-max']],
    ['a key AKS leaves out', { 'enable-host-firewall': 'true' }, ['enable-host-firewall']],
    ['the one supported edit', { labels: 'k8s:app' }, []],
    ['a key that does not matter here', { 'some-other-key': 'x' }, []],
  ])('%s', (_name, config, keys) => {
    expect(differing(config)).toEqual(keys);
  });

  it('marks nothing where people run Cilium themselves', () => {
    expect(differing({ debug: 'true', ipam: 'cluster-pool' }, false)).toEqual([]);
  });
});
