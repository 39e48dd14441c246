import { Box } from 'ink';
import { useMemo } from 'react';
import type { ObjectRef } from '../model/ref.ts';
import type { Binding } from '../ui/keys/binding.ts';
import { useBindings } from '../ui/keys/use-bindings.ts';
import type { Frame, View } from '../ui/pane.ts';
import { useTheme } from '../ui/theme.ts';
import { createListStore, useList } from '../ui/use-list.ts';
import { EmptyState } from '../ui/widgets/EmptyState.tsx';
import { Line } from '../ui/widgets/Line.tsx';
import { TitleRule } from '../ui/widgets/TitleRule.tsx';
import { emptiness } from './emptiness.ts';
import { leaveKey } from './leave-key.ts';
import { type PaneState, stateSpan } from './pane-state.ts';
import { type Spans, span, spansText } from './spans.ts';

/** A line one can stand on; with a `target` one can go in, with a `ref` its object can be read. */
export type ScreenLine = {
  id: string;
  spans: Spans;
  target?: View;
  /** What `⏎` does instead of going anywhere: the page itself shows something else. */
  choose?(): void;
  ref?: ObjectRef;
  /** Worth stopping at: `n` and `z` look for it. */
  troubled?: boolean;
};

export type LineKeys = Readonly<{ row: ScreenLine | undefined; frame: Frame }>;

export type LinesScreenProps = Readonly<{
  frame: Frame;
  name: string;
  title: string;
  state: PaneState;
  lines: readonly ScreenLine[];
  /** Lines between the title and the page, which stay while it scrolls. */
  above?: readonly Spans[];
  /** What is said when there is no line at all and the source is live. */
  none?: string;
  bindings?: readonly Binding<LineKeys>[];
  without?: readonly string[];
  /** `n` and `N` go to the troubled lines here, instead of to the next finding: these are the findings. */
  seeksTrouble?: boolean;
}>;

/** A pane that is a page of lines with sections: the cursor goes over all of them, so it also scrolls. */
export function LinesScreen(props: LinesScreenProps) {
  const { frame, name, title, state, lines, above = [], bindings: own = noKeys, without = [] } = props;
  const { glyphs } = useTheme();
  const height = Math.max(1, frame.height - 1 - above.length);
  const list = useList<ScreenLine>({
    rows: lines,
    id: lineId,
    text: lineText,
    troubled: lineTroubled,
    without: ['s', 'S', 'w', 'ctrl-w', 'space', ...without],
    seeksTrouble: props.seeksTrouble === true,
    height,
    arriving: state.phase === 'connecting' || state.phase === 'loading',
    active: frame.active,
    store: frame.keep(`lines ${name}`, () => createListStore()),
  });
  const bindings = useMemo(() => [leaveKey(list), open, ...own], [list, own]);
  useBindings<LineKeys>(bindings, () => ({ row: list.current(), frame }), { title, active: frame.active });
  return (
    <Box flexDirection="column" width={frame.width} height={frame.height}>
      <TitleRule
        title={title}
        state={stateSpan(state, glyphs)}
        note={list.note}
        width={frame.width}
        active={frame.active}
      />
      {above.map((spans, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: these lines have no identity but their place
        <Line key={index} spans={spans} width={frame.width} />
      ))}
      {list.shown === 0 ? (
        <EmptyState {...emptiness(state, list, props.none)} width={frame.width} height={height} />
      ) : (
        list.visible.map((line, index) => (
          <Line
            key={line.id}
            spans={[span(index === list.cursorLine && frame.active ? glyphs.cursor : ' '), ...line.spans]}
            width={frame.width}
            look={{
              ...(index === list.cursorLine && frame.active && { inverse: true }),
              ...(state.old && { faint: true }),
            }}
          />
        ))
      )}
    </Box>
  );
}

const noKeys: readonly Binding<LineKeys>[] = [];
const lineId = (line: ScreenLine) => line.id;
const lineText = (line: ScreenLine) => spansText(line.spans);
const lineTroubled = (line: ScreenLine) => line.troubled === true;

const open: Binding<LineKeys> = {
  keys: ['enter'],
  title: 'open',
  rank: 1,
  unless: ({ row }) =>
    row?.target === undefined && row?.choose === undefined ? 'there is nothing to open on this line' : undefined,
  run: ({ row, frame }) => {
    if (row?.choose !== undefined) row.choose();
    else if (row?.target !== undefined) frame.go(row.target);
  },
};
