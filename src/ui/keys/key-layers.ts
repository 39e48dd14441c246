import type { Binding, Key, Layer, LayerName } from './binding.ts';

/** What became of a key, so that the screen can answer it. */
export type Outcome =
  | Readonly<{ kind: 'ran'; still: boolean }>
  | Readonly<{ kind: 'refused'; title: string; reason: string }>
  | Readonly<{ kind: 'unknown'; key: string }>;

/** A binding as it stands now: `reason` says why it cannot be used. */
export type Offer = Readonly<{
  keys: readonly string[];
  title: string;
  group: string;
  word: string;
  rank: number;
  reason: string;
}>;

/** The registered layers, and the one way a key reaches a binding. */
export type KeyLayers = {
  /** Throws when two bindings of one layer name the same key. Returns how to take the layer away. */
  register(layer: Layer<never>): () => void;
  press(key: Key): Outcome;
  /** Text to be typed into the overlay that takes text; false when none does. */
  type(text: string): boolean;
  /** What can be pressed now, in the order keys are looked up. */
  offers(): readonly Offer[];
  /** Runs what a `:` word stands for; undefined when no binding has that word. */
  runWord(word: string): Outcome | undefined;
  subscribe(listener: () => void): () => void;
};

type AnyLayer = Layer<unknown>;
type AnyBinding = Binding<unknown>;
type Chord = { layer: AnyLayer; bindings: readonly AnyBinding[] };

const order: readonly LayerName[] = ['overlay', 'pane', 'global'];

export function createKeyLayers(): KeyLayers {
  const layers: AnyLayer[] = [];
  const listeners = new Set<() => void>();
  let chord: Chord | undefined;
  const tell = () => {
    for (const listener of [...listeners]) listener();
  };

  const reachable = (): AnyLayer[] => {
    const overlay = layers.findLast((layer) => layer.name === 'overlay');
    if (overlay !== undefined)
      return [overlay, ...layers.filter((layer) => layer.name === 'global' && layer.title === always)];
    return order.flatMap((name) => layers.filter((layer) => layer.name === name));
  };

  const run = (binding: AnyBinding, layer: AnyLayer): Outcome => {
    const context = layer.context();
    const reason = binding.unless?.(context);
    if (reason !== undefined) return { kind: 'refused', title: binding.title, reason };
    if (binding.next !== undefined) {
      chord = { layer, bindings: binding.next(context) };
      tell();
    } else {
      binding.run(context);
    }
    return { kind: 'ran', still: binding.still === true };
  };

  return {
    register(given) {
      const layer = given as unknown as AnyLayer;
      refuseDuplicates(layers, layer);
      layers.push(layer);
      tell();
      return () => {
        layers.splice(layers.indexOf(layer), 1);
        if (chord?.layer === layer) chord = undefined;
        tell();
      };
    },
    press(key) {
      if (chord !== undefined) {
        const { layer, bindings } = chord;
        chord = undefined;
        tell();
        const binding = bindings.find((one) => one.keys.includes(key.name));
        if (binding !== undefined) return run(binding, layer);
        return key.name === 'esc' ? { kind: 'ran', still: true } : { kind: 'unknown', key: key.name };
      }
      for (const layer of reachable()) {
        const binding = layer.bindings.find((one) => one.keys.includes(key.name));
        if (binding !== undefined) return run(binding, layer);
        if (layer.typed !== undefined && key.text !== '') {
          layer.typed(key.text);
          return { kind: 'ran', still: true };
        }
      }
      return { kind: 'unknown', key: key.name };
    },
    type(text) {
      const layer = reachable().find((one) => one.typed !== undefined);
      layer?.typed?.(text);
      return layer !== undefined;
    },
    offers() {
      if (chord !== undefined) return chord.bindings.map((binding) => offerOf(binding, chord?.layer as AnyLayer));
      return reachable().flatMap((layer) => layer.bindings.map((binding) => offerOf(binding, layer)));
    },
    runWord(word) {
      for (const layer of layers) {
        const binding = layer.bindings.find((one) => one.word === word);
        if (binding !== undefined) return run(binding, layer);
      }
      return undefined;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The title of the global layer whose keys work even while an overlay is open. */
export const always = 'Always';

function offerOf(binding: AnyBinding, layer: AnyLayer): Offer {
  return {
    keys: binding.keys,
    title: binding.title,
    group: binding.group ?? layer.title,
    word: binding.word ?? '',
    rank: binding.rank ?? Number.POSITIVE_INFINITY,
    reason: binding.unless?.(layer.context()) ?? '',
  };
}

function refuseDuplicates(layers: readonly AnyLayer[], added: AnyLayer): void {
  // Each overlay is a layer of its own: it hides the others.
  const beside = added.name === 'overlay' ? [] : layers.filter((layer) => layer.name === added.name);
  const taken = new Map<string, string>();
  for (const layer of [...beside, added]) {
    for (const binding of layer.bindings) {
      for (const key of binding.keys) {
        const other = taken.get(key);
        if (other !== undefined) {
          throw new Error(
            `the key ${key} is bound twice in the ${added.name} layer: "${other}" and "${binding.title}"`,
          );
        }
        taken.set(key, binding.title);
      }
    }
  }
}
