import { clockTime } from '../model/clock.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { type PaneState, paneState } from './pane-state.ts';
import { policySources } from './policy-version.ts';
import type { Computed } from './use-answer.ts';

/** How an answer about policies is doing: whether it is there, and whether what it rests on is live. */
export function answerState(
  answer: Computed<{ at: number }>,
  links: Snapshot['links'],
  now: number,
  glyphs: { about: string },
): PaneState {
  const { phase, value, problem, hint } = answer;
  const facts = paneState(links, policySources, 1, now);
  if (value === undefined && phase === 'failed') {
    const sentence = [problem, hint].filter((part) => part !== '').join(' ');
    // Whoever is asked about may still be among what is being read.
    if (facts.phase === 'connecting' || facts.phase === 'loading')
      return {
        phase: 'loading',
        glyph: 'progress',
        text: `no answer so far · ${facts.text}`,
        tone: 'progress',
        sentence: `${sentence} Not everything has been read yet.`,
        old: false,
      };
    return { phase: 'failed', glyph: 'error', text: 'no answer', tone: 'error', sentence, old: false };
  }
  if (value === undefined)
    return {
      phase: 'loading',
      glyph: 'progress',
      text: facts.phase === 'live' ? 'computing' : `computing · ${facts.text}`,
      tone: 'progress',
      sentence: 'Working it out from what is known of the cluster.',
      old: false,
    };
  const computed = `${glyphs.about} computed ${clockTime(value.at, now)}`;
  if (phase === 'failed')
    return { ...facts, glyph: 'error', tone: 'error', text: `failed · ${computed}`, sentence: problem, old: true };
  if (answer.old)
    return { ...facts, glyph: 'progress', tone: 'progress', text: `computing anew · ${computed}`, old: true };
  // What is live is of now; of anything else it matters when it was so.
  return facts.phase === 'live' && facts.glyph === 'ok' ? facts : { ...facts, text: `${facts.text} · ${computed}` };
}
