import { useEffect, useRef } from 'react';
import { messageOf } from '../../errors.ts';
import type { Asks } from '../../model/asks.ts';
import type { Store } from '../../ui/store.ts';
import { useStore } from '../../ui/store.ts';
import { askedAgent, type RunningAgent } from '../running-agents.ts';
import type { Asked } from './health-matrix.ts';

export type HealthAnswers = ReadonlyMap<string, Asked>;

/** So few at once that other commands have room beside it. */
const atOnce = 2;

/** Asks these agents one after another what they have no answer of yet; what was told stays. `ask` empties an answer. */
export function useHealth(
  asks: Pick<Asks, 'agent'>,
  store: Store<HealthAnswers>,
  chosen: readonly RunningAgent[],
  now: () => number,
): HealthAnswers {
  const answers = useStore(store);
  const stop = useRef<AbortController>(undefined);
  useEffect(() => {
    stop.current = new AbortController();
    return () => {
      stop.current?.abort();
      // What was being asked when one left is asked again by whoever comes back.
      store.update((before) => new Map([...before].filter(([, { phase }]) => phase !== 'asking')));
    };
  }, [store]);
  useEffect(() => {
    const { signal } = stop.current ?? new AbortController();
    const running = [...answers.values()].filter(({ phase }) => phase === 'asking').length;
    const next = chosen.filter(({ node }) => !answers.has(node)).slice(0, Math.max(0, atOnce - running));
    for (const agent of next) {
      tell(store, agent.node, { phase: 'asking' });
      void asks.agent(askedAgent(agent), 'health', signal).then(
        (told) => {
          if (signal.aborted) return;
          const peers = new Map(told.peers.map((peer) => [peer.node, peer]));
          tell(store, agent.node, { phase: 'told', at: now(), peers });
        },
        (error: unknown) => {
          if (!signal.aborted) tell(store, agent.node, { phase: 'failed', at: now(), problem: messageOf(error) });
        },
      );
    }
  });
  return answers;
}

function tell(store: Store<HealthAnswers>, node: string, asked: Asked): void {
  store.update((before) => new Map(before).set(node, asked));
}
