import { changedBy } from '../../actions/live-object.ts';
import { clockTime } from '../../model/clock.ts';
import { countPairs, type WhatIfReport } from '../../model/policies/policy-asks.ts';
import { refText } from '../../model/ref.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import { number, wrap } from '../../ui/text.ts';
import type { Glyphs, Tone } from '../../ui/theme.ts';
import type { Page } from '../page.ts';
import { span } from '../spans.ts';
import { changedMeanwhile, isInPlace } from './draft-news.ts';
import { unreadText } from './draft-state.ts';
import type { Standing } from './standing.ts';
import { type Look, sortChanges, type Tried } from './tried.ts';

/** What one reads first: what became of it, what it would do, whether the server would take it, what is in the way. */
export function answerLines(page: Page, tried: Tried, look: Look): void {
  const { state, report, standings, unasked, uncomputed } = tried;
  const say = (glyph: keyof Glyphs & Tone, text: string) => {
    for (const [index, part] of wrap(text, Math.max(20, look.columns - 5)).entries())
      page.line([
        span(index === 0 ? `${look.glyphs[glyph]} ` : '  ', glyph),
        span(part, index === 0 ? 'strong' : 'plain'),
      ]);
  };
  if (state.unread !== undefined) {
    say('error', `The draft cannot be read: ${unreadText(state.unread)}.`);
    page.prose('e goes on editing it; nothing of it is lost.');
    return;
  }
  applied(tried, look, say);
  if (report !== undefined) say(...reportAnswer(report));
  if (uncomputed !== '') say('unknown', `What it would do is not known: ${uncomputed}`);
  for (const one of standings?.of ?? []) {
    if (isInPlace(state, one, standings)) continue;
    if (one.refused !== '') say('error', `The server refuses it: ${[one.refused, one.hint].filter(Boolean).join(' ')}`);
    if (changedMeanwhile(state, one))
      say('warning', `${meanwhile(one)} Both differences are below: m takes theirs up, e edits yours.`);
    for (const warning of one.warnings) say('warning', warning);
    if (one.refused === '') say('ok', dryRun(one));
  }
  if (unasked !== '') say('unknown', `The server was not asked: ${unasked}`);
  const errors = report?.findings.filter(({ severity }) => severity === 'error').length ?? 0;
  if (errors > 0)
    say(
      'error',
      `${number(errors)} ${errors === 1 ? 'error' : 'errors'} in the draft: it does not do what it seems to say.`,
    );
}

type Say = (glyph: keyof Glyphs & Tone, text: string) => void;

const glyphs = {
  verified: 'ok',
  written: 'progress',
  partly: 'warning',
  refused: 'error',
  unknown: 'warning',
} as const;

function applied({ state, standings }: Tried, { now }: Look, say: Say): void {
  for (const { outcome, at } of state.applied.values()) {
    const glyph = glyphs[outcome.outcome];
    const done = outcome.outcome === 'verified' || outcome.outcome === 'written';
    const undo = outcome.undo === undefined ? '' : ' :undo takes it back.';
    const when = done ? `Applied ${clockTime(at, now)}. ` : '';
    say(glyph, sanitiseLine(`${when}${[outcome.text, outcome.hint].filter(Boolean).join(' ')}${undo}`));
  }
  for (const one of standings?.of ?? []) {
    const mine = state.applied.get(one.key);
    const late = mine !== undefined && (standings?.at ?? 0) > mine.at;
    if (late && !isInPlace(state, one, standings) && mine?.outcome.undo !== undefined)
      say('warning', `${refText(one.ref)} is not so any more: it was taken back, or changed again.`);
  }
}

function reportAnswer(report: WhatIfReport): [keyof Glyphs & Tone, string] {
  const { deny, allow, unknown } = sortChanges(report.pairs);
  const parts = [
    deny.length > 0 && `${number(countPairs(deny))} ${pairsWord(countPairs(deny))} newly denied`,
    allow.length > 0 && `${number(countPairs(allow))} newly allowed`,
    unknown.length > 0 && `${number(countPairs(unknown))} no longer known`,
    report.undeclared.length > 0 && `${number(countPairs(report.undeclared))} on ports nobody there declares`,
    report.outside.length > 0 && `${number(countPairs(report.outside))} with nodes or the world`,
  ].filter((part) => part !== false);
  const same = `${number(report.unchanged)} ${pairsWord(report.unchanged)} unchanged`;
  if (parts.length === 0) return ['ok', `No verdict differs · ${same}`];
  return ['warning', `${parts.join(', ')} · ${same}`];
}

function pairsWord(count: number): string {
  return count === 1 ? 'pair' : 'pairs';
}

function meanwhile({ live, ref }: Standing): string {
  if (live === undefined) return `${refText(ref)} was deleted meanwhile.`;
  const who = changedBy(live);
  return `${refText(ref)} was changed meanwhile${who === '' ? '' : ` ${who}`}.`;
}

function dryRun({ way, live, difference, ref }: Standing): string {
  if (way === 'remove') return `The server would delete ${refText(ref)} (dry run).`;
  if (live === undefined) return `The server would make ${refText(ref)} (dry run): it is not there yet.`;
  if (difference.length === 0) return `${refText(ref)} is as the cluster has it.`;
  return `The server would take ${refText(ref)} (dry run).`;
}
