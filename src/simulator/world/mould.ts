// The texts of objects that differ in a few strings only, as the pods of one Deployment do: a sample is serialised once,
// with marks where they differ, and cast for each of them whenever somebody reads it.
import { timeOf } from './shapes.ts';

/** Marks are characters of Unicode's private use area: no object holds them, and JSON does not escape them. */
const WORD = '\ue000';
const NUMBER = '\ue001';
const FIRST = 0xe100;

/** When a sample is born: its times are told as distances from here. No object of a cluster is as old. */
export const SAMPLE_BIRTH = Date.UTC(1971, 0, 1);

export type Mould = (words: readonly string[], born: number) => string;
type Piece = string | { word: number } | { after: number };

/** Stands in a sample for the word of this index. */
export function mark(index: number): string {
  return WORD + String.fromCharCode(FIRST + index);
}

/** As `mark`, for a number. */
export function numberMark(index: number): number {
  return (NUMBER + String.fromCharCode(FIRST + index)) as unknown as number;
}

/** `sample` is the text of an object born at SAMPLE_BIRTH. The words must be ones that JSON need not escape. */
export function createMould(sample: string): Mould {
  const pieces: Piece[] = [];
  let from = 0;
  for (const found of sample.matchAll(/"\ue001(.)"|\ue000(.)|1971-01-\d\dT\d\d:\d\d:\d\dZ/g)) {
    pieces.push(sample.slice(from, found.index));
    const index = found[1] ?? found[2];
    pieces.push(
      index === undefined ? { after: Date.parse(found[0]) - SAMPLE_BIRTH } : { word: index.charCodeAt(0) - FIRST },
    );
    from = found.index + found[0].length;
  }
  pieces.push(sample.slice(from));
  return (words, born) => {
    const parts: string[] = [];
    for (const piece of pieces) {
      if (typeof piece === 'string') parts.push(piece);
      else parts.push('word' in piece ? (words[piece.word] ?? '') : timeOf(born + piece.after));
    }
    return parts.join('');
  };
}
