/** A key press, by name: 'j', 'G', 'space', 'enter', 'esc', 'tab', 'shift-tab', 'up', 'pgdn', 'home', 'backspace', 'ctrl-d'. */
export type Key = Readonly<{
  name: string;
  /** The characters it types; '' for keys that type none. */
  text: string;
}>;

/** What a key does. `context` is asked for when the key arrives, so it is never older than the key. */
export type Binding<C> = Readonly<{
  /** The first one is shown. */
  keys: readonly string[];
  title: string;
  /** The `:` word that does the same. */
  word?: string;
  /** Its heading in the help; the layer's own when left out. */
  group?: string;
  /** Its place in the footer, small first; without one it is only in the help. */
  rank?: number;
  /** It cannot change what the next key means, so keys read together are not drawn one by one. */
  still?: boolean;
  /** False: as if it were not bound, the layers below are asked. `esc` of a list with no filter. */
  applies?(context: C): boolean;
  /** Why it cannot be used now. */
  unless?(context: C): string | undefined;
  /** `args` is what followed its `:` word. */
  run(context: C, args?: readonly string[]): void;
  /** Keys that may follow this one, instead of running it: `s` then a letter. */
  next?(context: C): readonly Binding<C>[];
}>;

/** Who gets a key first. An overlay keeps what it does not know from the layers below it, except from `always`. */
export type LayerName = 'overlay' | 'pane' | 'global' | 'always';

export type Layer<C> = Readonly<{
  name: LayerName;
  /** Layers of one overlay are asked together; without a number the layer is an overlay by itself. */
  overlay?: number | undefined;
  title: string;
  bindings: readonly Binding<C>[];
  context(): C;
  /** An overlay into which one types: gets every key that none of its bindings names, and pasted text. */
  typed?(text: string): void;
  /** What is pasted keeps its line breaks: a text of several lines is typed here. */
  takesLines?: boolean;
}>;
