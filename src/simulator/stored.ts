// One object of a shelf as it was in one version. Its text is made when somebody reads it.
import { type Folded, unfold } from './folding.ts';

/** `key` is namespace/name, or /name at the cluster scope. */
export type Stored = { readonly key: string; readonly version: number; readonly text: string };

/** Characters an object costs beside its words. */
const frame = 100;

/** Its text taken apart, see folding.ts. */
export function folded(key: string, version: number, { pattern, words }: Folded): Stored {
  const stored = Object.create(foldedText) as Writable<Stored & Folded>;
  stored.key = key;
  stored.version = version;
  stored.pattern = pattern;
  stored.words = words;
  return stored;
}

/** Characters that one more of its kind costs. */
export function costOf(stored: Stored): number {
  const { pattern, words } = stored as Stored & Partial<Folded>;
  if (pattern === undefined || words === undefined) return frame;
  return frame + (pattern.pieces.length === 1 ? (pattern.pieces[0] as string).length : words.length);
}

/** `make` makes its text each time. */
export function held(key: string, version: number, make: (version: number) => string): Stored {
  const stored = Object.create(heldText) as Writable<Held>;
  stored.key = key;
  stored.version = version;
  stored.make = make;
  return stored;
}

type Held = Stored & { make(version: number): string };
type Writable<T> = { -readonly [field in keyof T]: T[field] };

// One getter for all of each sort: there may be 200,000.
const foldedText = {
  get text(): string {
    return unfold(this as unknown as Folded);
  },
};
const heldText = {
  get text(): string {
    const { make, version } = this as unknown as Held;
    return make(version);
  },
};
