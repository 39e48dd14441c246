import type { FC } from 'react';
import type { Binding } from './keys/binding.ts';
import type { Frame, Pane, View, Word } from './pane.ts';

/** What the shell is handed. It knows none of its screens by name. */
export type ShellProps<P extends object> = Readonly<{
  panes: readonly Pane<P>[];
  /** The pane that `0` and the bottom of the history are. */
  home: string;
  /** What the screens are narrowed to at the start. */
  startScope?: string;
  /** Handed to every pane and to the header. A stable object: what changes in it is behind stores. */
  props: P;
  /** The top line(s). */
  Header: FC<P & Readonly<{ width: number; scope: string; view: View }>>;
  headerHeight?: number;
  /** One line that says it all, for a terminal too small for anything else. */
  Narrow: FC<P & Readonly<{ width: number }>>;
  /** Words after `:` besides those of the panes; may grow while running. */
  words?: readonly Word[];
  /** Asked for a word that nobody knows; false = unknown. */
  otherWord?(word: string, args: readonly string[], frame: Frame): boolean;
  /** Keys that work on every pane. */
  bindings?: readonly Binding<Frame>[];
  /** Said once, when the screen opens. */
  greeting?: string;
  /** Told of every key, before anything is known of what it did. */
  onPress?(): void;
  /** Told where one is, so that the next session can offer it. */
  onView?(view: View, scope: string): void;
  /** Asked for twice, or by `:q`. */
  onQuit(): void;
}>;
