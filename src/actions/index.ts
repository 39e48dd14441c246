import type { Action } from './action.ts';
import { applyPolicy } from './apply-policy.ts';
import { captureFlows } from './capture-flows.ts';
import { cordon } from './cordon.ts';
import { deletePolicy } from './delete-policy.ts';
import { deleteStaleSlice } from './delete-stale-slice.ts';
import { deploy } from './deploy.ts';
import { drain } from './drain.ts';
import { endCapture } from './end-capture.ts';
import { labelExclusion } from './label-exclusion.ts';
import { recreatePod } from './recreate-pod.ts';
import { removeStuckTaint } from './remove-stuck-taint.ts';
import { restartAgent } from './restart-agent.ts';
import { restartOperator } from './restart-operator.ts';
import { rolloutRestart } from './rollout-restart.ts';
import { uncordon } from './uncordon.ts';
import { undo } from './undo.ts';

/** Every change we can make to the world. */
export const actions: readonly Action<never>[] = [
  applyPolicy,
  deletePolicy,
  restartAgent,
  recreatePod,
  restartOperator,
  rolloutRestart,
  deleteStaleSlice,
  removeStuckTaint,
  cordon,
  uncordon,
  drain,
  labelExclusion,
  captureFlows,
  endCapture,
  deploy,
  undo,
];
