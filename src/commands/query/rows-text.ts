import { number } from '../../ui/text.ts';

/** `one row`, `1,204 rows`. */
export function rowsText(count: number): string {
  return count === 1 ? 'one row' : `${number(count)} rows`;
}
