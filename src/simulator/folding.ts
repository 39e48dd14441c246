// Most objects of a kind differ in a few words only: the pods of two Deployments, a Lease and the same Lease ten seconds
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

/** The text last met of a pattern; `tokens`: how many all its texts have, 0 while nobody asked. */
type Known = { folded: Folded; tokens: number };

export type Folding = {
  /** What resembles nothing that came before is kept whole. */
  fold(text: string): Folded;
};

/** Objects of a kind differ in state and make: so many patterns are known, those last met first. */
const mostPatterns = 24;
/** Texts are alike as long as their words are at most this share of them. */
const alike = 0.5;
/** After so many texts in a row that were unlike all others only one in so many is compared. */
const hopeless = 16;
const another = 64;

/** For the texts of one kind. */
export function createFolding(): Folding {
  const known: Known[] = [];
  let unlike = 0;

  const met = (place: number, folded: Folded): Folded => {
    const [before] = known.splice(place, 1);
    known.unshift({ folded, tokens: before?.tokens ?? 0 });
    unlike = 0;
    return folded;
  };

  return {
    fold(text) {
      for (const [place, { folded }] of known.entries()) {
        const { pattern } = folded;
        const words = wordsOf(pattern, text);
        if (words !== undefined) return met(place, { pattern, words });
      }
      unlike++;
      if (unlike < hopeless || unlike % another === 0) {
        const tokens = text.split('"');
        for (const [place, one] of known.entries()) {
          if (one.tokens === 0) one.tokens = unfold(one.folded).split('"').length;
          const wider = one.tokens === tokens.length ? widened(one.folded, tokens, text.length) : undefined;
          if (wider !== undefined) return met(place, wider);
        }
      }
      const whole: Folded = { pattern: { pieces: [text], places: [] }, words: '' };
      known.unshift({ folded: whole, tokens: 0 });
      known.length = Math.min(known.length, mostPatterns);
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

/** A pattern for both the one known and the new text of as many tokens, where they are alike. */
function widened(known: Folded, tokens: readonly string[], length: number): Folded | undefined {
  const others = unfold(known).split('"');
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
