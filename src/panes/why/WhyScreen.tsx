import { useMemo, useRef } from 'react';
import type { Finding } from '../../model/finding.ts';
import type { ObjectRef } from '../../model/ref.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { useSnapshot } from '../../state/use-snapshot.ts';
import type { Frame, View } from '../../ui/pane.ts';
import { useTheme } from '../../ui/theme.ts';
import { findFinding } from '../finding-key.ts';
import type { ScreenLine } from '../LinesScreen.tsx';
import { LinesScreen } from '../LinesScreen.tsx';
import { objectKeys } from '../object-keys.ts';
import type { PaneProps } from '../pane-props.ts';
import type { PaneState } from '../pane-state.ts';
import { useNow } from '../use-now.ts';
import { verdictKey } from '../verdict-key.ts';
import { agentView, openView } from '../views.ts';
import { findingPage } from './finding-page.ts';
import { verdictPage } from './verdict-page.ts';

/** `:why` is the whole verdict; with a finding's key it is that finding. */
export function WhyScreen({ store, asks: _asks, now, ...frame }: PaneProps & Frame) {
  const theme = useTheme();
  const time = useNow(now, 5_000);
  const judgement = useSnapshot(store, (snapshot) => snapshot.judgement);
  const timeline = useSnapshot(store, (snapshot) => snapshot.timeline);
  const [key = ''] = frame.args;
  const found = key === '' ? undefined : findFinding(judgement.findings, key);
  const last = useRef<{ finding: Finding; at: number } | undefined>(undefined);
  if (found !== undefined) last.current = { finding: found, at: time };
  const finding = found ?? (key === '' ? undefined : last.current?.finding);
  const columns = frame.width - 1;
  const lines = useMemo(
    () =>
      finding === undefined
        ? verdictPage(judgement, { columns, glyphs: theme.glyphs, now: time })
        : findingPage(finding, {
            columns,
            glyphs: theme.glyphs,
            now: time,
            timeline: timeline.entries,
            openObject: (ref) => viewOf(ref, store.get()),
          }),
    [finding, judgement, timeline, columns, theme, time, store],
  );
  return (
    <LinesScreen
      frame={frame}
      name={key === '' ? 'verdict' : `why ${key}`}
      title={finding === undefined ? 'Verdict' : 'Why'}
      state={stateOf(
        key,
        found,
        finding !== undefined,
        judgement.of,
        `${judgement.looked} of ${judgement.of} checks looked`,
      )}
      lines={lines}
      bindings={whyKeys}
    />
  );
}

function stateOf(key: string, found: Finding | undefined, seen: boolean, of: number, looked: string): PaneState {
  const base = { phase: 'live', sentence: '', old: false } as const;
  if (of === 0)
    return {
      ...base,
      glyph: 'progress',
      tone: 'progress',
      text: 'nothing judged yet',
      sentence: 'The first verdict comes as soon as nodes and agents are known.',
    };
  if (key === '') return { ...base, glyph: '', tone: 'dim', text: looked };
  if (found !== undefined) return { ...base, glyph: '', tone: 'dim', text: found.id };
  // Found while another program looked, or before this one began: nothing may be claimed of it.
  if (!seen) return { ...base, glyph: '', tone: 'warning', text: `${key} is not among the findings` };
  return { ...base, glyph: 'ok', tone: 'ok', text: 'no longer so', old: true };
}

/** An agent is looked at by its node, a policy on its page; anything else is described. */
function viewOf(ref: ObjectRef, { tables }: Snapshot): View {
  if (ref.kind === 'Node') return agentView(ref.name);
  const pod = ref.kind === 'Pod' ? tables.pods.named(ref.namespace ?? '', ref.name) : undefined;
  const isAgent = pod?.namespace === 'kube-system' && pod.labels['k8s-app'] === 'cilium' && pod.node !== '';
  return isAgent ? agentView(pod.node) : openView(ref);
}

const whyKeys = [
  verdictKey<ScreenLine>((line) => line.ref),
  ...objectKeys<ScreenLine>((line) => line.ref, {
    pod: ({ ref }) => (ref?.kind === 'Pod' ? { namespace: ref.namespace ?? '', name: ref.name } : undefined),
  }),
];
