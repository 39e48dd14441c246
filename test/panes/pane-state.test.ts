import { describe, expect, it } from 'vitest';
import type { Link, SourceId } from '../../src/model/link.ts';
import { paneState } from '../../src/panes/pane-state.ts';

const now = 1_000_000;
const state = (links: Partial<Record<SourceId, Link>>, sources: SourceId[], rows: number) =>
  paneState(new Map(Object.entries(links) as [SourceId, Link][]), sources, rows, now);

const titles: [string, Link | undefined, number, string][] = [
  ['nothing asked yet', undefined, 0, 'connecting'],
  [
    'pages arrive',
    { phase: 'loading', heard: now, loaded: 3_400, expected: 100_000 },
    3_400,
    'loading 3,400 of ~100,000',
  ],
  ['pages arrive, no estimate', { phase: 'loading', heard: now, loaded: 500 }, 500, 'loading 500'],
  [
    'an estimate already passed is not shown',
    { phase: 'loading', heard: now, loaded: 600, expected: 500 },
    600,
    'loading 600',
  ],
  ['in step', { phase: 'live', heard: now }, 4, 'live'],
  ['in step, but of one namespace', { phase: 'live', heard: now, only: 'shop' }, 4, 'only namespace shop'],
  ['none in the one namespace', { phase: 'live', heard: now, only: 'shop' }, 0, 'only namespace shop'],
  ['in step and empty', { phase: 'live', heard: now }, 0, 'none'],
  ['connection lost', { phase: 'stale', heard: now - 42_000 }, 4, 'stale 42s'],
  ['connection lost, waiting', { phase: 'stale', heard: now - 42_000, retryAt: now + 8_000 }, 4, 'stale 42s, retry 8s'],
  ['no right', { phase: 'forbidden', heard: 0 }, 0, 'forbidden: list pods'],
  ['no such kind', { phase: 'missing', heard: 0 }, 0, 'not installed'],
  ['failed', { phase: 'failed', heard: 0, problem: 'certificate expired' }, 0, 'failed: certificate expired'],
  [
    'failed half-way',
    { phase: 'failed', heard: now, problem: 'It broke off.', loaded: 1_500 },
    1_500,
    'not read to the end: 1,500 so far',
  ],
];

describe('the state in a pane’s title', () => {
  it.each(titles)('%s', (_name, link, rows, title) => {
    expect(state(link === undefined ? {} : { pods: link }, ['pods'], rows).text).toBe(title);
  });

  it('dims the rows of a lost connection and of nothing else', () => {
    expect(
      titles.filter(([, link, rows]) => link && state({ pods: link }, ['pods'], rows).old).map(([name]) => name),
    ).toEqual(['connection lost', 'connection lost, waiting', 'failed half-way']);
  });

  it('says what to do wherever there are no rows to show', () => {
    for (const [, link, rows] of titles) {
      const { phase, sentence } = state(link === undefined ? {} : { pods: link }, ['pods'], rows);
      if (phase !== 'live') expect(sentence).toMatch(/\.$|certificate expired/);
    }
  });

  it('names a forbidden kind with its group in the sentence', () => {
    expect(state({ ciliumEndpoints: { phase: 'forbidden', heard: 0 } }, ['ciliumEndpoints'], 0).sentence).toContain(
      'ciliumendpoints.cilium.io',
    );
  });

  it('tells the trouble of a second source behind the first one’s state and takes no rows away', () => {
    const both = state(
      { nodes: { phase: 'live', heard: now }, events: { phase: 'forbidden', heard: 0 } },
      ['nodes', 'events'],
      3,
    );
    expect(both).toMatchObject({ phase: 'live', text: 'live · forbidden: list events', glyph: 'unknown', old: false });
  });

  it('tells that a second source was read of one namespace only', () => {
    const links = {
      nodes: { phase: 'live', heard: now },
      events: { phase: 'live', heard: now, only: 'shop' },
    } as const;
    expect(state(links, ['nodes', 'events'], 3).text).toBe('live · only namespace shop');
  });

  it('is not troubled by a second kind that is not installed', () => {
    const both = state(
      { nodes: { phase: 'live', heard: now }, ciliumNodes: { phase: 'missing', heard: 0 } },
      ['nodes', 'ciliumNodes'],
      3,
    );
    expect(both.text).toBe('live');
  });
});
