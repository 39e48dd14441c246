import { type Difference, differenceKey, type Truth, type TruthResult, targetKey } from './truth.ts';

/** Targets of which the newest look is kept. */
const mostResults = 200;

/**
 * The session's truth with one more look. It stands in the place of the one before at the same target; and what others
 * told of it, that it looked for as well and did not find, is gone.
 */
export function rememberTruth(truth: Truth | undefined, look: TruthResult): Truth {
  const key = targetKey(look.target);
  const found = new Set(look.differences.map(differenceKey));
  const others = (truth?.results ?? [])
    .filter((one) => targetKey(one.target) !== key)
    .map((one) => {
      const differences = one.differences.filter((each) => found.has(differenceKey(each)) || !lookedFor(look, each));
      return differences.length === one.differences.length ? one : { ...one, differences };
    });
  return { results: [...others.slice(-(mostResults - 1)), look] };
}

/** Whether that look would have found it, were it still there. */
function lookedFor(look: TruthResult, difference: Difference): boolean {
  const { node, aspect, object } = difference;
  const compared = look.compared.some((one) => one.aspect === aspect && one.node === node);
  if (!compared) return false;
  // A look at a whole node asks its own agent everything, and of others only what they think of its pods.
  if (look.target.kind === 'Node') return node === look.target.name;
  return object.kind === 'Pod' && object.namespace === look.target.namespace && object.name === look.target.name;
}
