import type { Judge } from '../model/policies/known-policies.ts';
import { type Ground, groundOf } from './policies/ground.ts';
import { lintPolicy } from './policies/linter.ts';

/** Says what the lints say about one policy, the gravest first. What they ask of the cluster is found once, not for each. */
export function createJudge(): Judge {
  let ground: Ground | undefined;
  return (policy, index, seen) => {
    ground = groundOf(index, seen, ground);
    const { now } = ground;
    return lintPolicy(policy, ground)
      .filter(({ lapse: { until } }) => until === undefined || now < until)
      .map(({ lint: { id, severity }, lapse: { path, text, next } }) => ({ id, severity, path, text, next }))
      .toSorted((a, b) => GRAVITY.indexOf(a.severity) - GRAVITY.indexOf(b.severity));
  };
}

const GRAVITY = ['error', 'warning', 'note'];
