import { age } from '../ui/text.ts';

/** `our clock 10m slow`, by the server's clock; '' where the two agree. `skew`: by how much the server's is ahead, ms. */
export function skewText(skew = 0): string {
  return skew === 0 ? '' : `our clock ${age(Math.abs(skew))} ${skew > 0 ? 'slow' : 'fast'}`;
}
