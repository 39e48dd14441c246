import type { Judge } from '../model/policies/known-policies.ts';
import { lints } from './policies/index.ts';

/** What the lints say about one policy, the gravest first. */
export const judgePolicy: Judge = (policy, index) =>
  lints
    .flatMap(({ id, severity, look }) => look(policy, index).map((lapse) => ({ id, severity, ...lapse })))
    .toSorted((a, b) => GRAVITY.indexOf(a.severity) - GRAVITY.indexOf(b.severity));

const GRAVITY = ['error', 'warning', 'note'];
