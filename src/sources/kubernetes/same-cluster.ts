import type { ApiClient } from './api-client.ts';
import { ApiProblem } from './api-problem.ts';
import { pause } from './waiting.ts';

export type SameCluster = {
  /** Looks once more, soon: a watch was opened anew. The first look remembers whom it found. */
  look(): void;
};

/** All sources come back at about the same time: they are one occasion. */
const togetherMs = 300;

/**
 * Notices that another cluster answers at the same address (made anew, restored, a balancer that was turned round): the
 * UID of its kube-system namespace is another. Versions of the two count apart, so that a watch would go on in the new
 * one with the old one's rows. Who may not read that namespace cannot tell, and is not asked again.
 */
export function createSameCluster(client: ApiClient, onOther: () => void, signal: AbortSignal): SameCluster {
  let known = '';
  let looking = false;
  let blind = false;

  async function look(): Promise<void> {
    await pause(known === '' ? 0 : togetherMs, signal);
    if (signal.aborted) return;
    try {
      const uid = await uidOfSystem(client, signal);
      if (known !== '' && uid !== '' && uid !== known) onOther();
      known = uid || known;
    } catch (error) {
      blind = error instanceof ApiProblem && (error.kind === 'forbidden' || error.kind === 'missing');
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

async function uidOfSystem(client: ApiClient, signal: AbortSignal): Promise<string> {
  const path = '/api/v1/namespaces/kube-system';
  const namespace = await client.json({ verb: 'GET', resource: 'namespaces', path, signal });
  const uid = (namespace as { metadata?: { uid?: unknown } } | null)?.metadata?.uid;
  return typeof uid === 'string' ? uid : '';
}
