import { useMemo } from 'react';
import { type Finding, findingKey, type Judgement } from '../../model/finding.ts';
import { staleLink } from '../../model/stale-link.ts';
import type { Store } from '../../state/store.ts';
import { useSnapshot } from '../../state/use-snapshot.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import type { Frame } from '../../ui/pane.ts';
import { age, number } from '../../ui/text.ts';
import { useTheme } from '../../ui/theme.ts';
import { calmWords } from '../calm-words.ts';
import { findingText } from '../finding-text.ts';
import { type LineKeys, LinesScreen } from '../LinesScreen.tsx';
import { objectKeys } from '../object-keys.ts';
import type { PaneProps } from '../pane-props.ts';
import type { PaneState } from '../pane-state.ts';
import { runbooksFor } from '../runbooks-for.ts';
import { useNow } from '../use-now.ts';
import { runbookView } from '../views.ts';
import { troubleshootPage } from './troubleshoot-page.ts';

/** Pane 6: the findings of all checks, ranked by what they reach, cause before consequence. */
export function TroubleshootScreen({ store, now, ...frame }: PaneProps & Frame) {
  const { glyphs } = useTheme();
  const time = useNow(now, 1_000);
  const judgement = useSnapshot(store, (snapshot) => snapshot.judgement);
  const columns = frame.width - 1;
  const late = useSnapshot(store, ({ links }) => staleLink(links));
  const asOf = late === undefined ? '' : `as of ${age(time - late.heard)} ago`;
  const lines = useMemo(
    () => troubleshootPage(judgement, { columns, glyphs, now: time, asOf }),
    [judgement, columns, glyphs, time, asOf],
  );
  const bindings = useMemo(() => keysOf(store), [store]);
  return (
    <LinesScreen
      frame={frame}
      name="findings"
      title="6 Troubleshoot"
      state={stateOf(judgement, time, asOf)}
      lines={lines}
      bindings={bindings}
      seeksTrouble
    />
  );
}

function stateOf(judgement: Judgement, now: number, asOf: string): PaneState {
  const { findings, looked, of } = judgement;
  const base = { phase: 'live', sentence: '', old: false } as const;
  if (of === 0) return { ...base, glyph: 'progress', tone: 'progress', text: 'nothing judged yet' };
  const checks = `${looked === of ? '' : `${number(looked)} of `}${number(of)} checks looked`;
  const worst = findings.find(({ severity }) => severity !== 'note')?.severity;
  const wrong = findings.filter(({ severity, beside }) => severity !== 'note' && beside === undefined).length;
  const stale = { ...base, phase: 'stale', glyph: 'warning', tone: 'warning', old: true } as const;
  if (asOf !== '') return { ...stale, text: `${asOf}: ${wrong === 0 ? 'nothing' : number(wrong)} wrong · ${checks}` };
  if (worst === 'error' || worst === 'warning')
    return { ...base, glyph: worst, tone: worst, text: `${number(wrong)} wrong · ${checks}` };
  const all = looked === of ? 'ok' : 'unknown';
  if (findings.length > 0)
    return { ...base, glyph: all, tone: all, text: `nothing wrong, ${number(findings.length)} noted · ${checks}` };
  const calm = calmWords(judgement, '', now);
  return { ...base, glyph: calm.glyph, tone: calm.glyph, text: `${calm.words} · ${checks}` };
}

function keysOf(store: Pick<Store, 'get'>): readonly Binding<LineKeys>[] {
  const at = ({ row }: LineKeys): Finding | undefined => {
    const key = row?.target?.args?.[0];
    return key === undefined ? undefined : store.get().judgement.findings.find((one) => findingKey(one) === key);
  };
  const unlessFinding = (context: LineKeys) =>
    at(context) === undefined ? 'there is no finding on this line' : undefined;
  return [
    {
      keys: ['v'],
      title: 'why',
      rank: 1,
      unless: unlessFinding,
      run: ({ row, frame }) => row?.target && frame.go(row.target),
    },
    {
      keys: ['r'],
      title: 'runbook',
      rank: 2,
      unless: (context) => {
        const finding = at(context);
        if (finding === undefined) return 'there is no finding on this line';
        return runbooksFor(finding.id).length === 0 ? 'no runbook is about this; v says why and what to do' : undefined;
      },
      run: (context) => {
        const finding = at(context);
        const [runbook] = finding === undefined ? [] : runbooksFor(finding.id);
        if (runbook !== undefined) context.frame.go(runbookView(runbook, finding?.objects ?? []));
      },
    },
    {
      keys: ['c'],
      title: 'copy',
      rank: 12,
      unless: unlessFinding,
      run: (context) => {
        const finding = at(context);
        if (finding !== undefined) context.frame.copy(findingText(finding));
      },
    },
    ...objectKeys<LineKeys['row'] & object>((line) => line.ref).filter(
      ({ keys: [key = ''] }) => !['c', 'r'].includes(key),
    ),
  ];
}
