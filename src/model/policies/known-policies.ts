import type { RawObject } from '../objects/row.ts';
import type { PolicyReport } from './policy-asks.ts';
import type { PolicyEdit } from './policy-edit.ts';
import type { PolicyIndex } from './policy-index.ts';
import type { Policy, PolicyRef } from './rule.ts';
import type { Engine } from './verdict.ts';

/**
 * What reports rest on: of the live cluster, or of files. A report that takes turns goes on with the engine it began
 * with, so an engine is never changed in place.
 */
export type KnownPolicies = {
  engine: Engine;
  /** The oldest first. */
  edits: readonly PolicyEdit[];
  /** What could not be read, a sentence each. */
  unread: readonly string[];
  /** The whole object as the server has it, opaque; undefined where it is not kept. */
  written(ref: PolicyRef): RawObject | undefined;
};

/**
 * What is wrong with a policy in the cluster of this index, and with the changes that were `seen` until `now`, where
 * somebody watched. The model knows no lints, so it is handed one who does.
 */
export type Judge = (
  policy: Policy,
  index: PolicyIndex,
  seen?: Pick<KnownPolicies, 'edits'> & { now: number },
) => PolicyReport['findings'];
