// Most objects of a kind differ in a few words only: the pods of one ReplicaSet, a Lease and the same Lease ten seconds
// later. Their texts are kept as those words beside what they share, which is found by comparing them: 100,000 pods and
// the history of their changes take a tenth of the memory.

/** What texts have in common: they are these pieces with a word between each two. */
type Pattern = {
  pieces: readonly string[];
  /** Which of the tokens between quotation marks the words are. */
  places: readonly number[];
};

/** `words` are joined by quotation marks, of which none of them holds any. */
export type Folded = { readonly pattern: Pattern; readonly words: string };

export type Folding = {
  /** `family` names those it may resemble. What resembles nothing yet is kept whole. */
  fold(family: string, text: string): Folded;
};

/** The objects of one family differ in state too: so many patterns of it are known. */
const mostPatterns = 6;
const mostFamilies = 5_000;
/** Texts are alike as long as their words are at most this share of them. */
const alike = 0.35;
/** After so many texts in a row that were unlike all others, a family is no longer compared. */
const hopeless = 12;

type Family = { known: { pattern: Pattern; words: string }[]; unlike: number };

export function createFolding(): Folding {
  const families = new Map<string, Family>();

  const familyOf = (name: string): Family => {
    const found = families.get(name) ?? { known: [], unlike: 0 };
    // The last one used stands last.
    families.delete(name);
    families.set(name, found);
    if (families.size > mostFamilies) families.delete(families.keys().next().value as string);
    return found;
  };

  return {
    fold(name, text) {
      const family = familyOf(name);
      for (const one of family.known) {
        const words = wordsOf(one.pattern, text);
        if (words === undefined) continue;
        one.words = words;
        family.unlike = 0;
        return { pattern: one.pattern, words };
      }
      if (family.unlike < hopeless) {
        const tokens = text.split('"');
        for (const one of family.known) {
          const wider = widened(one, tokens, text.length);
          if (wider === undefined) continue;
          Object.assign(one, wider);
          family.unlike = 0;
          return { ...wider };
        }
      }
      family.unlike++;
      const whole: Folded = { pattern: { pieces: [text], places: [] }, words: '' };
      family.known.unshift({ ...whole });
      family.known.length = Math.min(family.known.length, mostPatterns);
      return whole;
    },
  };
}

export function unfold({ pattern, words }: Folded): string {
  const { pieces } = pattern;
  if (pieces.length === 1) return pieces[0] as string;
  const parts = words.split('"');
  let text = pieces[0] as string;
  for (let index = 1; index < pieces.length; index++) text += parts[index - 1] + (pieces[index] as string);
  return text;
}

/** Undefined: the text is not of this pattern. */
function wordsOf({ pieces }: Pattern, text: string): string | undefined {
  const first = pieces[0] as string;
  if (pieces.length === 1) return text === first ? '' : undefined;
  if (!text.startsWith(first)) return undefined;
  let at = first.length;
  const words: string[] = [];
  for (let index = 1; index < pieces.length; index++) {
    const piece = pieces[index] as string;
    const quote = text.indexOf('"', at);
    // Only the very last word may end with the text.
    const end = quote >= 0 ? quote : text.length;
    if (!text.startsWith(piece, end) || (piece === '' && end < text.length)) return undefined;
    words.push(text.slice(at, end));
    at = end + piece.length;
  }
  return at === text.length ? words.join('"') : undefined;
}

/** A pattern for both the one known and the new text, where they are alike. */
function widened(known: Folded, tokens: readonly string[], length: number): Folded | undefined {
  const others = unfold(known).split('"');
  if (others.length !== tokens.length) return undefined;
  const places = new Set(known.pattern.places);
  let size = 0;
  for (let index = 0; index < tokens.length; index++) {
    if (tokens[index] !== others[index]) places.add(index);
    if (places.has(index)) size += (tokens[index] as string).length;
    if (size > length * alike) return undefined;
  }
  const inOrder = [...places].sort((a, b) => a - b);
  const pieces: string[] = [];
  let from = 0;
  for (const place of inOrder) {
    pieces.push(between(tokens, from, place));
    from = place + 1;
  }
  pieces.push(between(tokens, from, tokens.length));
  return { pattern: { pieces, places: inOrder }, words: inOrder.map((place) => tokens[place]).join('"') };
}

/** The tokens from..to with the quotation marks around them, so far as they lie inside the text. */
function between(tokens: readonly string[], from: number, to: number): string {
  const before = from > 0 ? '"' : '';
  const after = to < tokens.length ? '"' : '';
  const inside = tokens.slice(from, to).join('"');
  return from === to ? (from > 0 && to < tokens.length ? '"' : '') : before + inside + after;
}
