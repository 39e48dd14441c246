import { cutMiddle, width } from '../ui/text.ts';

const NAMES = /[^\s,:"]{20,}/g;
const LEAST = 14;

/**
 * Names of pods and nodes are long; a sentence that ends in what matters must not lose its end to them. All are cut to
 * one length, the longest that fits: names cut in several ways cannot be compared.
 */
export function shortenNames(text: string, columns: number, ellipsis: string): string {
  if (width(text) <= columns) return text;
  const cutTo = (most: number) =>
    text.replace(NAMES, (name) => (name.includes('-') ? cutMiddle(name, most, ellipsis) : name));
  const longest = Math.max(LEAST, ...(text.match(NAMES) ?? []).map(width));
  for (let most = longest - 1; most > LEAST; most -= 1) {
    const cut = cutTo(most);
    if (width(cut) <= columns) return cut;
  }
  return cutTo(LEAST);
}
