import { number } from '../../ui/text.ts';
import { span } from '../spans.ts';
import type { Block } from './block.ts';

/** How a block's rows are narrowed by the filter. */
export type Narrowing = {
  /** `/np1`, `troubled`; '' = not at all. */
  note: string;
  /** Rows before the filter, and those it left. */
  of: number;
  /** Older rows than these are not looked through here. */
  most: number;
  left: number;
};

/** The block with the filter in its title; one that the filter emptied says so, since it would look as if there were nothing. */
export function narrowed(block: Block, { note, of, most, left }: Narrowing): Block {
  if (note === '') return block;
  const titled = { ...block, title: [...block.title, span(` · ${note}`, 'accent')] };
  if (of === 0 || left > 0) return titled;
  const those = of < most ? number(of) : `the newest ${number(of)}`;
  const said = { spans: [span(`none of ${those} matches ${note}, esc clears`, 'accent')] };
  return {
    ...titled,
    want: block.want + 1,
    draw: (columns, rows) => [said, ...block.draw(columns, Math.max(0, rows - 1))].slice(0, rows),
  };
}
