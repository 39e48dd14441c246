import type { Severity } from '../../model/finding.ts';
import type { Policy } from '../../model/policies/rule.ts';
import type { ObjectRef } from '../../model/ref.ts';
import type { Ground } from './ground.ts';

/**
 * What can be wrong with a policy, judged by itself and by the cluster it stands in: on files as on the live cluster.
 * One file each; pure. It looks at one policy at a time, so that after an edit few are looked at again.
 */
export type Lint = {
  /** Path-like, equal to the file's path under checks/: `policies/empty-peer-list`. */
  id: string;
  title: string;
  /** Why it matters, for someone who wonders why traffic is denied: at most three sentences. */
  why: string;
  severity: Severity;
  /**
   * What it judges by besides the policies and cilium-config; without it nothing can be said, and nothing is. `edits`
   * are changes of policies that were seen, which only one who watches has.
   */
  needs?: readonly Need[];
  /** Judges by the policy's own text: it may look at one namespace alone, and without cilium-config. */
  byItself?: boolean;
  /** What it goes by that may change where nothing else does: each single pod (its address), what was seen being edited. */
  goesBy?: 'pods' | 'edits';
  /** How long it must have stood before it is told of a live cluster, in ms: what heals by itself within that is none. */
  graceMs?: number;
  /** Why nothing can be said of this cluster, '' where it can: then it is not looked at, which is said, and not guessed. */
  blind?(ground: Ground): string;
  look(policy: Policy, ground: Ground): readonly Lapse[];
  /** What a policy's own text tells where what it needs is not known: in files without pods. */
  lookAlone?(policy: Policy, ground: Ground): readonly Lapse[];
  /** What is wrong beside the policies: with a namespace that none of them protects. */
  lookAround?(ground: Ground): readonly (Lapse & { object: ObjectRef })[];
};

export type Need = 'pods' | 'nodes' | 'services' | 'edits';

/** One place where a policy is wrong. */
export type Lapse = {
  /** `spec.ingress[0].toPorts[0]`; 'policy' for all of it. */
  path: string;
  /** What is wrong there, in one sentence without a stop. */
  text: string;
  /** The mend, one sentence. */
  next: string;
  /** When it began, where that is known. */
  since?: number;
  /** When it is no longer worth telling, though nothing changed; absent = never. */
  until?: number;
};
