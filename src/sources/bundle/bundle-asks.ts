import { UserError } from '../../errors.ts';
import type { BundleAsks } from '../../model/bundle/bundle-request.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { ApiClient } from '../kubernetes/api-client.ts';
import type { Commands } from '../kubernetes/commands.ts';
import type { Judge } from './bundle-rows.ts';
import { takeBundle } from './take-bundle.ts';

export type BundleAsksOptions = {
  client(): ApiClient;
  exec: Commands['exec'];
  known(): Snapshot;
  judgeOf(settleMs: number): Judge;
};

/** One bundle at a time, of the cluster that is current when it begins. */
export function createBundleAsks({ client, exec, known, judgeOf }: BundleAsksOptions): BundleAsks & {
  /** Whether one is being taken: the cluster it is of must stay. */
  isTaking(): boolean;
} {
  let taking: AbortController | undefined;
  return {
    isTaking: () => taking !== undefined,
    async *takeBundle(request, signal) {
      if (taking !== undefined) throw new UserError('A bundle is being taken already.', 'Wait until it has ended.');
      const stop = new AbortController();
      taking = stop;
      try {
        yield* takeBundle({
          ...{ request, client: client(), exec, known, judge: judgeOf(request.settleMs) },
          stop: AbortSignal.any([stop.signal, signal]),
        });
      } finally {
        taking = undefined;
      }
    },
    async endBundle() {
      taking?.abort();
    },
  };
}
