import type { Judge } from '../model/policies/known-policies.ts';
import { groundOf } from './policies/ground.ts';
import { lintPolicy } from './policies/linter.ts';

/** What the lints say about one policy, the gravest first. */
export const judgePolicy: Judge = (policy, index) =>
  lintPolicy(policy, groundOf(index))
    .map(({ lint: { id, severity }, lapse: { path, text, next } }) => ({ id, severity, path, text, next }))
    .toSorted((a, b) => GRAVITY.indexOf(a.severity) - GRAVITY.indexOf(b.severity));

const GRAVITY = ['error', 'warning', 'note'];
