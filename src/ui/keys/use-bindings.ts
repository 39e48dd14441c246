import { createContext, useContext, useLayoutEffect, useRef } from 'react';
import type { Binding, LayerName } from './binding.ts';
import type { KeyLayers } from './key-layers.ts';

/** There is no default: keys registered where no reader of them asks would be lost without a word. */
export const KeysContext = createContext<KeyLayers | undefined>(undefined);

/** Set around what is laid over a pane: keys registered inside belong to that overlay. */
export const OverlayContext = createContext<number | undefined>(undefined);

/** The layers that the screen's one reader of keys asks. */
export function useKeys(): KeyLayers {
  const keys = useContext(KeysContext);
  if (keys === undefined) throw new Error('a component with keys is drawn outside of <KeysContext>');
  return keys;
}

export type BindingsOptions = Readonly<{
  layer?: LayerName;
  /** The heading of these keys in the help. */
  title?: string;
  /** Not active: not registered at all. */
  active?: boolean;
  typed?(text: string): void;
  /** Pasted text keeps its line breaks. */
  takesLines?: boolean;
}>;

/**
 * Registers keys for as long as the component is shown. `context` is called when a key arrives, so it must read stores,
 * never values of the last drawing: several keys can arrive between two drawings. Whenever the component is drawn, what
 * its keys say of themselves (`unless`) is asked again.
 */
export function useBindings<C>(bindings: readonly Binding<C>[], context: () => C, options: BindingsOptions = {}): void {
  const { title = 'Here', active = true } = options;
  const keys = useKeys();
  const overlay = useContext(OverlayContext);
  const layer = options.layer ?? (overlay === undefined ? 'pane' : 'overlay');
  const latest = useRef({ bindings, context, typed: options.typed });
  const signature = bindings
    .map((binding) => `${binding.keys.join(' ')}|${binding.title}|${binding.rank ?? ''}`)
    .join('\n');
  const takesText = options.typed !== undefined;
  const { takesLines = false } = options;
  useLayoutEffect(() => {
    latest.current = { bindings, context, typed: options.typed };
    if (active) keys.looked();
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the signature stands for the bindings, which are read when needed
  useLayoutEffect(() => {
    if (!active) return;
    return keys.register({
      name: layer,
      overlay,
      title,
      get bindings() {
        return latest.current.bindings as readonly Binding<never>[];
      },
      context: () => latest.current.context() as never,
      takesLines,
      ...(takesText && { typed: (text: string) => latest.current.typed?.(text) }),
    });
  }, [keys, layer, overlay, title, active, signature, takesText, takesLines]);
}
