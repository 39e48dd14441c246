import type { Snapshot } from '../model/snapshot.ts';
import type { Action } from './action.ts';

/** A change that may help, ready to be planned: whoever shows it does not know what it is about. */
export type Offer = {
  /** `restart the agent on aks-np2-…0004`. */
  title: string;
  action: Action<never>;
  /** What the action is about; only the action itself looks into it. */
  target: unknown;
  /** Why it cannot be done here, and what is possible instead; '' = it can. */
  refusal: string;
};

/** Asks the action itself whether it is done on this cluster, so that nothing is offered that AKS reverts or forbids. */
export function offerOn<T>(snapshot: Snapshot, action: Action<T>, target: T, title: string): Offer {
  return offer(action, target, title, action.refuses?.(target, snapshot) ?? '');
}

export function offer<T>(action: Action<T>, target: T, title: string, refusal = ''): Offer {
  return { title, action: action as unknown as Action<never>, target, refusal };
}
