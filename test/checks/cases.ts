import { describe, expect, it } from 'vitest';
import { type Given, told } from './given.ts';

/** Each case names everything that is told, by every check: a case is also one of no false alarm. */
export function cases(title: string, table: Readonly<Record<string, Given & { tells: readonly string[] }>>): void {
  describe(title, () => {
    for (const [name, { tells, ...what }] of Object.entries(table)) {
      it(name, () => expect(told(what)).toEqual(tells));
    }
  });
}
