import { createContext, useContext } from 'react';

/** What is asked on the bottom line. */
export type Question = Readonly<{
  /** The sign in front: `/` or `:`; or words: `name: `. */
  sign: string;
  initial?: string;
  /** While typing; a filter narrows as one types. */
  onChange?(text: string): void;
  /** Whole lines that could stand there; the first that continues what is typed is shown as a ghost, tab takes it. */
  complete?(text: string, signal: AbortSignal): readonly string[] | Promise<readonly string[]>;
  onDone(text: string): void;
  /** With what was there before: esc undoes. */
  onCancel?(initial: string): void;
}>;

/** What the shell does for widgets deep inside a pane. */
export type Screen = Readonly<{
  ask(question: Question): void;
}>;

export const ScreenContext = createContext<Screen>({ ask: () => {} });

export function useScreen(): Screen {
  return useContext(ScreenContext);
}
