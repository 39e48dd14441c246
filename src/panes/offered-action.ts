import type { Action } from '../actions/action.ts';
import { actions } from '../actions/index.ts';
import type { Offer } from '../model/runbook-result.ts';

/** Offers are plain data, which name their action: most were made in the worker. */
export function offeredAction({ action }: Offer): Action<never> {
  const found = actions.find(({ id }) => id === action);
  if (found === undefined) throw new Error(`No action is called ${action}.`);
  return found;
}
