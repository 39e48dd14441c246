import { describe, expect, it } from 'vitest';
import { drawChart } from '../../../src/commands/report/draw-chart.ts';

const now = Date.parse('2026-11-22T19:22:00Z');
const hour = 3_600_000;
const wide = 720;

/** What is written in the picture, with its place; a letter is taken as 7 wide, which few are. */
function texts(svg: string) {
  return [...svg.matchAll(/<text class="\w+" ([^>]*)>([^<]*)<\/text>/g)].map(([, attributes = '', text = '']) => {
    const x = Number(/x="([\d.-]+)"/.exec(attributes)?.[1]);
    const anchor = /text-anchor="(\w+)"/.exec(attributes)?.[1] ?? 'start';
    const long = text.length * 7;
    const begin = anchor === 'end' ? x - long : anchor === 'middle' ? x - long / 2 : x;
    return { text, begin, end: begin + long };
  });
}

describe('drawChart', () => {
  it.each([1e-4, 0.5, 12_345, 7e9, 5e15])('has an axis that is legible and uncut for %d', (value) => {
    const points = [{ at: now - hour, value }];
    const svg = drawChart({
      ...{ type: 'lines', title: 't', note: '', unit: '/s', from: now - 2 * hour, until: now },
      lines: [{ label: 'a', points }],
    });
    for (const { text, begin, end } of texts(svg)) {
      expect(begin, text).toBeGreaterThanOrEqual(-8);
      expect(end, text).toBeLessThanOrEqual(wide + 8);
    }
    // A single point is no line.
    expect(svg).toContain('<circle');
    expect(svg).not.toContain('NaN');
  });

  it('tells the two ends of a day apart, and one moment once', () => {
    const lines = [{ label: 'a', points: [] }];
    const given = { type: 'lines', title: 't', note: '', unit: '/s', until: now, lines } as const;
    const day = texts(drawChart({ ...given, from: now - 24 * hour })).map(({ text }) => text);
    expect(day).toContain('11-21 19:22');
    expect(day).toContain('11-22 19:22 UTC');
    expect(texts(drawChart({ ...given, from: now })).filter(({ text }) => text.includes(':'))).toHaveLength(1);
  });

  it.each([0, 0.3, 0.5, 0.6, 0.99])('keeps the words of a bar that begins at %d of the time in the picture', (part) => {
    const from = now - 24 * hour;
    const at = from + 24 * hour * part;
    const span = { label: 'n'.repeat(300), tone: 'error', from: at, until: at + 60_000, open: true } as const;
    const svg = drawChart({ type: 'spans', title: 't', note: '', from, until: now, spans: [span], marks: [] });
    const words = texts(svg).find(({ text }) => text.includes('nnn'));
    expect(words?.text.length).toBeGreaterThan(40);
    expect(words?.begin).toBeGreaterThanOrEqual(-20);
    expect(words?.end).toBeLessThanOrEqual(wide + 20);
  });
});
