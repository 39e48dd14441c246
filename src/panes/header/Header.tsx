import { Box } from 'ink';
import type { View } from '../../ui/pane.ts';
import { useTheme } from '../../ui/theme.ts';
import { Line } from '../../ui/widgets/Line.tsx';
import type { PaneProps } from '../pane-props.ts';
import { useDerived } from '../use-derived.ts';
import { headerFacts } from './header-facts.ts';
import { headerLine } from './header-line.ts';
import { verdictLine } from './verdict-line.ts';

/** The two lines at the top of every screen: where one is and how the links are; the verdict, never scoped. */
export function Header({
  store,
  now,
  width,
  scope,
}: PaneProps & Readonly<{ width: number; scope: string; view: View }>) {
  const { glyphs } = useTheme();
  const { snapshot, time } = useDerived(store, identity, (snapshot) => ({ snapshot, time: now() }), 1_000);
  return (
    <Box flexDirection="column" width={width} height={2}>
      <Line spans={headerLine(headerFacts(snapshot, scope, time), glyphs, width)} width={width} />
      <Line spans={verdictLine(snapshot, glyphs, width, time)} width={width} />
    </Box>
  );
}

const identity = <T,>(value: T): T => value;
