import { record } from '../../model/objects/raw.ts';
import { sanitiseLine } from '../../model/sanitise.ts';

/** `a=1, b=2` of labels and the like; '' where there are none. The object is raw: keys become inert as well as values. */
export function pairs(value: unknown, separator = '='): string {
  return Object.entries(record(value))
    .map(([key, inner]) =>
      [key, inner]
        .map((one) => sanitiseLine(one))
        .filter(Boolean)
        .join(separator),
    )
    .join(', ');
}
