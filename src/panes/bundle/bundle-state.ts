import type { BundlePlan } from '../../model/bundle/bundle-plan.ts';
import type { BundleEvent } from '../../model/bundle/bundle-request.ts';

/** From what it would take to what came of it. */
export type BundleState =
  | { phase: 'asked'; plan: BundlePlan; path: string }
  | { phase: 'taking'; progress: Extract<BundleEvent, { type: 'progress' }>; path: string; stopping: boolean }
  | { phase: 'ended'; end: Extract<BundleEvent, { type: 'end' }> }
  | { phase: 'failed'; text: string };
