import { useRef } from 'react';
import { agentContainer } from '../../model/agents.ts';
import { ciliumConfig } from '../../model/cluster-mode.ts';
import { useSnapshot } from '../../state/use-snapshot.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import type { Frame } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';
import { paneState } from '../pane-state.ts';
import { isRead } from '../read-agents.ts';
import { askedAgent, runningAgents } from '../running-agents.ts';
import { anyChange, useDerived } from '../use-derived.ts';
import { useNow } from '../use-now.ts';
import { flowWords } from './flow-words.ts';
import { LogView } from './LogView.tsx';
import { insteadOf, nothingThere, silenceOf } from './log-state.ts';
import type { LookingContext } from './looking-keys.ts';
import { useLogs, type WantedLog } from './use-logs.ts';

const usuallyAtOnce = 4;

/** Flows as the agents' own Hubble tells them: `:hubble [dropped] [NODE…]`. Each agent knows its own node only. */
export function HubbleScreen({ store, asks, now, ...frame }: PaneProps & Frame) {
  const time = useNow(now);
  const names = frame.args.filter((one) => one !== 'dropped');
  const onlyDropped = names.length < frame.args.length;
  const links = useSnapshot(store, (snapshot) => snapshot.links);
  const atOnce = useSnapshot(store, ({ requests }) => requests.commands?.atOnce ?? usuallyAtOnce);
  const most = Math.max(1, atOnce - 1);
  const { all, read, enabled } = useDerived(
    store,
    anyChange,
    (snapshot) => ({
      all: runningAgents(snapshot, names, now()),
      read: isRead(snapshot, 'systemPods'),
      enabled: ciliumConfig(snapshot)['enable-hubble'] ?? '',
    }),
    { everyMs: 1_000, dependencies: names.join(' ') },
  );
  const chosen = useFirst(
    all.map(({ node }) => node),
    most,
    `${names.join(' ')} ${read}`,
  );
  const off = enabled !== '' && enabled !== 'true';
  const wanted = off ? [] : all.filter(({ node }) => chosen.includes(node));
  const book = useLogs(
    frame.args.join(' '),
    wanted.map((agent): WantedLog => {
      const { namespace, pod, node } = agent;
      const source = { namespace, pod, container: agentContainer, node };
      return { source, open: (signal) => asks.flows(askedAgent(agent), onlyDropped ? 'DROPPED' : '', signal) };
    }),
  );
  const dropKey: Binding<LookingContext> = {
    keys: ['o'],
    title: onlyDropped ? 'all flows' : 'ask for dropped flows only',
    word: 'dropped',
    rank: 3,
    run: () => frame.become(onlyDropped ? names : ['dropped', ...names]),
  };
  return (
    <LogView
      frame={frame}
      title="Hubble"
      about={[
        wanted.length === 0 ? '' : `${wanted.length} of ${all.length} nodes`,
        onlyDropped ? 'dropped only' : '',
        names.length === 0 ? '' : `of ${names.join(' ')}`,
      ]}
      book={book}
      instead={
        off
          ? nothingThere(hubbleOff)
          : insteadOf(all.length, read, paneState(links, ['systemPods'], 1, time), nobody(names))
      }
      finite={false}
      now={time}
      silent={silenceOf(links, time)}
      keys={[dropKey]}
      words={flowWords}
      known="dropped flows"
    />
  );
}

const hubbleOff =
  'Hubble is off: cilium-config says enable-hubble=false. On AKS it comes with Advanced Container Networking Services; :drops works without it.';

function nobody(names: readonly string[]): string {
  return names.length === 0
    ? 'No agent runs in which one could listen.'
    : `No agent runs on a node, or in a pool, called "${names.join(' ')}".`;
}

/** Chosen once: what one listens to stays while agents come and go. */
function useFirst(nodes: readonly string[], most: number, subject: string): readonly string[] {
  const kept = useRef<{ subject: string; nodes: readonly string[] }>({ subject: '', nodes: [] });
  if (kept.current.subject !== subject || kept.current.nodes.length === 0)
    kept.current = { subject, nodes: nodes.slice(0, most) };
  return kept.current.nodes;
}
