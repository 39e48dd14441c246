import type { DifferenceLine, Plan } from '../../actions/action.ts';
import { wrap } from '../../ui/text.ts';
import type { Glyphs, Span, Tone } from '../../ui/theme.ts';

/** The plan as lines of at most `columns`: what it does, what to know, how far it reaches, how, and the difference. */
export function planLines(plan: Plan, cluster: string, glyphs: Glyphs, columns: number): readonly Span[] {
  const then = plan.thenSaid ?? [];
  const room = Math.max(20, columns - 2);
  const said = (text: string, tone: Tone = 'plain', first = ' ', indent = ' ') =>
    wrap(text, room - indent.length).map(
      (line, index): Span => ({ text: `${index === 0 ? first : indent}${line}`, tone }),
    );
  const field = (name: string, text: string, tone: Tone = 'plain') =>
    said(text, tone, ` ${name.padEnd(8)} `, ' '.repeat(nameWidth));
  // A path has no blanks to be broken at, and must be read whole.
  const whole = (name: string, text: string) =>
    pieces(text, room - nameWidth).map(
      (part, index): Span => ({ text: ` ${(index === 0 ? name : '').padEnd(8)} ${part}`, tone: 'dim' }),
    );
  return [
    ...said(onWhat(plan, cluster), 'strong'),
    ...plan.warnings.flatMap((warning) => said(warning, 'warning', ` ${glyphs.warning} `, '   ')),
    ...plan.reach.flatMap((reach, index) => field(index === 0 ? 'reach' : '', reach)),
    ...whole('call', plan.call),
    ...field('same as', plan.kubectl, 'dim'),
    ...field('seen', plan.verify, 'dim'),
    ...field('back', plan.undo, plan.noUndo ? 'warning' : 'dim'),
    ...(then.length === 0 ? [] : field('then', `${then.length} more, each shown below`, 'dim')),
    { text: '' },
    { text: ` ${differenceTitle(plan, glyphs)}`, tone: 'strong' },
    ...plan.difference.map(differenceSpan),
    ...(then.length === 0 ? [] : [{ text: '' }, { text: ' What is sent, in this order', tone: 'strong' as const }]),
    ...(then.length === 0 ? [] : [plan, ...then]).flatMap(({ call, kubectl }, index) => [
      ...whole(`${index + 1}`, call),
      ...(index === 0 ? [] : field('', kubectl, 'dim')),
    ]),
  ];
}

/** A managed cluster is named by the title. */
function onWhat({ sentence, deployment }: Plan, cluster: string): string {
  return deployment === undefined ? `${sentence.replace(/\.$/, '')} on ${cluster}.` : sentence;
}

const nameWidth = 10;

function pieces(text: string, columns: number): readonly string[] {
  return Array.from({ length: Math.ceil(text.length / columns) }, (_, index) =>
    text.slice(index * columns, (index + 1) * columns),
  );
}

function differenceTitle({ difference, after, before, deployment }: Plan, { gone }: Glyphs): string {
  if (difference.length === 0) return 'No difference: it is as it would become.';
  const count = (sign: DifferenceLine['sign']) => difference.filter((line) => line.sign === sign).length;
  const what = before === undefined ? 'What is new' : after === undefined ? 'What goes' : 'The difference';
  // ARM rehearses nothing.
  const by = deployment === undefined ? "by the server's dry run" : 'as it will be written';
  return `${what}, ${by} · +${count('+')} ${gone}${count('-')}`;
}

function differenceSpan({ sign, text }: DifferenceLine): Span {
  if (sign === '@') return { text: `   ${text}`, tone: 'accent' };
  return { text: ` ${sign} ${text}`, tone: sign === '+' ? 'ok' : sign === '-' ? 'error' : 'plain' };
}
