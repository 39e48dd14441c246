import { describe, expect, it } from 'vitest';
import type { Judgement } from '../../../src/model/finding.ts';
import type { Link, SourceId } from '../../../src/model/link.ts';
import { Header } from '../../../src/panes/header/Header.tsx';
import { headerFacts } from '../../../src/panes/header/header-facts.ts';
import { headerLine } from '../../../src/panes/header/header-line.ts';
import { linkSummary } from '../../../src/panes/header/link-summary.ts';
import { noticeLines } from '../../../src/panes/header/notice-lines.ts';
import { verdictLine } from '../../../src/panes/header/verdict-line.ts';
import type { PaneProps } from '../../../src/panes/pane-props.ts';
import { spansText } from '../../../src/panes/spans.ts';
import type { Frame } from '../../../src/ui/pane.ts';
import { createTheme } from '../../../src/ui/theme.ts';
import { agentPod, crashLooping, mixedVersions, now, sickObjects, snapshotOf } from '../fixtures/cluster.ts';
import { draw, frameOf } from '../fixtures/frame.tsx';

const { glyphs } = createTheme({ ascii: false, colour: false });
const header = (columns: number, given = {}, scope = '') =>
  spansText(headerLine(headerFacts(snapshotOf(given), scope, now), glyphs, columns));

const OnAgents = (props: PaneProps & Frame) => Header({ ...props, scope: '', view: { pane: 'agents' } });

describe('what the connection has to say', () => {
  const code =
    'The credential plugin says: To sign in, use a web browser to open the page https://microsoft.com/devicelogin and enter the code F7XK2QQZP to authenticate.';
  const lines = (text: string, width: number, height: number) =>
    noticeLines(text, glyphs, { width, height }).map(spansText);

  it.each([
    [80, 24],
    [120, 40],
    [60, 30],
  ])('stands whole under the verdict at %i×%i', (width, height) => {
    const shown = lines(code, width, height);
    expect(shown.map((line) => line.trim().replace(/^▲ /, '')).join(' ')).toBe(code);
    for (const line of shown) expect(line.length).toBeLessThanOrEqual(width);
  });

  it('keeps its end, where the code is, when there is little room', () => {
    expect(lines(code, 80, 8)).toEqual([expect.stringMatching(/^ ▲ ….*F7XK2QQZP to authenticate\.$/)]);
  });

  it('takes no line when there is nothing to say', () => expect(lines('', 80, 24)).toEqual([]));

  it('stands in the header of every screen', () => {
    const told = snapshotOf({ changes: [{ type: 'cluster', cluster: { notice: code } }] });
    expect(draw(OnAgents, told, frameOf(80, 24)).join('\n')).toMatch(
      /\n {3}https:\S+devicelogin and enter the code F7XK2QQZP/,
    );
  });
});

describe('the header line', () => {
  const objects = sickObjects();

  it('says where one is, on what, and how the links are', () => {
    expect(header(80, { objects })).toBe(
      ' aks-prod-weu  ns:all  k8s 1.34.2  cilium 1.18.6    ● 30/30 api 41ms  RO  12:04Z',
    );
  });

  it.each([20, 30, 40, 60, 80, 120, 200])('is exactly %i columns wide', (columns) => {
    expect(header(columns, { objects })).toHaveLength(columns);
  });

  it('keeps the context and the links when there is little room', () => {
    expect(header(34, { objects })).toMatch(/^ aks-prod-weu .*● 30\/30/);
  });

  it('cuts a long context in its middle, never its end', () => {
    const context = 'arn-like-very-long-context-name-of-a-platform-team-production-westeurope-042';
    expect(header(80, { changes: [{ type: 'cluster', cluster: { context } }] })).toMatch(/^ arn-l.*….*042 /);
  });

  it.each<[string, object, number, RegExp]>([
    [
      'the cluster by its name',
      { clusterName: 'aks-west-7' },
      80,
      /^ aks-prod-weu on aks-west-7 {2}ns:all .*cilium 1\.18\.6/,
    ],
    [
      'the cluster and how long the API takes, rather than the version of Kubernetes',
      { context: 'admin', clusterName: 'aks-prod-weu', latency: 41 },
      80,
      /^ admin on aks-prod-weu {2}ns:all {2}cilium 1\.18\.6 .*api 41ms {2}RO {2}\d\d:\d\dZ/,
    ],
    [
      'a long name by both its ends',
      { clusterName: `platform-${'x'.repeat(60)}-042` },
      80,
      /^ aks-prod-weu on platf\S*…\S*-042 {2}ns:all/,
    ],
    ['no name that the context has in it', { clusterName: 'AKS-prod', server: '' }, 200, /^ aks-prod-weu {2}ns:all/],
    [
      'the server where there is room',
      { server: 'https://weu-dns-1.hcp.azmk8s.io:443' },
      200,
      /^ aks-prod-weu on weu-dns-1.hcp.azmk8s.io {2}ns:all/,
    ],
    [
      'no server where there is none',
      { server: 'https://weu-dns-1.hcp.azmk8s.io:443' },
      80,
      /^ aks-prod-weu {2}ns:all/,
    ],
    ['no address', { server: 'https://127.0.0.1:6443' }, 200, /^ aks-prod-weu {2}ns:all/],
  ])('names %s', (_, cluster, columns, expected) => {
    const text = header(columns, { objects, changes: [{ type: 'cluster', cluster }] });
    expect(text).toMatch(expected);
    expect(text).toHaveLength(columns);
  });

  it('shows the namespace it is narrowed to', () => {
    expect(header(80, { objects }, 'shop')).toContain('ns:shop');
  });

  it('says for as long as it is so that TLS is not verified', () => {
    for (const columns of [60, 80, 200]) {
      expect(header(columns, { objects, changes: [{ type: 'cluster', cluster: { insecure: true } }] })).toContain(
        'TLS NOT VERIFIED',
      );
    }
  });

  it('keeps the cluster and that nothing can be changed at 80 columns when every link is late', () => {
    const stale = { phase: 'stale', heard: now - 42_000 } as const;
    const links = Object.fromEntries([...snapshotOf({ objects }).links.keys()].map((source) => [source, stale]));
    const cluster = { context: 'payments-platform-admin', clusterName: 'aks-west-7' };
    const text = header(80, { objects, links, changes: [{ type: 'cluster', cluster }] });
    expect(text).toMatch(/^ payments-platform-admin on aks-west-7 .*stale 42s.* RO$/);
    expect(text).toHaveLength(80);
    expect(header(80, { objects, links })).toMatch(/^ aks-prod-weu .*stale 42s.* RO {2}12:04Z$/);
    // Where even that is too much, versions went long before.
    const narrow = header(66, { objects, links, changes: [{ type: 'cluster', cluster }] });
    expect(narrow).toMatch(/^ payments-platform-admin .*stale 42s.* RO/);
    expect(narrow).not.toMatch(/k8s|cilium/);
  });

  it('shows both versions while agents differ', () => {
    const other = agentPod('cilium-other', 'aks-x');
    const text = JSON.parse(JSON.stringify(other).replaceAll('v1.18.6-251104', 'v1.18.9-260101'));
    expect(header(80, { objects: { ...objects, pods: [...(objects.pods ?? []), text] } })).toContain(
      'cilium 1.18.6+1.18.9',
    );
  });

  it('names first what most agents run', () => {
    const of = (name: string, version: string) =>
      JSON.parse(JSON.stringify(agentPod(name, name)).replaceAll('v1.18.6-251104', `v${version}`));
    const pods = [of('a', '1.18.4'), of('b', '1.18.9'), of('c', '1.18.6'), of('d', '1.18.6')];
    expect(header(160, { objects: { ...objects, pods } })).toContain('cilium 1.18.6+2 others');
  });
});

describe('the links in the header', () => {
  const summary = (links: Partial<Record<SourceId, Link>>, changes = {}) =>
    linkSummary(snapshotOf({ links, ...changes }), now);

  it.each<[string, Partial<Record<SourceId, Link>>, string, string]>([
    ['all live', {}, 'ok', 'api 41ms'],
    ['one stale', { pods: { phase: 'stale', heard: now - 42_000 } }, 'warning', 'pods stale 42s'],
    [
      'a core link before an older one',
      { leases: { phase: 'stale', heard: now - 90_000 }, nodes: { phase: 'stale', heard: now - 15_000 } },
      'warning',
      'nodes stale 15s +1',
    ],
    [
      'one loading',
      { ciliumEndpoints: { phase: 'loading', heard: now, loaded: 340, expected: 1_000 } },
      'progress',
      'endpoints 34%',
    ],
    ['one connecting', { leases: { phase: 'connecting', heard: 0 } }, 'progress', 'leases connecting'],
    ['one forbidden', { pods: { phase: 'forbidden', heard: 0 } }, 'warning', 'pods forbidden'],
    ['one failed', { pods: { phase: 'failed', heard: 0 } }, 'error', 'pods failed'],
  ])('%s', (_name, links, glyph, text) => {
    expect(summary(links)).toMatchObject({ glyph, text });
  });

  it('does not wait for kinds the server does not have', () => {
    expect(summary({ ciliumNodeConfigs: { phase: 'missing', heard: 0 } })).toMatchObject({
      live: 29,
      of: 29,
      glyph: 'ok',
    });
  });

  it('names throttling while we wait because of it', () => {
    const log = [1, 2, 3].map((n) => ({ at: now - n * 1_000, verb: 'LIST', path: '/api', status: 429, ms: 3 }));
    const requests = { type: 'requests' as const, requests: { total: 9, failed: 3, throttled: 3, byVerb: {}, log } };
    const links = { pods: { phase: 'stale' as const, heard: now - 9_000, retryAt: now + 8_000 } };
    expect(summary(links, { changes: [requests] }).text).toBe('429 ×3, retry 8s');
    expect(summary({}, { changes: [requests] }).text).toBe('api 41ms');
  });
});

describe('the verdict', () => {
  const verdict = (given: Parameters<typeof snapshotOf>[0], columns = 100, judgement: Partial<Judgement> = {}) => {
    const snapshot = snapshotOf(given);
    return spansText(
      verdictLine({ ...snapshot, judgement: { ...snapshot.judgement, ...judgement } }, glyphs, columns, now),
    ).trimEnd();
  };

  it('counts, names the worst and says since when', () => {
    expect(verdict({ findings: [crashLooping, mixedVersions] }, 120)).toBe(
      ' ✖ 1 ▲ 1  2 of 12 agents crash-loop in init mount-bpf-fs: "mount: operation not permitted" (14m)                  v why',
    );
  });

  it('is exactly as wide as the screen, whatever it says', () => {
    for (const columns of [20, 40, 80, 200]) {
      const line = verdictLine(snapshotOf({ findings: [crashLooping] }), glyphs, columns, now);
      expect(spansText(line)).toHaveLength(columns);
    }
  });

  it('is calm only with how many checks looked', () => {
    expect(verdict({})).toBe(' ● nothing wrong · 34 of 34 checks looked');
    expect(verdict({}, 100, { looked: 31 })).toBe(
      ' ○ nothing wrong in what could be looked at · 31 of 34 checks looked',
    );
    expect(verdict({}, 100, { looked: 0 })).toContain('nothing could be looked at');
  });

  it('is progressive while facts arrive', () => {
    const links = { ciliumEndpoints: { phase: 'loading' as const, heard: now, loaded: 34, expected: 100 } };
    expect(verdict({ links, findings: [crashLooping] })).toMatch(/^ ◐ so far ✖ 1 · endpoints 34%/);
    expect(verdict({ links }, 100, { looked: 12 })).toBe(
      ' ◐ so far nothing wrong · 12 of 34 checks looked · endpoints 34%',
    );
    expect(verdict({ links }, 100, { looked: 0 })).toBe(' ◐ looking · endpoints 34%');
  });

  it('says how old it is when the connection is lost', () => {
    const links = { nodes: { phase: 'stale' as const, heard: now - 42_000 } };
    expect(verdict({ links, findings: [crashLooping] })).toMatch(/^ ▲ as of 42s ago: ✖ 1 {2}2 of 12/);
    expect(verdict({ links })).toBe(' ▲ as of 42s ago: nothing was wrong');
    const partly = { ...links, events: { phase: 'forbidden' as const, heard: now } };
    expect(verdict({ links: partly })).toBe(' ▲ as of 42s ago: nothing found');
    const told = { nodes: { ...links.nodes, problem: 'The server refuses these credentials (401).' } };
    expect(verdict({ links: told, findings: [crashLooping] })).toMatch(
      /^ ▲ as of 42s ago: ✖ 1 {2}The server refuses these credentials \(401\)\./,
    );
  });

  it('says why nothing is known when the server cannot be reached', () => {
    const unreachable: Link = { phase: 'connecting', heard: 0, problem: 'connection refused' };
    const snapshot = snapshotOf({});
    const links = new Map([...snapshot.links.keys()].map((source) => [source, unreachable]));
    expect(spansText(verdictLine({ ...snapshot, links }, glyphs, 80, now)).trimEnd()).toBe(
      ' ✖ nothing is known yet: connection refused',
    );
  });
});

it('says at any width that nobody has looked for long, and that one namespace is all that was read', () => {
  const resting = snapshotOf({ changes: [{ type: 'cluster', cluster: { resting: true } }] });
  expect(linkSummary(resting, now)).toMatchObject({ glyph: 'ok', text: 'idle: only watches run' });
  const line = headerLine(headerFacts(resting, '', now), glyphs, 80);
  expect(spansText(line)).toContain('idle: only watches run');
  const partly = snapshotOf({ links: { pods: { phase: 'live', heard: now, only: 'shop' } } });
  expect(linkSummary(partly, now)).toMatchObject({ glyph: 'warning', text: 'only ns shop' });
});
