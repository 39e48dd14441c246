import type { ApiClient } from './api-client.ts';
import { ApiProblem } from './api-problem.ts';
import { backoff, pause } from './waiting.ts';

export type SameCluster = {
  /** Looks once more, soon: a watch was opened anew. The first look remembers whom it found. It looks until it has seen. */
  look(): void;
};

type Asked = Pick<ApiClient, 'json' | 'reached' | 'readmitted'>;

/** All sources come back at about the same time: they are one occasion. */
const togetherMs = 300;

/**
 * Notices that another cluster answers at the same address (made anew, restored, a balancer that was turned round): the
 * UID of its kube-system namespace is another. Versions of the two count apart, so that a watch would go on in the new
 * one with the old one's rows. Who may not read that namespace cannot tell, and is not asked again.
 */
export function createSameCluster(client: Asked, onOther: () => void, signal: AbortSignal): SameCluster {
  let known = '';
  let looking = false;
  let blind = false;

  async function look(): Promise<void> {
    await pause(known === '' ? 0 : togetherMs, signal);
    for (let failures = 1; !signal.aborted; failures++) {
      try {
        const uid = await uidOfSystem(client, signal);
        if (known !== '' && uid !== '' && uid !== known) onOther();
        known = uid || known;
        return;
      } catch (error) {
        const problem = error instanceof ApiProblem ? error : undefined;
        blind = problem?.kind === 'forbidden' || problem?.kind === 'missing';
        if (blind) return;
        // The watches are open again, and may stay so for minutes: nobody else would make us look.
        if (problem?.kind === 'unreachable') await client.reached(signal, () => {});
        if (problem?.kind === 'unauthorized') await client.readmitted(signal);
        await pause(Math.max(backoff(failures), problem?.retryAfterMs ?? 0), signal);
      }
    }
  }

  return {
    look() {
      if (looking || blind) return;
      looking = true;
      void look().finally(() => {
        looking = false;
      });
    },
  };
}

async function uidOfSystem(client: Asked, signal: AbortSignal): Promise<string> {
  const path = '/api/v1/namespaces/kube-system';
  const namespace = await client.json({ verb: 'GET', resource: 'namespaces', path, signal });
  const uid = (namespace as { metadata?: { uid?: unknown } } | null)?.metadata?.uid;
  return typeof uid === 'string' ? uid : '';
}
