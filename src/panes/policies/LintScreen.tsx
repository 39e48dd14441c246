import { useMemo } from 'react';
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
import { lintPage } from './lint-page.ts';
import { tabKeys, tabLine } from './tabs.ts';

/** What is wrong with policies, lint by lint. */
export function LintScreen({ store, asks: _asks, policies: _policies, now: _now, ...frame }: PaneProps & Frame) {
  const { glyphs } = useTheme();
  const judgement = useSnapshot(store, (snapshot) => snapshot.judgement);
  const columns = frame.width - 1;
  const lines = useMemo(() => lintPage(judgement, glyphs, columns), [judgement, glyphs, columns]);
  return (
    <LinesScreen
      frame={frame}
      name="policy-lint"
      title="Policy lint"
      state={stateOf(judgement)}
      lines={lines}
      above={[tabLine(store.get(), 'policy-lint', glyphs)]}
      none="Nothing is wrong with any policy."
      bindings={keys}
    />
  );
}

const keys = [...tabKeys<LineKeys>('policy-lint'), ...objectKeys<ScreenLine>((line) => line.ref)];

function stateOf(judgement: Judgement): PaneState {
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
  const text = `${number(count)} of ${number(of)} lints looked`;
  return not.length === 0
    ? { ...base, glyph: 'ok', tone: 'ok', text }
    : { ...base, glyph: 'unknown', tone: 'unknown', text };
}
