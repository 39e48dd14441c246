import type { Plan } from '../../actions/action.ts';
import { callText } from '../../model/writes.ts';

/** Whoever agreed to one of two plans for the same has agreed to the other: only the moments that they name may differ. */
export function saysTheSame(one: Plan, other: Plan): boolean {
  return essence(one) === essence(other);
}

function essence({ sentence, dangerous, difference, reach, warnings, request, then = [] }: Plan): string {
  const calls = [request, ...then].map(callText);
  return JSON.stringify([sentence, dangerous, difference, reach, warnings, calls]).replace(moments, '');
}

/** `2026-11-22T10:00:00.000Z`, `10:00Z`, and `20261122100000` in a name. */
const moments = /\d{4}-\d\d-\d\dT[\d:.]+Z|\b\d\d:\d\d(:\d\d)?Z?|\b\d{14}\b/g;
