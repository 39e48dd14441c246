import { Box } from 'ink';
import { useMemo } from 'react';
import type { Snapshot } from '../../model/snapshot.ts';
import { staleLink } from '../../model/stale-link.ts';
import { useSnapshot } from '../../state/use-snapshot.ts';
import { useBindings } from '../../ui/keys/use-bindings.ts';
import type { Frame } from '../../ui/pane.ts';
import { useTheme } from '../../ui/theme.ts';
import { createListStore, useList } from '../../ui/use-list.ts';
import { Line } from '../../ui/widgets/Line.tsx';
import { groundState } from '../log-ground.ts';
import type { PaneProps } from '../pane-props.ts';
import { type Spans, span } from '../spans.ts';
import { anyChange, useDerived } from '../use-derived.ts';
import { type ArrangedLine, arrange } from './arrange.ts';
import { type OverviewItem, overviewBands, overviewItems, twoColumns } from './bands.ts';
import { overviewKeys } from './keys.ts';
import { type OverviewFacts, overviewFacts } from './overview-facts.ts';
import { paneBar } from './pane-bar.ts';
import { useDeniedNow } from './use-denied-now.ts';

/** What is wrong now, how far it reaches, what changed just before it; then how everything else is. */
export function OverviewScreen({ store, asks, desk, now, ...frame }: PaneProps & Frame) {
  const theme = useTheme();
  // The verdict does not wait for the rest to be made: the header shows it in this very frame.
  const judgement = useSnapshot(store, judgementOf);
  const derived = useDerived(store, anyChange, (snapshot) => overviewFacts(snapshot, now()), {
    everyMs: 1_000,
    // But what more checks have looked at has been read, and is drawn as read.
    dependencies: `${judgement.looked}`,
  });
  const facts = useMemo(
    (): OverviewFacts => ({ ...derived, snapshot: { ...derived.snapshot, judgement } }),
    [derived, judgement],
  );
  const { scope } = frame;
  const known = useSnapshot(store, (snapshot) => snapshot.facts);
  const ground = useMemo(() => groundState(known), [known]);
  const denied = useDeniedNow(
    asks.azure,
    ground.ground,
    scope,
    desk.resting,
    frame.active && frame.width >= twoColumns,
  );
  const logs = { ground, denied, metrics: known.agentMetrics?.value, scope, glyphs: theme.glyphs };
  const items = useMemo(() => overviewItems(facts, frame.width, scope), [facts, frame.width, scope]);
  const list = useList<OverviewItem>({
    seeksTrouble: true,
    rows: items,
    id: itemId,
    text: itemText,
    troubled: itemTroubled,
    without: ['w', 'ctrl-w', 'space', 's', 'S'],
    height: Math.max(1, frame.height - 1),
    active: frame.active,
    // Until somebody moves, the cursor stays on what is worst, however the findings come and go.
    store: frame.keep('overview', () => createListStore({ following: true })),
  });
  useBindings(overviewKeys, () => ({ row: list.current(), list, frame, store }), {
    title: 'Overview',
    active: frame.active,
  });
  const time = now();
  const cursor = list.state.cursor;
  const narrowed = list.note === '' ? [] : [span(` ${list.note}: ${list.shown} left, esc clears it`, 'accent')];
  const given = { items: list.arranged, all: items, note: list.note, scope, logs };
  const bands = overviewBands(facts, given, cursor, theme, frame.width, time);
  const lines = arrange(bands, frame.width, Math.max(1, frame.height - 1), theme.glyphs);
  const old = staleLink(facts.snapshot.links) !== undefined;
  const bar: Spans =
    narrowed.length > 0 ? narrowed : [span(' '), ...paneBar(facts.snapshot, logs, theme.glyphs, frame.width - 1, time)];
  return (
    <Box flexDirection="column" width={frame.width} height={frame.height}>
      {lines.map((line, index) => (
        <Line
          // biome-ignore lint/suspicious/noArrayIndexKey: a line of the overview has no identity but its place
          key={index}
          spans={withCursor(line, frame.active ? cursor : '', theme.glyphs.cursor)}
          width={frame.width}
          look={old ? { faint: true } : plain}
        />
      ))}
      <Line spans={bar} width={frame.width} />
    </Box>
  );
}

const judgementOf = (snapshot: Snapshot) => snapshot.judgement;
const plain = {};
const itemId = (item: OverviewItem) => item.id;
const itemText = (item: OverviewItem) => item.text;
const itemTroubled = (item: OverviewItem) => item.troubled;

/** The part the cursor stands on in reverse video, and its sign in the gutter. */
function withCursor({ parts }: ArrangedLine, cursor: string, sign: string): Spans {
  return parts.flatMap((part) => {
    if (part.id === '' || part.id !== cursor) return part.spans;
    const [gutter, ...rest] = part.spans;
    return [{ ...gutter, text: sign, inverse: true }, ...rest.map((one) => ({ ...one, inverse: true }))];
  });
}
