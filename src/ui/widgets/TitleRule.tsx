import { cutMiddle, number, width } from '../text.ts';
import { type Span, useTheme } from '../theme.ts';
import { Line } from './Line.tsx';

export type TitleRuleProps = Readonly<{
  title: string;
  /** What state it is in, said beside the title: `● live`, `▲ stale 42s`, `loading 3,400 of ~100,000`. */
  state?: Span;
  /** How it is narrowed: a list's note. */
  note?: string;
  shown?: number;
  total?: number;
  /** Right end of the rule: headings over the last columns, hints. */
  right?: string;
  width: number;
  active?: boolean;
}>;

/** `── Letters 12/40 · /inbox ── ● live ─────────` */
export function TitleRule(props: TitleRuleProps) {
  const { rule, ellipsis } = useTheme().glyphs;
  const count = countOf(props);
  const spans: Span[] = [
    { text: `${rule}${rule} `, tone: 'dim' },
    { text: '', tone: props.active === false ? 'plain' : 'strong' },
    { text: count === '' ? ' ' : ` ${count} ` },
  ];
  if (props.note) spans.push({ text: `· ${props.note} `, tone: 'accent' });
  if (props.state?.text)
    spans.push({ text: `${rule} `, tone: 'dim' }, { ...props.state, text: `${props.state.text} ` });
  const rest = spans.reduce((sum, span) => sum + width(span.text), 0);
  // A long name gives way to the state, down to half of the line, and in its middle: its end is what differs.
  const title = cutMiddle(props.title, Math.max(Math.floor(props.width / 2), props.width - rest), ellipsis);
  spans[1] = { ...spans[1], text: title };
  const used = rest + width(title);
  const right = props.right ? ` ${props.right} ${rule}` : '';
  spans.push(
    { text: rule.repeat(Math.max(0, props.width - used - width(right))), tone: 'dim' },
    { text: right, tone: 'dim' },
  );
  return <Line spans={spans} width={props.width} />;
}

function countOf({ shown, total }: TitleRuleProps): string {
  if (total === undefined) return shown === undefined ? '' : number(shown);
  return shown === undefined || shown === total ? number(total) : `${number(shown)}/${number(total)}`;
}
