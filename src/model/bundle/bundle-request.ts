import type { Timeline } from '../timeline.ts';
import type { BundleGap, BundlePlan } from './bundle-plan.ts';

/** A bundle as somebody agreed to it. Plain data; it crosses threads. */
export type BundleRequest = {
  plan: BundlePlan;
  /** Where it is written to: a new file. */
  path: string;
  program: string;
  /** How long a suspect without a timestamp is watched before it is read once more, ms. */
  settleMs: number;
  timeline: Timeline;
  /** Texts of this session: its report, its queries, its audit. Secrets are taken out of these, too. */
  texts: readonly { path: string; text: string }[];
};

/** How far it is, a few times a second at most, and how it ended. */
export type BundleEvent =
  | { type: 'progress'; text: string; requests: number; bytes: number }
  | {
      type: 'end';
      path: string;
      /** Of the archive. */
      bytes: number;
      files: number;
      requests: number;
      gaps: readonly BundleGap[];
      /** In how many texts something was taken out. */
      redacted: number;
      /** Somebody asked for it to end before it was whole. */
      stopped: boolean;
    };

export type BundleAsks = {
  /**
   * Reads what was planned, a few requests at a time, and writes it as it comes. Whatever cannot be read is a gap; only a
   * file that cannot be written rejects, with a UserError.
   */
  takeBundle(request: BundleRequest, signal: AbortSignal): AsyncIterable<BundleEvent>;
  /** Nothing more is read for the bundle that is being taken; what there is of it is kept and told as usual. */
  endBundle(): Promise<void>;
};
