import { describe, expect, it } from 'vitest';
import * as checks from '../../src/checks/words.ts';
import * as screen from '../../src/ui/text.ts';

// The toolkit may not know the checks nor they it, so each has its own; on one screen they must not contradict.
describe('what checks say and what the screen says of the same', () => {
  const minute = 60_000;
  const edges = [
    0,
    1000,
    2 * minute,
    60 * minute,
    120 * minute,
    24 * 60 * minute,
    48 * 60 * minute,
    400 * 24 * 60 * minute,
  ];

  it.for(edges.flatMap((at) => [at - 1000, at - 501, at - 1, at, at + 1, at + 499, at + 500, at + 999]))(
    'length of time: %d ms',
    (length) => expect(checks.age(length)).toBe(screen.age(length)),
  );

  it.for([0, -0, 0.4, 0.5, -0.4, 1, 999, 999.5, 1000, 65_280, 1_234_567.8, -1234, -999_999, 1e9])(
    'number: %d',
    (value) => expect(checks.number(value)).toBe(screen.number(value)),
  );
});
