/** Derived values that live as long as the tables they came from. One per snapshot lineage, made with the tables. */
export type Memo = {
  /** The value made last time, while none of the tables changed and `also` is the same. */
  same<T>(key: string, tables: readonly { readonly version: number }[], also: string | number, make: () => T): T;
  /** A value that keeps itself up to date: made once. */
  once<T>(key: string, make: () => T): T;
};

export function createMemo(): Memo {
  const values = new Map<string, { stamp: string; value: unknown }>();
  const recall = <T>(key: string, stamp: string, make: () => T): T => {
    const known = values.get(key);
    if (known?.stamp === stamp) return known.value as T;
    const value = make();
    values.set(key, { stamp, value });
    return value;
  };
  return {
    same: (key, tables, also, make) => recall(key, `${tables.map((table) => table.version).join(',')}|${also}`, make),
    once: (key, make) => recall(key, '', make),
  };
}
