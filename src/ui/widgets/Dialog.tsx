import { Box } from 'ink';
import { useMemo } from 'react';
import type { Binding } from '../keys/binding.ts';
import { useBindings } from '../keys/use-bindings.ts';
import { createStore, useStore } from '../store.ts';
import { wrap } from '../text.ts';
import type { Span } from '../theme.ts';
import { Line } from './Line.tsx';
import { TitleRule } from './TitleRule.tsx';

export type DialogProps = Readonly<{
  title: string;
  /** What is said; strings are wrapped, spans are lines of their own. */
  lines: readonly (string | Span)[];
  /** What is asked at the end: `Restart it?`. */
  question: string;
  /** When given, this has to be typed instead of pressing `y`: for what is dangerous. */
  typed?: string;
  /** More keys (scroll a difference, show the command); `y`, `n`, `esc` and `enter` are the dialog's. */
  bindings?: readonly Binding<undefined>[];
  width: number;
  height: number;
  onYes(): void;
  onNo(): void;
}>;

/** Asks before something is done; laid over a pane with `frame.open`. Cancel is in focus: `enter`, `esc` and `n` leave, only `y` or the typed name goes on. */
export function Dialog(props: DialogProps) {
  const { title, lines, question, typed, width, height } = props;
  const store = useMemo(() => createStore(''), []);
  const text = useStore(store);
  const bindings = useMemo(() => dialogBindings(typed !== undefined), [typed]);
  useBindings(bindings, () => ({ ...props, text: store.get(), type: store.update }), {
    title,
    ...(typed !== undefined && { typed: (more: string) => store.update((before) => before + more) }),
  });
  useBindings(props.bindings ?? [], () => undefined, { title });
  const body = lines.flatMap((line): Span[] =>
    typeof line === 'string' ? wrap(line, Math.max(1, width - 2)).map((one) => ({ text: one })) : [line],
  );
  const answer: Span[] =
    typed === undefined
      ? [{ text: ` ${question}  `, tone: 'strong' }, { text: ' Cancel ', inverse: true }, { text: '  y yes' }]
      : [
          { text: ` ${question} type `, tone: 'strong' },
          { text: typed, tone: 'accent' },
          { text: ` and enter: ${text}` },
          { text: ' ', inverse: true },
        ];
  return (
    <Box flexDirection="column" width={width} height={height}>
      <TitleRule title={title} width={width} />
      {body.slice(0, Math.max(0, height - 2)).map((span, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of one text, in order
        <Line key={index} spans={[{ text: ' ' }, span]} width={width} />
      ))}
      <Line spans={answer} width={width} />
    </Box>
  );
}

type DialogContext = DialogProps & { text: string; type(change: (text: string) => string): void };

function dialogBindings(isTyped: boolean): readonly Binding<DialogContext>[] {
  if (!isTyped) {
    return [
      { keys: ['y'], title: 'yes', rank: 1, run: (dialog) => dialog.onYes() },
      { keys: ['esc', 'enter', 'n', 'q'], title: 'cancel', rank: 2, run: (dialog) => dialog.onNo() },
    ];
  }
  return [
    {
      keys: ['enter'],
      title: 'go on',
      rank: 1,
      unless: ({ text, typed }) => (text === typed ? undefined : `what is typed is not "${typed}"`),
      run: (dialog) => dialog.onYes(),
    },
    { keys: ['esc'], title: 'cancel', rank: 2, run: (dialog) => dialog.onNo() },
    { keys: ['backspace'], title: 'delete', still: true, run: ({ type }) => type((text) => text.slice(0, -1)) },
    { keys: ['ctrl-u'], title: 'empty', still: true, run: ({ type }) => type(() => '') },
  ];
}
