import { useTheme } from '../../ui/theme.ts';
import { Line } from '../../ui/widgets/Line.tsx';
import type { PaneProps } from '../pane-props.ts';
import { anyChange, useDerived } from '../use-derived.ts';
import { verdictLine } from './verdict-line.ts';

/** The verdict alone, for a terminal too small for anything else. */
export function Narrow({ store, now, width }: PaneProps & Readonly<{ width: number }>) {
  const { glyphs } = useTheme();
  const { snapshot, time } = useDerived(store, anyChange, (snapshot) => ({ snapshot, time: now() }), {
    everyMs: 1_000,
  });
  return <Line spans={verdictLine(snapshot, glyphs, width, time)} width={width} />;
}
