import { useMemo, useRef } from 'react';
import { isAgentPod } from '../../model/agents.ts';
import { type Finding, findingKey, type Judgement } from '../../model/finding.ts';
import { type ObjectRef, refKey } from '../../model/ref.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { useSnapshot } from '../../state/use-snapshot.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import type { Frame, View } from '../../ui/pane.ts';
import { useTheme } from '../../ui/theme.ts';
import { actionsKey } from '../actions-key.ts';
import { findFinding } from '../find-finding.ts';
import { type LineKeys, LinesScreen, type ScreenLine } from '../LinesScreen.tsx';
import { objectKeys } from '../object-keys.ts';
import type { PaneProps } from '../pane-props.ts';
import type { PaneState } from '../pane-state.ts';
import { runbooksFor } from '../runbooks-for.ts';
import { useNow } from '../use-now.ts';
import { verdictKey } from '../verdict-key.ts';
import { agentView, openView, runbookView } from '../views.ts';
import { findingPage } from './finding-page.ts';

/** One finding, whole: by its key, or as it was last seen. */
export function WhyScreen({ store, asks: _asks, now, ...frame }: PaneProps & Frame) {
  const theme = useTheme();
  const time = useNow(now, 5_000);
  const judgement = useSnapshot(store, (snapshot) => snapshot.judgement);
  const timeline = useSnapshot(store, (snapshot) => snapshot.timeline);
  const [key = ''] = frame.args;
  const found = findFinding(judgement.findings, key);
  const last = useRef<{ finding: Finding; at: number } | undefined>(undefined);
  if (found !== undefined) last.current = { finding: found, at: time };
  const over = judgement.cleared.find((one) => findingKey(one.finding) === key)?.finding;
  const finding = found ?? last.current?.finding ?? over;
  const columns = frame.width - 1;
  const shown = useRef(finding);
  shown.current = finding;
  const lines = useMemo(
    () =>
      finding === undefined
        ? []
        : findingPage(finding, {
            columns,
            glyphs: theme.glyphs,
            now: time,
            timeline: timeline.entries,
            openObject: (ref) => viewOf(ref, store.get()),
          }),
    [finding, timeline, columns, theme, time, store],
  );
  const placed = found === undefined ? -1 : judgement.findings.indexOf(found);
  const bindings = useMemo(
    () => [
      findOut(() => shown.current),
      actOn(() => shown.current),
      ...whyKeys,
      ...stepKeys(() => store.get().judgement, key),
    ],
    [store, key],
  );
  return (
    <LinesScreen
      frame={frame}
      name={`why ${key}`}
      title={placed < 0 ? 'Why' : `Why · ${placed + 1} of ${judgement.findings.length}`}
      state={stateOf(key, found, finding !== undefined, judgement.of)}
      lines={lines}
      bindings={bindings}
    />
  );
}

/** On a finding `n` is the one after it, in place: `esc` leads back to where the walk began. */
function stepKeys(judgement: () => Judgement, key: string): readonly Binding<LineKeys>[] {
  const other = (by: 1 | -1) => {
    const { findings } = judgement();
    const at = findings.findIndex((one) => findingKey(one) === key);
    return at < 0 ? findings[0] : findings[at + by];
  };
  const step = (letter: string, title: string, by: 1 | -1): Binding<LineKeys> => ({
    keys: [letter],
    title,
    rank: 40,
    unless: () => (other(by) === undefined ? `this is the ${by === 1 ? 'last' : 'first'} finding` : undefined),
    run: ({ frame }) => {
      const next = other(by);
      if (next !== undefined) frame.become([findingKey(next)]);
    },
  });
  return [step('n', 'next finding', 1), step('N', 'previous finding', -1)];
}

function stateOf(key: string, found: Finding | undefined, seen: boolean, of: number): PaneState {
  const base = { phase: 'live', sentence: '', old: false } as const;
  if (of === 0)
    return {
      ...base,
      glyph: 'progress',
      tone: 'progress',
      text: 'nothing judged yet',
      sentence: 'The first verdict comes as soon as nodes and agents are known.',
    };
  if (found !== undefined) return { ...base, glyph: '', tone: 'dim', text: found.id };
  // Found while another program looked, or before this one began: nothing may be claimed of it.
  if (!seen) return { ...base, glyph: '', tone: 'warning', text: `${key} is not among the findings` };
  return { ...base, glyph: 'ok', tone: 'ok', text: 'no longer so', old: true };
}

/** An agent is looked at by its node, a policy on its page; anything else is described. */
function viewOf(ref: ObjectRef, { tables }: Snapshot): View {
  if (ref.kind === 'Node') return agentView(ref.name);
  const pod = ref.kind === 'Pod' ? tables.pods.named(ref.namespace ?? '', ref.name) : undefined;
  return pod !== undefined && isAgentPod(pod) && pod.node !== '' ? agentView(pod.node) : openView(ref);
}

/** Of several runbooks the first, about the object of the line, or else the first that the finding names. */
function findOut(finding: () => Finding | undefined): Binding<LineKeys> {
  const first = () => runbooksFor(finding()?.id ?? '')[0];
  return {
    keys: ['r'],
    title: 'runbook',
    rank: 2,
    unless: () => (first() === undefined ? 'no runbook is about this' : undefined),
    run: ({ row, frame }) => {
      const runbook = first();
      const objects = finding()?.objects ?? [];
      const here = objects.filter((one) => row?.ref !== undefined && refKey(one) === refKey(row.ref));
      if (runbook !== undefined) frame.go(runbookView(runbook, [...here, ...objects]));
    },
  };
}

/** What can be done to the object of the line, and elsewhere on the page to the first one that the finding names. */
function actOn(finding: () => Finding | undefined): Binding<LineKeys> {
  return actionsKey<ScreenLine>((line) => line.ref ?? finding()?.objects[0]);
}

const whyKeys = [
  verdictKey<ScreenLine>((line) => line.ref),
  ...objectKeys<ScreenLine>((line) => line.ref, {
    pod: ({ ref }) => (ref?.kind === 'Pod' ? { namespace: ref.namespace ?? '', name: ref.name } : undefined),
  }).filter(({ keys }) => !keys.includes('r') && !keys.includes('x')),
];
