import { afterEach, describe, expect, it } from 'vitest';
import { createTurns } from '../../../src/simulator/api/turns.ts';
import { pod, type SmallCluster, startSmallCluster } from './small-cluster.ts';

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

describe('a server that sends a long list', () => {
  let cluster: SmallCluster;
  afterEach(() => cluster.stop());

  it.each([
    'limit=0',
    'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&timeoutSeconds=1',
    'labelSelector=app%21%3Dnobody',
  ])('answers a small request meanwhile: %s', { timeout: 60_000 }, async (query) => {
    cluster = await startSmallCluster();
    for (let index = 0; index < 6_000; index++) cluster.store.create(pod(`p-${index}`), 'tester');
    let over = false;
    const long = cluster.ask('GET', `/api/v1/pods?${query}`).then((answer) => {
      over = true;
      return answer;
    });
    let answered = 0;
    while (!over) {
      await cluster.ask('GET', '/version');
      answered++;
    }
    expect((await long).text).toContain('"p-5999"');
    expect(answered).toBeGreaterThan(2);
  });
});
