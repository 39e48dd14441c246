import type { Value } from '../values/value.ts';

/** Things by several values at once, in the order in which they were first asked for. */
export type Groups<T> = {
  /** Made when these values come for the first time. */
  at(key: readonly Value[]): T;
  find(key: readonly Value[]): T | undefined;
  all(): readonly { readonly key: readonly Value[]; readonly of: T }[];
  readonly size: number;
};

type Level = Map<unknown, unknown>;

/** `keys`: by what each of the values is told apart. */
export function createGroups<T>(keys: readonly ((value: Value) => unknown)[], make: () => T): Groups<T> {
  const found: { key: readonly Value[]; of: T }[] = [];
  const root: Level = new Map();
  const last = keys.length - 1;
  const add = (key: readonly Value[]): T => {
    const of = make();
    found.push({ key, of });
    return of;
  };
  return {
    at(key) {
      // Without keys there is one group.
      if (last < 0) return found[0]?.of ?? add(key);
      let level = root;
      for (let index = 0; index < last; index++) {
        const own = keys[index]?.(key[index] as Value);
        let next = level.get(own) as Level | undefined;
        if (!next) {
          next = new Map();
          level.set(own, next);
        }
        level = next;
      }
      const own = keys[last]?.(key[last] as Value);
      const known = level.get(own);
      if (known !== undefined) return known as T;
      const of = add(key);
      level.set(own, of);
      return of;
    },
    find(key) {
      let level: unknown = root;
      for (const [index, value] of key.entries()) level = (level as Level | undefined)?.get(keys[index]?.(value));
      return level as T | undefined;
    },
    all: () => found,
    get size() {
      return found.length;
    },
  };
}
