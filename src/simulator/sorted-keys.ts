// Keys in their order while hundreds come and go every second: pieces of a few hundred each, so that a change moves
// little and a position is found quickly.

export type SortedKeys = {
  add(key: string): void;
  remove(key: string): void;
  /** How many keys come before this one, whether or not it is there. */
  rank(key: string): number;
  /** From this key on, itself included. The keys must not change meanwhile. */
  from(key: string): Generator<string>;
};

const fullPiece = 1_024;

export function createSortedKeys(): SortedKeys {
  let pieces: string[][] = [[]];
  /** Not yet in their place; nobody has asked since they came. */
  let added: string[] = [];
  let size = 0;

  const pieceOf = (key: string): number => {
    let low = 0;
    let high = pieces.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((pieces[middle]?.[0] as string) <= key) low = middle;
      else high = middle - 1;
    }
    return low;
  };

  const insert = (key: string) => {
    const place = pieceOf(key);
    const piece = pieces[place] as string[];
    piece.splice(lowerBound(piece, key), 0, key);
    if (piece.length > fullPiece) pieces.splice(place + 1, 0, piece.splice(fullPiece / 2));
  };

  const settle = () => {
    if (added.length === 0) return;
    // A large part of all is sorted at once.
    if (added.length > size / 4) {
      const all = pieces.flat().concat(added).sort();
      pieces = [[]];
      for (let at = 0; at < all.length; at += fullPiece / 2)
        pieces[at / (fullPiece / 2)] = all.slice(at, at + fullPiece / 2);
    } else for (const key of added) insert(key);
    size += added.length;
    added = [];
  };

  return {
    add: (key) => void added.push(key),
    remove(key) {
      settle();
      const place = pieceOf(key);
      const piece = pieces[place] as string[];
      const at = lowerBound(piece, key);
      if (piece[at] !== key) return;
      piece.splice(at, 1);
      size--;
      if (piece.length === 0 && pieces.length > 1) pieces.splice(place, 1);
    },
    rank(key) {
      settle();
      const place = pieceOf(key);
      let before = 0;
      for (let index = 0; index < place; index++) before += (pieces[index] as string[]).length;
      return before + lowerBound(pieces[place] as string[], key);
    },
    *from(key) {
      settle();
      const place = pieceOf(key);
      let at = lowerBound(pieces[place] as string[], key);
      for (let index = place; index < pieces.length; index++) {
        const piece = pieces[index] as string[];
        for (; at < piece.length; at++) yield piece[at] as string;
        at = 0;
      }
    },
  };
}

function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle] as string) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
