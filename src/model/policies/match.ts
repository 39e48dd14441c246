/** Whether something matches, or why nobody can tell from here. */
export type Match = 'yes' | 'no' | 'unknown';

/** All of them must match: one `no` decides, then one `unknown`. */
export function both(a: Match, b: Match): Match {
  if (a === 'no' || b === 'no') return 'no';
  return a === 'yes' && b === 'yes' ? 'yes' : 'unknown';
}

/** One of them must match: one `yes` decides, then one `unknown`. */
export function either(a: Match, b: Match): Match {
  if (a === 'yes' || b === 'yes') return 'yes';
  return a === 'no' && b === 'no' ? 'no' : 'unknown';
}
