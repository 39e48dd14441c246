import { Box } from 'ink';
import { useMemo } from 'react';
import type { Binding } from '../ui/keys/binding.ts';
import { useBindings } from '../ui/keys/use-bindings.ts';
import type { Frame } from '../ui/pane.ts';
import type { Span } from '../ui/theme.ts';
import { useTheme } from '../ui/theme.ts';
import { createListStore, type Sort, useList } from '../ui/use-list.ts';
import { EmptyState } from '../ui/widgets/EmptyState.tsx';
import type { Column } from '../ui/widgets/fit-columns.ts';
import { Line } from '../ui/widgets/Line.tsx';
import { type Cell, Table } from '../ui/widgets/Table.tsx';
import { TitleRule } from '../ui/widgets/TitleRule.tsx';
import { emptiness } from './emptiness.ts';
import { leaveKey } from './leave-key.ts';
import { type PaneState, stateSpan } from './pane-state.ts';
import { useChangedCells } from './use-changed-cells.ts';
import { type Fading, useLingering } from './use-lingering.ts';

/** What a list's keys see. */
export type ListKeys<R> = Readonly<{ row: R | undefined; frame: Frame }>;

export type ListScreenProps<R> = Readonly<{
  frame: Frame;
  /** Keeps cursor and filter of several lists of one pane apart. */
  name: string;
  title: string;
  /** What else the title says, before the filter: since when, what is paused. */
  about?: string;
  state: PaneState;
  rows: readonly R[];
  id(row: R): string;
  text(row: R): string;
  labels?(row: R): Readonly<Record<string, string>>;
  troubled?(row: R): boolean;
  sorts?: readonly Sort<R>[];
  columns: readonly Column[];
  /** One cell per column; called for visible rows only. */
  cells(row: R): readonly Cell[];
  /** The table behind the rows: what is new stands out, what was deleted stays struck for a moment. */
  fading?: Fading;
  /** What is listed, so that rows of another scope are not taken for deleted. */
  scope?: string;
  bindings?: readonly Binding<ListKeys<R>>[];
  without?: readonly string[];
  stream?: boolean;
  /** What the list is narrowed to when it opens: the words after the pane's own, as in `:cnp shop`. */
  filter?: string;
  /** Lines between the title and the table. */
  above?: readonly (readonly Span[])[];
  /** What is said when there are no rows at all and the source is live. */
  none?: string;
}>;

/** A pane that is one list: title, lines of its own, table or the reason why there is none. */
export function ListScreen<R>(props: ListScreenProps<R>) {
  const { frame, state, above = [] } = props;
  const { glyphs } = useTheme();
  // Below the title and the headings.
  const height = Math.max(1, frame.height - 2 - above.length);
  const lingering = useLingering(props.rows, props.id, state.old ? undefined : props.fading, props.scope ?? '');
  const list = useList<R>({
    rows: lingering.rows,
    id: props.id,
    text: props.text,
    ...(props.labels && { labels: props.labels }),
    ...(props.troubled && { troubled: props.troubled }),
    ...(props.sorts && { sorts: props.sorts }),
    ...(props.without && { without: props.without }),
    ...(props.stream !== undefined && { stream: props.stream }),
    height,
    arriving: state.phase === 'connecting' || state.phase === 'loading',
    active: frame.active,
    store: frame.keep(`list ${props.name}`, () =>
      createListStore({ following: props.stream === true, filter: props.filter ?? '' }),
    ),
  });
  const bindings = useMemo(() => [leaveKey(list), ...(props.bindings ?? [])], [props.bindings, list]);
  useBindings<ListKeys<R>>(bindings, () => ({ row: list.current(), frame }), {
    // Over its keys stands what the list is, without how it is narrowed.
    title: props.title.split(' · ')[0] ?? '',
    active: frame.active,
  });
  const drawn = list.visible.map((row) => ({
    id: props.id(row),
    cells: props.cells(row),
    gone: lingering.isGone(row),
    marked: list.state.marks.has(props.id(row)),
  }));
  const visible = useChangedCells(drawn, props.columns, (id) => isRecent(props.fading, id));
  return (
    <Box flexDirection="column" width={frame.width} height={frame.height}>
      <TitleRule
        title={props.title}
        state={stateSpan(state, glyphs)}
        note={[narrowedTo(props), props.about, list.note].filter(Boolean).join(' · ')}
        {...(isCounted(state, list.total) && { shown: list.shown, total: list.total })}
        width={frame.width}
        active={frame.active}
      />
      {above.map((spans, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: these lines have no identity but their place
        <Line key={index} spans={spans} width={frame.width} />
      ))}
      {list.shown === 0 ? (
        <EmptyState {...emptiness(state, list, props.none)} width={frame.width} height={height + 1} />
      ) : (
        <Table
          columns={props.columns}
          rows={visible}
          cursorLine={frame.active ? list.cursorLine : -1}
          wide={list.state.wide}
          stale={state.old}
          width={frame.width}
          height={height + 1}
        />
      )}
    </Box>
  );
}

const NEW_MS = 2_000;

/** Where nothing could be read, none is not a number. */
function isCounted({ phase }: PaneState, rows: number): boolean {
  return rows > 0 || phase === 'live' || phase === 'none';
}

function isRecent(fading: Fading | undefined, id: string): boolean {
  const at = fading?.changed(id);
  return fading !== undefined && at !== undefined && fading.now - at < NEW_MS;
}

/** Said only where the list follows the screens' own scope; a list with a scope of its own has it in its title. */
function narrowedTo<R>({ frame, scope }: ListScreenProps<R>): string {
  return frame.scope !== '' && scope === frame.scope ? `ns:${scope}` : '';
}
