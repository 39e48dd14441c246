import { isDeepStrictEqual } from 'node:util';
import type { Binding, Key, Layer } from './binding.ts';

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
  /** Text to be typed into the layer that takes text: `whole` where it takes line breaks. False when none does. */
  type(text: string, whole?: string): boolean;
  /** What can be pressed now, in the order keys are looked up. The same array for as long as it says the same. */
  offers(): readonly Offer[];
  /** The `:` words of what lies below the overlays: a word is typed into one. */
  words(): readonly Readonly<{ word: string; title: string }>[];
  /** Runs what a `:` word stands for; undefined when no binding has that word. */
  runWord(word: string, args?: readonly string[]): Outcome | undefined;
  /** What the bindings look at may have changed. However often it is said, listeners are told once, after what is being done now. */
  looked(): void;
  /** Told whenever the offers may have changed. */
  subscribe(listener: () => void): () => void;
};

type AnyLayer = Layer<unknown>;
type AnyBinding = Binding<unknown>;
type Found = { binding: AnyBinding; layer: AnyLayer };

export function createKeyLayers(): KeyLayers {
  const layers: AnyLayer[] = [];
  const listeners = new Set<() => void>();
  let chord: { layer: AnyLayer; title: string; bindings: readonly AnyBinding[] } | undefined;
  let offered: readonly Offer[] = [];
  let telling = false;
  const tell = () => {
    for (const listener of [...listeners]) listener();
  };

  const offersNow = (): readonly Offer[] => {
    if (chord !== undefined) {
      const { layer, bindings } = chord;
      const context = layer.context();
      // What follows a first key is all there is to press: it is told without being ranked.
      return bindings.map((binding, rank) => offerOf({ binding: { rank, ...binding }, layer }, context));
    }
    // A key that a layer above has taken does not reach the one below.
    const taken = new Set<string>();
    return tiersOf(layers).flatMap((tier) => {
      const open = tier.flatMap(offersOf).filter(({ keys }) => keys.some((key) => !taken.has(key)));
      for (const { keys } of open) for (const key of keys) taken.add(key);
      return open;
    });
  };

  const run = ({ binding, layer }: Found, args?: readonly string[]): Outcome => {
    const context = layer.context();
    const reason = binding.unless?.(context);
    if (reason !== undefined) return { kind: 'refused', title: binding.title, reason };
    if (binding.next === undefined) {
      binding.run(context, args);
    } else {
      chord = { layer, title: binding.title, bindings: binding.next(context) };
      tell();
    }
    return { kind: 'ran', still: binding.still === true || binding.next !== undefined };
  };

  const pressAfterChord = (key: Key, { layer, title, bindings }: NonNullable<typeof chord>): Outcome => {
    chord = undefined;
    tell();
    const binding = bindings.find((one) => one.keys.includes(key.name));
    if (binding !== undefined) return run({ binding, layer });
    if (key.name === 'esc') return { kind: 'ran', still: true };
    // Every letter before any name: a narrow screen cuts the end.
    const letters = bindings.map((one) => one.keys[0]).join(' ');
    const choices = bindings.map((one) => `${one.keys[0]} ${one.title}`).join(', ');
    return { kind: 'refused', title, reason: `${key.name} is none of its letters ${letters}: ${choices}` };
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
      if (chord !== undefined) return pressAfterChord(key, chord);
      for (const tier of tiersOf(layers)) {
        const found = find(tier, key.name);
        if (found !== undefined) return run(found);
        const typing = key.text === '' ? undefined : tier.find((layer) => layer.typed !== undefined);
        if (typing !== undefined) {
          typing.typed?.(key.text);
          return { kind: 'ran', still: true };
        }
      }
      return { kind: 'unknown', key: key.name };
    },
    type(text, whole = text) {
      const typing = tiersOf(layers)
        .flat()
        .find((layer) => layer.typed !== undefined);
      typing?.typed?.(typing.takesLines ? whole : text);
      return typing !== undefined;
    },
    offers() {
      const now = offersNow();
      if (!isDeepStrictEqual(now, offered)) offered = now;
      return offered;
    },
    words() {
      const bindings = bindingsOf(layers.filter(isBelow)).map(({ binding }) => binding);
      return bindings.flatMap(({ word, title }) => (word === undefined ? [] : [{ word, title }]));
    },
    runWord(word, args) {
      const found = bindingsOf(layers.filter(isBelow)).find(({ binding }) => binding.word === word);
      return found && run(found, args);
    },
    looked() {
      if (telling) return;
      telling = true;
      queueMicrotask(() => {
        telling = false;
        tell();
      });
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Layers in the order they are asked. An overlay hides all that is below it, except what always works. */
function tiersOf(layers: readonly AnyLayer[]): AnyLayer[][] {
  const overlay = layers.findLast((layer) => layer.name === 'overlay');
  const named = (name: string) => layers.filter((layer) => layer.name === name);
  if (overlay === undefined) return [named('pane'), named('global'), named('always')];
  const together =
    overlay.overlay === undefined ? [overlay] : layers.filter((layer) => layer.overlay === overlay.overlay);
  return [together, named('always')];
}

function isBelow(layer: AnyLayer): boolean {
  return layer.name !== 'overlay';
}

function find(tier: readonly AnyLayer[], key: string): Found | undefined {
  const candidates = bindingsOf(tier).filter((found) => found.binding.keys.includes(key) && applies(found));
  // What applies only sometimes goes before what always does: `esc` empties the filter before it leaves.
  return candidates.find(({ binding }) => binding.applies !== undefined) ?? candidates[0];
}

function bindingsOf(tier: readonly AnyLayer[]): Found[] {
  return tier.flatMap((layer) => layer.bindings.map((binding) => ({ binding, layer })));
}

function applies({ binding, layer }: Found): boolean {
  return binding.applies === undefined || binding.applies(layer.context());
}

function offersOf(layer: AnyLayer): Offer[] {
  // Asked once for all its bindings: looking for the row under the cursor is not free in a long list.
  const context = layer.context();
  return layer.bindings
    .filter((binding) => binding.applies?.(context) !== false)
    .map((binding) => offerOf({ binding, layer }, context));
}

function offerOf({ binding, layer }: Found, context: unknown): Offer {
  return {
    keys: binding.keys,
    title: binding.title,
    group: binding.group ?? layer.title,
    word: binding.word ?? '',
    rank: binding.rank ?? Number.POSITIVE_INFINITY,
    reason: binding.unless?.(context) ?? '',
  };
}

function refuseDuplicates(layers: readonly AnyLayer[], added: AnyLayer): void {
  const beside = layers.filter((layer) => layer.name === added.name && layer.overlay === added.overlay);
  const apart = added.name === 'overlay' && added.overlay === undefined;
  const taken = new Map<string, string>();
  for (const { binding } of bindingsOf(apart ? [added] : [...beside, added])) {
    if (binding.applies !== undefined) continue;
    for (const key of binding.keys) {
      const other = taken.get(key);
      if (other !== undefined) {
        throw new Error(`the key ${key} is bound twice in the ${added.name} layer: "${other}" and "${binding.title}"`);
      }
      taken.set(key, binding.title);
    }
  }
}
