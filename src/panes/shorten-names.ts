import { cutMiddle, width } from '../ui/text.ts';

/** Names of pods and nodes are long; a sentence that ends in what matters must not lose its end to them. */
export function shortenNames(text: string, columns: number, ellipsis: string): string {
  let over = width(text) - columns;
  if (over <= 0) return text;
  return text.replace(/[^\s,:"]{20,}/g, (name) => {
    if (over <= 0 || !name.includes('-')) return name;
    const cut = cutMiddle(name, Math.max(14, width(name) - over), ellipsis);
    over -= width(name) - width(cut);
    return cut;
  });
}
