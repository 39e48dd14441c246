import { useEffect, useMemo, useRef } from 'react';
import { messageOf } from '../../errors.ts';
import { type Agent, agentContainer, isSick } from '../../model/agents.ts';
import type { LogEvent } from '../../model/asks.ts';
import type { Finding } from '../../model/finding.ts';
import type { EventRow } from '../../model/objects/others.ts';
import { onlySickShare, traitsText } from '../../model/only-sick.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { useStream } from '../../state/use-stream.ts';
import type { Frame } from '../../ui/pane.ts';
import { createStore, useStore } from '../../ui/store.ts';
import { useTheme } from '../../ui/theme.ts';
import { findingsAbout } from '../agent-words.ts';
import { agentLook, belowMinimum } from '../below-minimum.ts';
import { LinesScreen } from '../LinesScreen.tsx';
import type { PaneProps } from '../pane-props.ts';
import { type PaneState, paneState } from '../pane-state.ts';
import { readAgents } from '../read-agents.ts';
import { shortenImages } from '../short-image.ts';
import { anyChange, useDerived } from '../use-derived.ts';
import { agentPage } from './agent-page.ts';
import { type AgentNow, agentKeys } from './keys.ts';
import { type Asked, addToTail, emptyTail } from './screen-state.ts';

type Facts = {
  agent: Agent | undefined;
  shared: string;
  findings: readonly Finding[];
  events: readonly EventRow[];
  snapshot: Snapshot;
  time: number;
};

/** One agent, by its node's name (or its pod's). */
export function AgentScreen({ store, asks, now, ...frame }: PaneProps & Frame) {
  const theme = useTheme();
  const [wanted = ''] = frame.args;
  const facts = useDerived(store, anyChange, (snapshot) => factsOf(snapshot, wanted, now()), { everyMs: 1_000 });
  const { agent, snapshot } = facts;
  const asked = frame.keep('opinion', () => createStore<Asked>({ phase: 'not-asked' }));
  const opinion = useStore(asked);
  const tailOf =
    agent?.pod === undefined
      ? undefined
      : {
          pod: agent.pod.name,
          container: agent.failing?.container ?? agentContainer,
          previous: agent.failing?.hasPrevious === true,
        };
  const log = useStream(
    tailOf === undefined
      ? undefined
      : `${tailOf.pod} ${tailOf.container} ${tailOf.previous ? agent?.failing?.restarts : 'now'}`,
    (signal): AsyncIterable<LogEvent> =>
      asks.logs(
        {
          namespace: agent?.pod?.namespace ?? '',
          pod: tailOf?.pod ?? '',
          container: tailOf?.container ?? '',
          previous: tailOf?.previous === true,
          follow: tailOf?.previous !== true,
          tailLines: 40,
        },
        signal,
      ),
    addToTail,
    emptyTail,
    250,
  );
  const leaving = useRef(new AbortController());
  useEffect(() => {
    leaving.current = new AbortController();
    return () => leaving.current.abort();
  }, []);
  const ask = () => {
    const { pod, node = '' } = latest.current.agent ?? {};
    if (pod === undefined) return;
    asked.update(() => ({ phase: 'asking', at: now() }));
    asks.agent({ node, pod: { namespace: pod.namespace, name: pod.name } }, 'opinion', leaving.current.signal).then(
      (opinions) => asked.update(() => ({ phase: 'told', at: now(), opinions })),
      (error: unknown) =>
        asked.update(() => ({
          phase: 'failed',
          at: now(),
          problem: messageOf(error),
        })),
    );
  };
  const latest = useRef<AgentNow>({ agent, finding: undefined, asking: false, ask });
  latest.current = { agent, finding: facts.findings[0], asking: opinion.phase === 'asking', ask };
  const bindings = useMemo(() => agentKeys(() => latest.current), []);
  const lines =
    agent === undefined
      ? []
      : agentPage(
          {
            agent,
            least: belowMinimum(snapshot),
            shared: facts.shared,
            findings: facts.findings,
            events: facts.events.map(({ last, type, reason, message, count }) => ({
              at: last,
              type,
              reason,
              message,
              count,
            })),
            eventsProblem: eventsProblem(snapshot),
            asked: opinion,
            metrics: snapshot.facts.agentMetrics,
            signs: snapshot.logSigns.signs.filter(
              ({ namespace, pod }) => namespace === agent.pod?.namespace && pod === agent.pod.name,
            ),
            tail: {
              container: tailOf?.container ?? '',
              previous: tailOf?.previous === true,
              state: log.value,
              problem: log.problem ?? '',
              running: log.phase === 'running',
            },
          },
          frame.width - 1,
          theme,
          facts.time,
        );
  return (
    <LinesScreen
      frame={frame}
      name={`agent ${wanted}`}
      title={`Agent · ${agent?.node ?? wanted}`}
      state={stateOf(facts, wanted)}
      lines={lines}
      bindings={bindings}
    />
  );
}

function factsOf(snapshot: Snapshot, wanted: string, time: number): Facts {
  const all = readAgents(snapshot, time);
  const agent = all.find((one) => one.node === wanted || one.pod?.name === wanted);
  return {
    agent,
    shared: agent !== undefined && isSick(agent) ? shortenImages(traitsText(onlySickShare(all))) : '',
    findings: agent === undefined ? [] : findingsAbout(snapshot.judgement.findings, agent),
    events: [...snapshot.tables.events.by('owner', agent?.pod?.uid ?? '-')]
      .sort((a, b) => b.last - a.last)
      .slice(0, 20),
    snapshot,
    time,
  };
}

function eventsProblem({ links }: Snapshot): string {
  const state = paneState(links, ['events'], 1, 0);
  return state.phase === 'live' ? '' : state.sentence;
}

function stateOf({ agent, snapshot, time }: Facts, wanted: string): PaneState {
  const state = paneState(snapshot.links, ['systemPods', 'nodes'], 1, time);
  if (agent === undefined) {
    if (state.phase !== 'live') return state;
    return {
      phase: 'none',
      glyph: 'unknown',
      text: 'gone',
      tone: 'unknown',
      sentence:
        wanted === '' ? 'Name a node: :agent NODE.' : `There is no node and no agent called ${wanted} any more.`,
      old: false,
    };
  }
  if (state.phase !== 'live') return state;
  const { sign, word } = agentLook(agent, belowMinimum(snapshot));
  return { ...state, ...sign, text: word };
}
