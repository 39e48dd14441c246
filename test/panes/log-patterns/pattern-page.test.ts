import { expect, it } from 'vitest';
import type { LogSigns } from '../../../src/model/log-signs.ts';
import { patternPage } from '../../../src/panes/log-patterns/pattern-page.ts';
import { spansText } from '../../../src/panes/spans.ts';
import { createTheme } from '../../../src/ui/theme.ts';

const noon = Date.parse('2026-11-22T12:00:00Z');
const minute = noon / 60_000;
const of = (pod: string) => ({ namespace: 'kube-system', pod, container: 'cilium-agent' });
const sign = (pod: string, pattern: string, count: number) => ({
  ...{ ...of(pod), pattern, count, line: 'x' },
  ...{ first: noon - 600_000, last: noon - 30_000, minutes: [[minute - 1, count]] as const },
});

const signs: LogSigns = {
  readings: [{ ...of('cilium-a'), from: noon - 3_600_000, to: noon, lines: 2_000, goesOn: true }],
  signs: [
    sign('cilium-a', 'localhost-allowed', 90),
    sign('cilium-a', 'policy-map-full', 30),
    sign('cilium-b', 'policy-map-full', 2),
    sign('cilium-b', 'hubble-queue-full', 1),
  ],
};

const theme = createTheme({ ascii: false, colour: true });
const page = (only = '') =>
  patternPage(signs, only, (_, pod) => (pod === 'cilium-a' ? 'node-a' : ''), { columns: 78, theme, now: noon });
const text = (only?: string) => page(only).map(({ spans }) => spansText(spans).trim());

it('tells of each pattern what it means, how often, since when and where; the worst first', () => {
  const lines = text();
  expect(lines.slice(0, 11)).toEqual([
    'policy-map-full · 32 lines on 2 nodes',
    '✖ A policy map took no entry, mostly as it is full: allowed traffic is',
    'denied.',
    '→ Full on AKS at 16,384: count the identities its policies select, narrow',
    'them.',
    '→ runbook map-pressure',
    expect.stringMatching(/^last 2h .*█ 3\/min in the last 10m$/),
    'seen        11:50–11:59Z, last 30s ago',
    expect.stringMatching(/^node-a +×30 .*last 30s ago$/),
    expect.stringMatching(/^cilium-b +×2 /),
    '',
  ]);
  const heads = lines.filter((line) => / lines? on /.test(line)).map((line) => line.split(' ')[0]);
  expect(heads).toEqual(['policy-map-full', 'hubble-queue-full', 'localhost-allowed']);
  expect(lines.at(-1)).toBe('node-a cilium-agent 2,000 lines, 11:00–12:00Z');
});

it('does not call silence what nobody read', () => {
  const old = { ...signs, readings: signs.readings.map((one) => ({ ...one, to: noon - 1_800_000, goesOn: false })) };
  const quiet = old.signs.map((one) => ({ ...one, minutes: [[minute - 40, 3]] as const }));
  const lines = patternPage({ ...old, signs: quiet }, 'policy', () => '', { columns: 78, theme, now: noon });
  expect(lines.map(({ spans }) => spansText(spans)).join()).toContain('not read since 11:30Z');
});

it('may be about one pattern or one node, and leads to the log', () => {
  expect(text('hubble').filter((line) => / on 1 node/.test(line))).toHaveLength(1);
  expect(text('node-a').join()).not.toContain('hubble-queue-full');
  expect(text('nonsense').slice(0, 2).join(' ')).toBe(
    'No known line of what was read is of a pattern, a node or a pod with "nonsense".',
  );
  expect(page().find(({ target }) => target?.args?.includes('cilium-b'))?.target).toMatchObject({ pane: 'log' });
});
