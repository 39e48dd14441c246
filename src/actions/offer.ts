import type { Offer } from '../model/runbook-result.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Action } from './action.ts';

/** Asks the action itself whether it is done on this cluster, so that nothing is offered that AKS reverts or forbids. */
export function offerOn<T>(snapshot: Snapshot, action: Action<T>, target: T, title: string): Offer {
  return offer(action, target, title, action.refuses?.(target, snapshot) ?? '');
}

export function offer<T>({ id }: Action<T>, target: T, title: string, refusal = ''): Offer {
  return { title, action: id, target, refusal };
}
