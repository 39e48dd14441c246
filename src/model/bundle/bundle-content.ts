import type { Change, ClusterFacts } from '../change.ts';
import type { Churn } from '../churn.ts';
import type { Facts } from '../facts.ts';
import type { Judgement } from '../finding.ts';
import type { Link, SourceId } from '../link.ts';
import type { RawObject } from '../objects/row.ts';
import type { Timeline } from '../timeline.ts';
import type { BundleGap, BundleNode } from './bundle-plan.ts';

/**
 * What lies where in a bundle. A reader needs `session.json` and `objects/`, and for findings that need watching
 * `objects-again/`; everything else is for people.
 */
export const bundleFolder = 'ciliscope-bundle';
export const bundleFormat = 1;

/** `manifest.json`: what this is, and what is missing in it. Always the last file: an archive without it broke off. */
export type BundleManifest = {
  format: typeof bundleFormat;
  program: string;
  context: string;
  server: string;
  kubernetesVersion: string;
  /** RFC 3339, by the server's clock. */
  takenAt: string;
  endedAt: string;
  /** How far back its logs go. */
  since: string;
  nodes: readonly BundleNode[];
  requests: number;
  files: readonly { path: string; bytes: number }[];
  gaps: readonly BundleGap[];
  /** In how many texts something was taken out that looked like a secret. */
  redacted: number;
};

/** `session.json`: what was known besides the objects, at the end. */
export type BundleSession = {
  cluster: ClusterFacts;
  links: readonly (readonly [SourceId, Link])[];
  facts: readonly BundledFact[];
  churn: Churn;
  timeline: Timeline;
  /** The judgement of these objects as it was then. */
  judgement: Judgement;
  /** When the objects were judged, ms by the server's clock: as they were listed, and what stood was read once more. */
  judgedAt: readonly number[];
  settleMs: number;
};

export type BundledFact = { [K in keyof Facts]: { fact: K; link: Link; value?: Facts[K]; at: number } }[keyof Facts];

/** A line of `objects-again/`: how an object was when it was read once more; `null` = gone. */
export type ReadAgain = { source: SourceId; namespace: string; name: string; object: RawObject | null };

export function factChange({ fact, link, value, at }: BundledFact): Change {
  return { type: 'fact', fact, link, ...(value === undefined ? {} : { value }), at } as Change;
}
