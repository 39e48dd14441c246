import type { FC, ReactNode } from 'react';
import type { Tone } from './theme.ts';

/** A place one can be: a pane and what it was asked for (`{pane: 'letters', args: ['inbox']}`). The pane decides what its args mean. */
export type View = Readonly<{ pane: string; args?: readonly string[] }>;

/** What the shell tells every pane. Stable between renders except for the sizes, `active` and `args`. */
export type Frame = Readonly<{
  /** Columns and rows the pane has to itself. It draws exactly these. */
  width: number;
  height: number;
  /** Keys come here; not to what a pane only shows beside its own. */
  active: boolean;
  args: readonly string[];
  /** What the screens are narrowed to, as the header shows it; '' = everything. */
  scope: string;
  setScope(scope: string): void;
  /** Goes somewhere; where we were is remembered for `back`, `-` and `[`. */
  go(view: View): void;
  /** Changes this view's args in place, without a step in the history. */
  become(args: readonly string[]): void;
  back(): void;
  /** One line that passes: what has just happened, or why something cannot. */
  flash(text: string, tone?: Tone): void;
  /** To the clipboard (OSC 52) and whole on the bottom line, to be selected by hand. */
  copy(text: string): void;
  /** Lays something over the pane, drawn anew with every size; it gets the keys. Returns how to take it away. */
  open(overlay: (close: () => void, area: Readonly<{ width: number; height: number }>) => ReactNode): () => void;
  /** A value of this view that outlives a look elsewhere: made once, there again when the history comes back here. */
  keep<T>(name: string, make: () => T): T;
}>;

/** A word after `:`. */
export type Word = Readonly<{
  word: string;
  title: string;
  /** Shown after the word: `NAME`. */
  args?: string;
  /** What could stand at the place being typed; `typed` ends with that unfinished word. Rejecting or aborting = nothing to offer. */
  complete?(typed: readonly string[], signal: AbortSignal): readonly string[] | Promise<readonly string[]>;
  /** Why it cannot be used now. */
  unless?(): string | undefined;
  /** `frame` is that of the view one is on. */
  run(args: readonly string[], frame: Frame): void;
}>;

export type Pane<P> = Readonly<{
  id: string;
  title: string;
  /** The digit that opens it. */
  key?: string;
  /** `:` words that open it; what follows them becomes its args. */
  words: readonly string[];
  complete?: Word['complete'];
  /** Where its words lead with these args when that is another pane: `:logs agents`. */
  elsewhere?(args: readonly string[]): View | undefined;
  /** Why it is not here yet; its digit and words say so instead of opening it. */
  absent?: string;
  Screen: FC<P & Frame>;
}>;
