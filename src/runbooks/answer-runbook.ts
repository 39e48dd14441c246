import { UserError } from '../errors.ts';
import type { RunbookAsks } from '../model/runbook-result.ts';
import { runbooks } from './index.ts';
import { checkTargets, namedTarget } from './named-target.ts';
import { type Running, runRunbook } from './run.ts';

/** Runs whole runbooks beside the snapshot they look at: what agents and lists answer is read there, and only the steps leave. */
export function answerRunbook({ snapshot, now, asks }: Pick<Running, 'snapshot' | 'now' | 'asks'>): RunbookAsks {
  return {
    async *runbook({ id, targets, timeline, judgement, limitMs }, signal) {
      const runbook = runbooks.find((one) => one.id === id);
      if (runbook === undefined) throw new UserError(`There is no runbook ${id}.`);
      const known = () => {
        const here = snapshot();
        return {
          ...here,
          timeline: { ...here.timeline, entries: timeline },
          judgement: judgement ?? here.judgement,
        };
      };
      const named = targets.map((text) => namedTarget(text, known()));
      checkTargets(runbook, named);
      yield* runRunbook(runbook, named, {
        ...{ snapshot: known, now, asks, signal },
        ...(limitMs === undefined ? {} : { timeUp: AbortSignal.timeout(limitMs) }),
      });
    },
    async suspects() {
      const here = snapshot();
      const counts = runbooks.map(({ id, target }) => [id, target?.suspects(here, now()).length ?? 0] as const);
      return Object.fromEntries(counts);
    },
  };
}
