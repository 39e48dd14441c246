import type { AuditCall, AuditStory } from '../../model/audit-story.ts';
import { auditOutcomes, callsWord } from '../../model/audit-words.ts';
import { clockSecond, dateAndClock } from '../../model/clock.ts';
import { wrap } from '../../ui/text.ts';
import type { Glyphs, Tone } from '../../ui/theme.ts';
import type { ScreenLine } from '../LinesScreen.tsx';
import { span } from '../spans.ts';

type Mark = keyof Pick<Glyphs, 'ok' | 'progress' | 'warning' | 'error' | 'unknown'> & Tone;

export const storyMarks: Readonly<Record<AuditStory['outcome'], Mark>> = {
  verified: 'ok',
  done: 'ok',
  written: 'progress',
  partly: 'warning',
  refused: 'error',
  unknown: 'unknown',
  open: 'unknown',
};

/** One change or command, whole: who, where, what became of it, and each call that was sent for it. */
export function storyLines(story: AuditStory, glyphs: Glyphs, columns: number): readonly ScreenLine[] {
  const room = Math.max(20, columns - 12);
  const field = (name: string, text: string, tone: Tone = 'plain') =>
    (text === '' ? [] : wrap(text, room)).map(
      (line, index): ScreenLine => ({
        id: `${name} ${index}`,
        spans: [span(` ${(index === 0 ? name : '').padEnd(9)} `, 'dim'), span(line, tone)],
      }),
    );
  const { outcome, said, title, object, user, context, cluster, server, at, until, difference, calls } = story;
  const named = cluster === '' || cluster === context ? context : `${context}, cluster ${cluster}`;
  return [
    ...field('what', story.about === 'exec' ? `${title} in ${object}` : title, 'strong'),
    ...field('outcome', `${glyphs[storyMarks[outcome]]} ${endOf(story)}`, storyMarks[outcome]),
    ...field('said', said),
    ...field('by', user),
    ...field('on', `${named} (${server})`),
    ...field('from', `${dateAndClock(at).slice(0, 10)} ${clockSecond(at)}Z`),
    ...(until > at ? field('to', `${dateAndClock(until).slice(0, 10)} ${clockSecond(until)}Z`) : []),
    ...field('changed', difference),
    ...(calls.length === 0
      ? []
      : [
          { id: 'blank', spans: [] },
          { id: 'calls', spans: [span(' What was sent', 'strong')] },
          ...calls.flatMap((call, index) => callLines(call, index, glyphs, room - 4)),
        ]),
  ];
}

function endOf(story: AuditStory): string {
  return [auditOutcomes[story.outcome], callsWord(story)].filter((part) => part !== '').join(', ');
}

function callLines(call: AuditCall, index: number, glyphs: Glyphs, room: number): readonly ScreenLine[] {
  const { at, request, object, outcome, said, tries } = call;
  const mark = storyMarks[outcome];
  const word = outcome === 'open' ? 'no answer on record' : outcome;
  const again = tries > 1 ? `, sent ${tries} times` : '';
  const end = `${word}${again}${said === '' || outcome === 'done' ? '' : `: ${said}`}`;
  return [
    {
      id: `call ${index}`,
      spans: [span(` ${clockSecond(at)}  `, 'dim'), span(`${glyphs[mark]} `, mark), span(object)],
      troubled: outcome !== 'done',
    },
    ...[...pieces(request, room), ...wrap(end, room)].map((line, part) => ({
      id: `call ${index} ${part}`,
      spans: [span('             '), span(line, 'dim' as Tone)],
    })),
  ];
}

/** A path has no blanks to be broken at, and must be read whole. */
function pieces(text: string, columns: number): readonly string[] {
  return Array.from({ length: Math.ceil(text.length / columns) }, (_, index) =>
    text.slice(index * columns, (index + 1) * columns),
  );
}
