import type { Action } from './action.ts';
import { applyPolicy } from './apply-policy.ts';
import { deletePolicy } from './delete-policy.ts';
import { deploy } from './deploy.ts';
import { undo } from './undo.ts';

/** Every change we can make to the world. */
export const actions: readonly Action<never>[] = [applyPolicy, deletePolicy, deploy, undo];
