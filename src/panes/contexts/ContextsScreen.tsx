import { useEffect, useMemo, useState } from 'react';
import { messageOf } from '../../errors.ts';
import type { Asks } from '../../model/asks.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import type { Frame } from '../../ui/pane.ts';
import { type ListKeys, ListScreen } from '../ListScreen.tsx';
import type { PaneProps } from '../pane-props.ts';
import type { PaneState } from '../pane-state.ts';

type Context = Awaited<ReturnType<Asks['contexts']>>[number];
type Known = { contexts: readonly Context[]; problem: string } | undefined;

/** The kubeconfig's contexts; ⏎ goes to another cluster. `:ctx NAME` goes there at once. */
export function ContextsScreen({ asks, ...frame }: PaneProps & Frame) {
  const known = useContexts(asks);
  const [wanted] = frame.args;
  const bindings = useMemo(() => [switchKey(asks)], [asks]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once per name that was typed
  useEffect(() => {
    if (wanted !== undefined && wanted !== '' && known !== undefined)
      void switchCluster(asks, named(known.contexts, wanted), frame);
  }, [wanted, known]);
  return (
    <ListScreen<Context>
      frame={frame}
      name="contexts"
      title="Contexts"
      state={stateOf(known)}
      rows={known?.contexts ?? []}
      id={(row) => row.name}
      text={(row) => `${row.title} ${row.cluster} ${row.user}`}
      columns={columns}
      cells={(row) => [row.current ? 'current' : '', row.title, row.cluster, row.user, row.namespace]}
      bindings={bindings}
    />
  );
}

const columns = [
  { id: 'current', title: '', min: 7 },
  { id: 'name', title: 'CONTEXT', min: 12, grow: true },
  { id: 'cluster', title: 'CLUSTER', min: 10, drop: 2 },
  { id: 'user', title: 'USER', min: 10, drop: 3 },
  { id: 'namespace', title: 'NAMESPACE', min: 9, drop: 1 },
] as const;

function switchKey(asks: Asks): Binding<ListKeys<Context>> {
  return {
    keys: ['enter'],
    title: 'go to this cluster',
    rank: 1,
    unless: ({ row }) =>
      row === undefined ? 'there is no context' : row.current ? 'this is where you are' : undefined,
    run: ({ row, frame }) => {
      if (row) void switchCluster(asks, row, frame);
    },
  };
}

// On failure the old cluster stays; the reason is all that changes.
async function switchCluster(asks: Asks, context: Pick<Context, 'name' | 'title'>, frame: Frame): Promise<void> {
  try {
    frame.flash(`connecting to ${context.title}`, 'progress');
    // biome-ignore lint/correctness/useHookAtTopLevel: the kubeconfig's word, not React's
    await asks.useContext(context.name);
    frame.go({ pane: 'overview' });
    frame.flash(`now on ${context.title}`, 'ok');
  } catch (error) {
    frame.flash(`still on the old cluster: ${messageOf(error)}`, 'error');
  }
}

/** What was typed is a true name, or one as it is drawn. */
function named(contexts: readonly Context[], wanted: string): Pick<Context, 'name' | 'title'> {
  return (
    contexts.find(({ name }) => name === wanted) ??
    contexts.find(({ title }) => title === wanted) ?? { name: wanted, title: wanted }
  );
}

function useContexts(asks: Asks): Known {
  const [known, setKnown] = useState<Known>();
  useEffect(() => {
    let shown = true;
    asks.contexts().then(
      (contexts) => shown && setKnown({ contexts, problem: '' }),
      (error: unknown) => shown && setKnown({ contexts: [], problem: messageOf(error) }),
    );
    return () => {
      shown = false;
    };
  }, [asks]);
  return known;
}

function stateOf(known: Known): PaneState {
  if (known === undefined)
    return {
      phase: 'connecting',
      glyph: 'progress',
      text: 'reading',
      tone: 'progress',
      sentence: 'Reading the kubeconfig.',
      old: false,
    };
  if (known.problem !== '')
    return { phase: 'failed', glyph: 'error', text: 'failed', tone: 'error', sentence: known.problem, old: false };
  return {
    phase: known.contexts.length > 0 ? 'live' : 'none',
    glyph: '',
    text: '',
    tone: 'dim',
    sentence: 'The kubeconfig has no contexts.',
    old: false,
  };
}
