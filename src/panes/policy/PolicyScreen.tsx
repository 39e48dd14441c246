import { useMemo } from 'react';
import type { KindId } from '../../model/kinds.ts';
import type { PolicyRow } from '../../model/objects/others.ts';
import type { PolicyReport } from '../../model/policies/policy-asks.ts';
import { isPolicyKind, type PolicyKind, type PolicyRef } from '../../model/policies/rule.ts';
import { type ObjectRef, refKey } from '../../model/ref.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { useSnapshot } from '../../state/use-snapshot.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import type { Frame } from '../../ui/pane.ts';
import { useTheme } from '../../ui/theme.ts';
import { answerState } from '../answer-state.ts';
import { type LineKeys, LinesScreen, type ScreenLine } from '../LinesScreen.tsx';
import { objectKeys } from '../object-keys.ts';
import type { PaneProps } from '../pane-props.ts';
import type { PaneState } from '../pane-state.ts';
import { policyActions } from '../policy-actions.ts';
import { editKey } from '../policy-keys.ts';
import { policyVersion } from '../policy-version.ts';
import { useAnswer } from '../use-answer.ts';
import { useNow } from '../use-now.ts';
import { endName } from '../verdict-key.ts';
import { policyName } from '../verdict-words.ts';
import { reachView } from '../views.ts';
import { firstSubject, policyPage } from './policy-page.ts';

/** One policy, by kind, namespace and name. */
export function PolicyScreen({ store, asks: _asks, policies, road: _road, now, ...frame }: PaneProps & Frame) {
  const { glyphs } = useTheme();
  const time = useNow(now);
  const [kind = '', namespace = '', name = ''] = frame.args;
  const ref = useMemo(() => refOf(kind, namespace, name), [kind, namespace, name]);
  const links = useSnapshot(store, (snapshot) => snapshot.links);
  const timeline = useSnapshot(store, (snapshot) => snapshot.timeline);
  const row = useSnapshot(store, (snapshot) => rowOf(snapshot, ref));
  const answer = useAnswer(
    store,
    ref === undefined ? '' : `policy ${frame.args.join(' ')}`,
    async (signal) => ({ report: await policies.policy(ref as PolicyRef, signal), at: now() }),
    policyVersion,
    frame.keep('answer', () => ({ current: undefined })),
  );
  const report = answer.value?.report;
  const entries = useMemo(
    () => (ref === undefined ? [] : timeline.entries.filter(({ object }) => refKey(object) === refKey(objectOf(ref)))),
    [timeline, ref],
  );
  const columns = frame.width - 1;
  const lines = useMemo(
    () => (report === undefined ? [] : policyPage({ report, row, entries }, columns, glyphs, time)),
    [report, row, entries, columns, glyphs, time],
  );
  const { again } = answer;
  const bindings = useMemo(() => keysOf(ref, report, again), [ref, report, again]);
  const state = answerState(answer, links, time, glyphs);
  return (
    <LinesScreen
      frame={frame}
      name={`policy ${frame.args.join(' ')}`}
      title={ref === undefined ? 'Policy' : `Policy · ${policyName(ref)}`}
      state={
        ref === undefined ? unnamed : row === undefined && state.phase === 'live' ? gone(report !== undefined) : state
      }
      lines={lines}
      bindings={bindings}
    />
  );
}

const kinds = {
  NetworkPolicy: 'networkPolicies',
  CiliumNetworkPolicy: 'ciliumNetworkPolicies',
  CiliumClusterwideNetworkPolicy: 'ciliumClusterwideNetworkPolicies',
} as const satisfies Record<PolicyKind, KindId>;

function refOf(kind: string, namespace: string, name: string): PolicyRef | undefined {
  return isPolicyKind(kind) && name !== '' ? { kind, namespace, name } : undefined;
}

function objectOf({ kind, namespace, name }: PolicyRef): ObjectRef {
  return namespace === '' ? { kind, name } : { kind, namespace, name };
}

function rowOf({ tables }: Snapshot, ref: PolicyRef | undefined): PolicyRow | undefined {
  return ref === undefined ? undefined : tables[kinds[ref.kind]].named(ref.namespace, ref.name);
}

const unnamed: PaneState = {
  phase: 'none',
  glyph: 'unknown',
  text: 'none named',
  tone: 'unknown',
  sentence: 'Open one from the list of policies: 4.',
  old: false,
};

/** Deleted, or never there. What was known of it stays, dimmed. */
function gone(seen: boolean): PaneState {
  return {
    phase: 'none',
    glyph: 'warning',
    text: seen ? 'deleted since' : 'not there',
    tone: 'warning',
    sentence: 'There is no such policy (any more).',
    old: true,
  };
}

function keysOf(
  ref: PolicyRef | undefined,
  report: PolicyReport | undefined,
  again: () => void,
): readonly Binding<LineKeys>[] {
  const subject = ({ row }: LineKeys) => {
    if (row?.id.startsWith('subject ') && row.ref) return endName(row.ref) ?? `${row.ref.namespace}/${row.ref.name}`;
    return report === undefined ? '' : firstSubject(report);
  };
  return [
    {
      keys: ['v'],
      title: 'who may reach its pods',
      rank: 2,
      unless: (context) => {
        if (report === undefined) return 'whom it is about is not known yet';
        return subject(context) === '' ? 'it selects no pod: there is nobody to ask about' : undefined;
      },
      run: (context) => context.frame.go(reachView(subject(context))),
    },
    editKey<ScreenLine>(() => ref),
    policyActions<ScreenLine>(() => ref),
    ...objectKeys<ScreenLine>((line) => line.ref ?? (ref && objectOf(ref))).filter(
      // `x` is about the policy, whatever line one is on.
      ({ keys }) => !'lpox'.includes(keys[0] ?? ''),
    ),
    { keys: ['ctrl-r'], title: 'look again', rank: 60, run: () => again() },
  ];
}
