import { Box } from 'ink';
import { useMemo } from 'react';
import type { ResultColumn } from '../../model/azure/log-query.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import { useBindings } from '../../ui/keys/use-bindings.ts';
import type { Frame } from '../../ui/pane.ts';
import { type Store, useStore } from '../../ui/store.ts';
import { pad, wrap } from '../../ui/text.ts';
import { type Span, useTheme } from '../../ui/theme.ts';
import { createListStore, useList } from '../../ui/use-list.ts';
import { Line } from '../../ui/widgets/Line.tsx';
import { rowTree, type TreeLine } from './dynamic-tree.ts';
import type { Entry } from './result.ts';

export type RowDetailProps = Readonly<{
  frame: Frame;
  columns: readonly ResultColumn[];
  entry: Entry;
  /** What is not folded as it would be by itself: the same for every row of a result. */
  toggled: Store<ReadonlySet<string>>;
  active: boolean;
  width: number;
  height: number;
  /** To the row after or before. */
  step(by: 1 | -1): void;
  close(): void;
}>;

/** One row with every column, dynamic values unfolded. */
export function RowDetail({ frame, columns, entry, toggled, active, width, height, ...does }: RowDetailProps) {
  const { glyphs } = useTheme();
  const open = useStore(toggled);
  const tree = useMemo(() => rowTree(columns, entry.cells, open), [columns, entry, open]);
  const names = Math.min(
    Math.floor(width / 3),
    Math.max(8, ...tree.map((line) => line.name.length + line.depth * 2 + 2)),
  );
  const lines = useMemo(() => tree.flatMap((line) => drawn(line, names, width - names - 3)), [tree, names, width]);
  const list = useList<DrawnTree>({
    rows: lines,
    id: (line) => line.id,
    text: (line) => `${line.tree.name} ${line.tree.value}`,
    without: ['s', 'S', 'w', 'ctrl-w', 'space', 'n', 'N'],
    height,
    active,
    store: frame.keep('row', () => createListStore()),
  });
  useBindings<Context>(detailKeys, () => ({ ...does, frame, line: list.current()?.tree, toggled, clear: list.clear }), {
    title: 'Row',
    active,
  });
  return (
    <Box flexDirection="column" width={width} height={height}>
      {list.visible.map((line, index) => (
        <Line
          key={line.id}
          spans={lineSpans(line, names, glyphs)}
          width={width}
          look={index === list.cursorLine && active ? { inverse: true } : {}}
        />
      ))}
    </Box>
  );
}

type DrawnTree = Readonly<{ id: string; tree: TreeLine; text: string; goesOn: boolean }>;

/** Long values go on below; of a megabyte so much that one sees what it is. */
const longest = 20_000;

function drawn(tree: TreeLine, names: number, room: number): DrawnTree[] {
  const value =
    tree.value.length > longest ? `${tree.value.slice(0, longest)}… ${tree.value.length} in all` : tree.value;
  const parts = tree.folded ? [value] : wrap(value, Math.max(10, room));
  return parts.map((text, index) => ({ id: `${tree.path} ${index}`, tree, text, goesOn: index > 0 && names > 0 }));
}

function lineSpans(
  { tree, text, goesOn }: DrawnTree,
  names: number,
  glyphs: { arrow: string; down: string },
): readonly Span[] {
  const sign = goesOn || !tree.branch ? ' ' : tree.folded ? glyphs.arrow : glyphs.down;
  const name = goesOn ? '' : `${'  '.repeat(tree.depth)}${sign} ${tree.name}`;
  return [
    { text: ` ${pad(name, names)} `, tone: 'dim' },
    { text, ...(text === 'null' || text === '""' ? { tone: 'dim' as const } : {}) },
  ];
}

type Context = Pick<RowDetailProps, 'step' | 'close' | 'frame' | 'toggled'> &
  Readonly<{ line: TreeLine | undefined; clear(): boolean }>;

const detailKeys: readonly Binding<Context>[] = [
  {
    keys: ['enter'],
    title: 'fold, unfold',
    rank: 1,
    unless: ({ line }) => (line?.branch ? undefined : 'there is nothing in it to unfold'),
    run: ({ line, toggled }) =>
      toggled.update((before) => {
        const next = new Set(before);
        if (line !== undefined && !next.delete(line.path)) next.add(line.path);
        return next;
      }),
  },
  { keys: ['n'], title: 'next row', rank: 2, run: ({ step }) => step(1) },
  { keys: ['N'], title: 'previous row', rank: 3, run: ({ step }) => step(-1) },
  {
    keys: ['c'],
    title: 'copy the value',
    rank: 5,
    unless: ({ line }) => (line === undefined ? 'there is nothing under the cursor' : undefined),
    run: ({ line, frame }) => line && frame.copy(line.copy),
  },
  {
    keys: ['esc'],
    title: 'back to the rows',
    rank: 6,
    run: ({ close, clear }) => {
      if (!clear()) close();
    },
  },
  { keys: ['q'], title: 'back to the rows', run: ({ close }) => close() },
];
