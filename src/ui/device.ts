import { createContext, useContext } from 'react';
import type { Key } from './keys/binding.ts';
import { createStore, type Store } from './store.ts';

export type Size = Readonly<{ width: number; height: number }>;

/** What comes in from the one who sits at the terminal. */
export type Input =
  | Readonly<{ kind: 'key'; key: Key }>
  /** `enter`: what was read ended with a line end, so that it may also have been typed while the line stood still. */
  | Readonly<{ kind: 'paste'; text: string; enter?: boolean }>;

/** The terminal as the screens see it: how big it is, what is typed, and what else it can do. */
export type Device = Readonly<{
  size: Store<Size>;
  /** Returns how to stop. */
  listen(listener: (input: Input) => void): () => void;
  /** To the clipboard of the one at the terminal (OSC 52); false when it is too long for that. */
  copy(text: string): boolean;
  /** Gives the terminal back to the shell until it continues us. */
  suspend(): void;
  /**
   * Lets the person change a text in their own editor ($VISUAL, $EDITOR, else vi), which has the terminal meanwhile.
   * `name` is what the file is called. Never rejects; one at a time.
   */
  edit(text: string, name: string): Promise<Edited>;
}>;

/** `text`: what was saved, changed or not; undefined when nothing may be taken of it. `problem`: what went wrong, or ''. */
export type Edited = Readonly<{ text: string | undefined; problem: string }>;

export const DeviceContext = createContext<Device>({
  size: createStore<Size>({ width: 80, height: 24 }),
  listen: () => () => {},
  copy: () => false,
  suspend: () => {},
  edit: () => Promise.resolve({ text: undefined, problem: 'there is no terminal to edit on' }),
});

export function useDevice(): Device {
  return useContext(DeviceContext);
}
