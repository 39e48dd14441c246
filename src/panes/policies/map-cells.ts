import { cellLetters, type MapReport } from '../../model/policies/policy-asks.ts';
import type { Glyphs, Span } from '../../ui/theme.ts';
import { verdictLook } from '../verdict-words.ts';

export type MapVerdict = keyof typeof cellLetters;

/** A map to be drawn: who stands beside it, who above it, and what is where they meet. */
export type MapCells = Readonly<{
  rows: readonly string[];
  columns: readonly string[];
  /** The two namespaces behind a cell. */
  ends(row: string, column: string): Readonly<{ from: string; to: string }>;
  /** Undefined where there is nothing to ask: no two pods. */
  verdict(row: string, column: string): MapVerdict | undefined;
}>;

/** Everybody from everybody; of one namespace only two columns: who may reach it, and whom it may reach. */
export function mapCells({ namespaces, rows }: Pick<MapReport, 'namespaces' | 'rows'>, only: string): MapCells {
  const places = new Map(namespaces.map((name, index) => [name, index]));
  const between = (from: string, to: string) => letters[rows[places.get(from) ?? -1]?.[places.get(to) ?? -1] ?? ''];
  if (only === '')
    return {
      rows: namespaces,
      columns: namespaces,
      ends: (from, to) => ({ from, to }),
      verdict: between,
    };
  const [reaches, reached] = [`to ${only}`, `from ${only}`];
  const ends = (row: string, column: string) =>
    column === reaches ? { from: row, to: only } : { from: only, to: row };
  const known = namespaces.filter((name) => between(name, only) !== undefined || between(only, name) !== undefined);
  return {
    rows: known,
    columns: [reaches, reached],
    ends,
    verdict: (row, column) => {
      const { from, to } = ends(row, column);
      return between(from, to);
    },
  };
}

/** What `n` looks for: all that is not simply allowed. */
export function isNarrow(verdict: MapVerdict | undefined): boolean {
  return verdict !== undefined && verdict !== 'allow';
}

/** What `z` keeps: nearly every namespace has a cell that is allowed in part. */
export function isShut(verdict: MapVerdict | undefined): boolean {
  return verdict === 'deny' || verdict === 'unknown';
}

/** `●`; a point where there is nothing to ask. */
export function verdictSign(verdict: MapVerdict | undefined, glyphs: Glyphs): Span {
  if (verdict === undefined) return { text: '·', tone: 'dim' };
  const { glyph } = verdictLook(verdict);
  return { text: String(glyphs[glyph]), tone: glyph };
}

/** How often each verdict stands in it: `12 allowed · 3 partly · 40 denied`. */
export function countVerdicts({ rows }: Pick<MapReport, 'rows'>): Readonly<Record<MapVerdict, number>> {
  const counts = { allow: 0, partly: 0, deny: 0, unknown: 0 };
  for (const row of rows)
    for (const letter of row) {
      const verdict = letters[letter];
      if (verdict !== undefined) counts[verdict] += 1;
    }
  return counts;
}

const letters: Readonly<Record<string, MapVerdict>> = {
  [cellLetters.allow]: 'allow',
  [cellLetters.partly]: 'partly',
  [cellLetters.deny]: 'deny',
  [cellLetters.unknown]: 'unknown',
};
