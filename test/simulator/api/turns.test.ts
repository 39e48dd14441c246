import { expect, it } from 'vitest';
import { createTurns } from '../../../src/simulator/api/turns.ts';

it('long answers take turns, and what came meanwhile is seen between', async () => {
  const turns = createTurns();
  const order: string[] = [];
  const work = async (name: string) => {
    const turn = turns.take();
    for (let done = 0; done < 5; done++) {
      while (!turn.over());
      order.push(name);
      await turn.next();
    }
  };
  const both = Promise.all([work('a'), work('b')]);
  setImmediate(() => order.push('meanwhile'));
  await both;
  expect(order.filter((name) => name !== 'meanwhile').join('')).toBe('ababababab');
  expect(order.indexOf('meanwhile')).toBeLessThan(5);
});
