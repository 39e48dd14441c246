import { Box } from 'ink';
import { useMemo, useState } from 'react';
import { isPolicyKind, type PolicyRef } from '../../model/policies/rule.ts';
import { type ObjectRef, refText } from '../../model/ref.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import { useBindings } from '../../ui/keys/use-bindings.ts';
import type { Frame } from '../../ui/pane.ts';
import { createStore, useStore } from '../../ui/store.ts';
import { age } from '../../ui/text.ts';
import { type Span, useTheme } from '../../ui/theme.ts';
import { EmptyState } from '../../ui/widgets/EmptyState.tsx';
import { createTextStore, TextView } from '../../ui/widgets/TextView.tsx';
import { TitleRule } from '../../ui/widgets/TitleRule.tsx';
import { actionsKey } from '../actions-key.ts';
import type { PaneProps } from '../pane-props.ts';
import { useNow } from '../use-now.ts';
import { verdictKey } from '../verdict-key.ts';
import { logView, type ObjectTab, whatIfView } from '../views.ts';
import { describe } from './describe.ts';
import { documentLines } from './document-lines.ts';
import { type Fetched, useObject } from './use-object.ts';
import { yamlLines } from './yaml-lines.ts';

/** One object: YAML (`y`), a readable description (`d`), its events (`e`). Read once; `ctrl-r` reads it again. */
export function ObjectScreen({ asks, now, ...frame }: PaneProps & Frame) {
  const [kind = '', namespace = '', name = '', tab = 'yaml'] = frame.args;
  const [attempt, setAttempt] = useState(0);
  const fetched = useObject(asks, kind, namespace, name, attempt, now);
  const managed = frame.keep('managedFields', () => createStore(false));
  const managedFields = useStore(managed);
  const time = useNow(now, 5_000);
  // YAML is as wide as it is: a window dragged about must not have it written anew at each step.
  const columns = tab === 'yaml' ? 0 : frame.width;
  const lines = useMemo(
    () => linesOf(fetched, tab as ObjectTab, managedFields, columns, fetched.at),
    [fetched, tab, managedFields, columns],
  );
  useBindings(
    keys,
    () => ({
      frame,
      tab,
      kind,
      row: { kind, name, ...(namespace === '' ? {} : { namespace }) },
      managed: () => managed.update((shown) => !shown),
      again: () => setAttempt((count) => count + 1),
      text: () => lines.map((line) => line.text).join('\n'),
    }),
    { title: 'Object', active: frame.active },
  );
  const what = refText({ kind: kind.split('.')[0] ?? kind, namespace, name });
  return (
    <Box flexDirection="column" width={frame.width} height={frame.height}>
      <TitleRule
        title={what}
        note={titles[tab as ObjectTab] ?? ''}
        state={useStateSpan(fetched, time)}
        width={frame.width}
        active={frame.active}
      />
      {fetched.object === undefined ? (
        <EmptyState {...emptiness(fetched, what)} width={frame.width} height={frame.height - 1} />
      ) : (
        <TextView
          lines={lines}
          width={frame.width}
          height={frame.height - 1}
          active={frame.active}
          store={frame.keep(`text ${tab}`, () => createTextStore())}
        />
      )}
    </Box>
  );
}

const titles: Record<ObjectTab, string> = { yaml: 'YAML', describe: 'description', events: 'events' };

type Context = {
  frame: Frame;
  row: ObjectRef;
  tab: string;
  kind: string;
  managed(): void;
  again(): void;
  text(): string;
};

const keys: readonly Binding<Context>[] = [
  tabKey('y', 'yaml', 'YAML', 1),
  tabKey('d', 'describe', 'describe', 2),
  { ...tabKey('e', 'events', 'events', 3), applies: (context) => policyOf(context) === undefined },
  // A policy's events are part of its description: `e` is what it is wherever a policy can be changed.
  {
    keys: ['e'],
    title: 'edit: what if',
    rank: 3,
    applies: (context) => policyOf(context) !== undefined,
    run: (context) => {
      const ref = policyOf(context);
      if (ref !== undefined) context.frame.go(whatIfView('edit', ref));
    },
  },
  {
    keys: ['m'],
    title: 'managed fields',
    rank: 10,
    unless: ({ tab }) => (tab === 'yaml' ? undefined : 'managed fields are part of the YAML: y first'),
    run: ({ managed }) => managed(),
  },
  verdictKey<ObjectRef>((ref) => ref),
  actionsKey<ObjectRef>((ref) => ref),
  podLog('l', 'logs', 'current'),
  podLog('p', 'previous logs', 'previous'),
  { keys: ['ctrl-r'], title: 'read again', rank: 11, run: ({ again }) => again() },
  { keys: ['c'], title: 'copy all', rank: 12, run: ({ frame, text }) => frame.copy(text()) },
];

function policyOf({ kind, frame: { args } }: Context): PolicyRef | undefined {
  const [plain = ''] = kind.split('.');
  const [, namespace = '', name = ''] = args;
  return isPolicyKind(plain) ? { kind: plain, namespace, name } : undefined;
}

function tabKey(key: string, tab: ObjectTab, title: string, rank: number): Binding<Context> {
  return { keys: [key], title, rank, run: ({ frame }) => frame.become([...frame.args.slice(0, 3), tab]) };
}

function podLog(key: string, title: string, run: 'current' | 'previous'): Binding<Context> {
  return {
    keys: [key],
    title,
    unless: ({ kind }) => (kind === 'Pod' ? undefined : 'only pods have logs'),
    run: ({ frame }) => frame.go(logView(frame.args[1] ?? '', frame.args[2] ?? '', '', run)),
  };
}

function linesOf(
  fetched: Fetched,
  tab: ObjectTab,
  managedFields: boolean,
  width: number,
  now: number,
): readonly Span[] {
  if (fetched.object === undefined) return [];
  if (tab === 'yaml') return yamlLines(fetched.object, { managedFields }).map(yamlSpan);
  const sections = describe(fetched.object, fetched.events, now);
  const wanted = tab === 'events' ? sections.filter((section) => section.title === 'Events') : sections;
  return documentLines(wanted, width).map((spans) => ({
    text: spans.map((span) => span.text).join(''),
    tone: spans.at(-1)?.tone ?? 'plain',
  }));
}

/** Keys at the left edge are what the eye looks for. */
function yamlSpan(text: string): Span {
  return /^[^\s#-][^:]*:/.test(text) ? { text, tone: 'strong' } : { text };
}

function useStateSpan(fetched: Fetched, time: number): Span {
  const { glyphs } = useTheme();
  switch (fetched.phase) {
    case 'loading':
      return { text: `${glyphs.progress} reading`, tone: 'progress' };
    case 'here':
      return { text: `read ${age(time - fetched.at)} ago`, tone: 'dim' };
    case 'gone':
      return { text: `${glyphs.warning} gone: deleted since`, tone: 'warning' };
    case 'failed':
      return { text: `${glyphs.error} failed: ${fetched.problem}`, tone: 'error' };
  }
}

function emptiness(
  fetched: Fetched,
  what: string,
): { kind: 'loading' | 'none' | 'failed'; text: string; hint?: string } {
  if (fetched.phase === 'loading') return { kind: 'loading', text: `Reading ${what}.` };
  if (fetched.phase === 'gone')
    return { kind: 'none', text: `${what} is not there (any more).`, hint: 'esc goes back, ctrl-r looks again.' };
  return { kind: 'failed', text: fetched.problem, hint: 'ctrl-r tries again.' };
}
