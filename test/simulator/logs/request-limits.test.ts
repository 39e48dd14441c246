import { describe, expect, it } from 'vitest';
import { createRequestLimits, type Endpoint } from '../../../src/simulator/logs/request-limits.ts';

const { signal } = new AbortController();

/** A caller's clock stands still but where a test moves it. */
function limits() {
  let now = 1_000_000;
  const made = createRequestLimits(() => now);
  return {
    pass: (seconds: number) => {
      now += seconds * 1000;
    },
    enter: (endpoint: Endpoint, caller = 'mara', until = signal) => made.enter(caller, endpoint, until),
  };
}

describe('one caller', () => {
  it('may ask 200 times in half a minute, and is told when to come back', async () => {
    const { enter, pass } = limits();
    for (let index = 0; index < 200; index++) {
      const place = await enter('query');
      if (!('leave' in place)) throw new Error(`refused at ${index}`);
      place.leave();
    }
    pass(10);
    expect(await enter('query')).toEqual({ refused: 20 });
    expect(await enter('query', 'somebody else')).toMatchObject({ leave: expect.any(Function) });
    pass(20);
    expect(await enter('query')).toMatchObject({ leave: expect.any(Function) });
  });

  it('may run five queries at once; the sixth waits for one to end', async () => {
    const { enter } = limits();
    const places = await Promise.all([1, 2, 3, 4, 5].map(() => enter('query')));
    let entered = false;
    const sixth = enter('query').then((place) => {
      entered = true;
      return place;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(entered).toBe(false);
    const [first] = places;
    if (first !== undefined && 'leave' in first) {
      first.leave();
      first.leave();
    }
    expect(await sixth).toMatchObject({ leave: expect.any(Function) });
  });

  it('gives up its place in the queue when it goes away', async () => {
    const { enter } = limits();
    for (let index = 0; index < 5; index++) await enter('query');
    const gone = new AbortController();
    const waits = enter('query', 'mara', gone.signal);
    gone.abort();
    expect(await waits).toEqual({ refused: 30 });
  });

  it('may run two searches at once, and is refused a third', async () => {
    const { enter } = limits();
    await enter('search');
    await enter('search');
    expect(await enter('search')).toEqual({ refused: 10 });
  });
});
