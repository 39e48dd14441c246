import { Box } from 'ink';
import type { Snapshot } from '../../model/snapshot.ts';
import { useSnapshot } from '../../state/use-snapshot.ts';
import { useDevice } from '../../ui/device.ts';
import type { View } from '../../ui/pane.ts';
import { useStore } from '../../ui/store.ts';
import { useTheme } from '../../ui/theme.ts';
import { Line } from '../../ui/widgets/Line.tsx';
import type { PaneProps } from '../pane-props.ts';
import { anyChange, useDerived } from '../use-derived.ts';
import { headerFacts } from './header-facts.ts';
import { headerLine } from './header-line.ts';
import { noticeLines } from './notice-lines.ts';
import { verdictLine } from './verdict-line.ts';

/** The top of every screen: where one is and how the links are; the verdict, never scoped; what the connection has to say. */
export function Header({
  store,
  now,
  width,
  scope,
}: PaneProps & Readonly<{ width: number; scope: string; view: View }>) {
  const { glyphs } = useTheme();
  const make = (snapshot: Snapshot) => {
    const time = now();
    return { snapshot, time, facts: headerFacts(snapshot, scope, time) };
  };
  // At once, and in the same frame as the overview's rows.
  const judgement = useSnapshot(store, judgementOf);
  // So is how much has been read when more checks have looked: "all looked" beside "still loading" would be no truth.
  const jobs = useSnapshot(store, jobsOf);
  const dependencies = `${scope} ${judgement.looked} ${jobs.window?.until ?? ''} ${jobs.running.length}`;
  const { snapshot, time, facts } = useDerived(store, anyChange, make, { everyMs: 1_000, dependencies });
  const size = useStore(useDevice().size);
  const notice = noticeLines(useSnapshot(store, noticeOf), glyphs, size);
  return (
    <Box flexDirection="column" width={width} height={2 + notice.length}>
      <Line spans={headerLine(facts, glyphs, width)} width={width} />
      <Line spans={verdictLine({ ...snapshot, judgement }, glyphs, width, time)} width={width} />
      {notice.map((spans, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: these lines have no identity but their place
        <Line key={index} spans={spans} width={width} />
      ))}
    </Box>
  );
}

/** How many lines the header takes now. */
export function useHeaderHeight(store: PaneProps['store']): number {
  const { glyphs } = useTheme();
  const size = useStore(useDevice().size);
  return 2 + noticeLines(useSnapshot(store, noticeOf), glyphs, size).length;
}

const noticeOf = (snapshot: Snapshot) => snapshot.cluster.notice ?? '';
const jobsOf = (snapshot: Snapshot) => snapshot.jobs;
const judgementOf = (snapshot: Snapshot) => snapshot.judgement;
