import { useEffect, useState } from 'react';
import { messageOf, UserError } from '../../errors.ts';
import type { Asks } from '../../model/asks.ts';
import { findResource } from '../resource.ts';
import type { ObjectEvent } from './describe.ts';
import { withoutSecrets } from './without-secrets.ts';

/** One object as the server has it, raw, and its events. */
export type Fetched = {
  phase: 'loading' | 'here' | 'gone' | 'failed';
  object: unknown;
  /** Events, or the sentence why there are none to show. */
  events: readonly ObjectEvent[] | string;
  problem: string;
  at: number;
};

const nothing: Fetched = { phase: 'loading', object: undefined, events: [], problem: '', at: 0 };

/** Asks anew whenever `attempt` changes; what was there stays until the answer comes. */
export function useObject(
  asks: Asks,
  kind: string,
  namespace: string,
  name: string,
  attempt: number,
  now: () => number,
): Fetched {
  const [fetched, setFetched] = useState<Fetched>(nothing);
  // biome-ignore lint/correctness/useExhaustiveDependencies: attempt is what asks again
  useEffect(() => {
    const stop = new AbortController();
    void fetchObject(asks, kind, namespace, name, stop.signal).then((result) => {
      if (stop.signal.aborted) return;
      // An object that was here and is gone keeps its last state on the screen, marked.
      setFetched((before) => ({ ...result, object: result.object ?? before.object, at: now() }));
    });
    return () => stop.abort();
  }, [asks, kind, namespace, name, attempt, now]);
  return fetched;
}

async function fetchObject(
  asks: Asks,
  kind: string,
  namespace: string,
  name: string,
  signal: AbortSignal,
): Promise<Fetched> {
  try {
    const resource = findResource(await asks.resources(signal), kind);
    if (resource === undefined)
      return {
        ...nothing,
        phase: 'failed',
        problem: `The server serves no kind ${kind}, or its group does not answer.`,
      };
    const [object, events] = await Promise.all([
      asks.object(resource, namespace, name, signal),
      asks.events({ kind: resource.kind, name, ...(namespace === '' ? {} : { namespace }) }, signal).catch(messageOf),
    ]);
    return { ...nothing, phase: 'here', object: withoutSecrets(object), events };
  } catch (error) {
    const gone = error instanceof UserError && error.kind === 'missing';
    return { ...nothing, phase: gone ? 'gone' : 'failed', problem: messageOf(error) };
  }
}
