import { lacking } from '../kql-error.ts';
import type { Column, SyntaxNode } from '../syntax.ts';

/**
 * Where an operator that adds columns puts each expression's: over the column of the same name, else at the end. Names
 * that analysis makes up are new. `column`: what it is there; `slot`: of the row.
 */
export function placed(items: readonly SyntaxNode[], before: readonly Column[], after: readonly Column[]) {
  const slots = new Map(before.map((column, index) => [column.name, index + 1]));
  let last = before.length;
  return items.map((item) => {
    const known = slots.get(item.resultName);
    const slot = known ?? ++last;
    const column = after[slot - 1];
    if (!column) throw lacking(`'${item.text}'`);
    slots.set(column.name, slot);
    return { slot, column };
  });
}
