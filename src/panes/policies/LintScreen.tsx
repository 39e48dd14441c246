import { useMemo } from 'react';
import { clockTime } from '../../model/clock.ts';
import type { Judgement } from '../../model/finding.ts';
import { useSnapshot } from '../../state/use-snapshot.ts';
import type { Frame } from '../../ui/pane.ts';
import { number } from '../../ui/text.ts';
import { useTheme } from '../../ui/theme.ts';
import { type LineKeys, LinesScreen, type ScreenLine } from '../LinesScreen.tsx';
import { objectKeys } from '../object-keys.ts';
import type { PaneProps } from '../pane-props.ts';
import type { PaneState } from '../pane-state.ts';
import { looked } from '../policy-findings.ts';
import { useDerived } from '../use-derived.ts';
import { useNow } from '../use-now.ts';
import { lintPage } from './lint-page.ts';
import { type Policy, policyRows, versionOf } from './rows.ts';
import { tabKeys, tabLine } from './tabs.ts';

/** What is wrong with policies, lint by lint. */
export function LintScreen({ store, asks: _asks, policies: _policies, now, ...frame }: PaneProps & Frame) {
  const { glyphs } = useTheme();
  const judgement = useSnapshot(store, (snapshot) => snapshot.judgement);
  const time = useNow(now);
  const unseen = useUnseen(store, frame.scope, time);
  const watchedSince = useSnapshot(store, (snapshot) => snapshot.timeline.watchedSince);
  const columns = frame.width - 1;
  const lines = useMemo(() => lintPage(judgement, unseen, glyphs, columns), [judgement, unseen, glyphs, columns]);
  return (
    <LinesScreen
      frame={frame}
      name="policy-lint"
      title="Policy lint"
      state={stateOf(judgement, unseen.length)}
      lines={lines}
      above={[tabLine(store.get(), 'policy-lint', glyphs)]}
      none={`Nothing is wrong with any policy. What was changed or deleted before ${clockTime(watchedSince, time)}, when we began to watch, was not looked at.`}
      bindings={keys}
    />
  );
}

const keys = [...tabKeys<LineKeys>('policy-lint'), ...objectKeys<ScreenLine>((line) => line.ref)];

/** The policies that were edited shortly before we watched. */
function useUnseen(store: PaneProps['store'], scope: string, time: number): readonly Policy[] {
  const minute = Math.floor(time / 60_000) * 60_000;
  const known = useDerived(store, versionOf, ({ tables, timeline: { watchedSince } }) => ({ tables, watchedSince }));
  return useMemo(() => {
    const rows = policyRows({ ...known, policies: new Map(), judgement: nothingJudged }, scope, minute);
    return rows.filter((row) => row.isUnseen);
  }, [known, scope, minute]);
}

const nothingJudged = { findings: [] };

function stateOf(judgement: Judgement, unseen: number): PaneState {
  const { looked: count, of, not } = looked(judgement);
  const base = { phase: 'live', old: false, sentence: '' } as const;
  if (judgement.of === 0 || of === 0)
    return {
      ...base,
      phase: 'loading',
      glyph: 'progress',
      tone: 'progress',
      text: 'nothing judged yet',
      sentence: 'The lints look as soon as policies, pods and namespaces are known.',
    };
  const edits = unseen === 0 ? '' : ` · ${number(unseen)} ${unseen === 1 ? 'edit' : 'edits'} not watched`;
  const text = `${number(count)} of ${number(of)} lints looked${edits}`;
  return not.length + unseen === 0
    ? { ...base, glyph: 'ok', tone: 'ok', text }
    : { ...base, glyph: 'unknown', tone: 'unknown', text };
}
