import { expect, test } from 'vitest';
import { createTokenCache } from '../../../src/sources/azure/token-cache.ts';

const minute = 60_000;

/** A cache before somewhere that gives tokens `life` long, or fails, at a clock that a test moves. */
function cacheOf(life = 60 * minute) {
  const asked: string[] = [];
  const state = { now: 1_000_000, fails: false };
  const cache = createTokenCache(
    async (scope, { claims }) => {
      asked.push(claims === undefined ? scope : `${scope} ${claims}`);
      const token = `t${asked.length}`;
      await Promise.resolve();
      if (state.fails) throw new Error('no');
      return { token, expiresOnTimestamp: state.now + life };
    },
    () => state.now,
  );
  const token = async (scope = 'arm', options = {}) => (await cache.getToken(scope, options))?.token;
  return { cache, token, asked, state };
}

test('one token a scope, asked for once by however many', async () => {
  const { token, asked } = cacheOf();
  expect(await Promise.all([token(), token(), token('logs'), token()])).toEqual(['t1', 't1', 't2', 't1']);
  expect(await token()).toBe('t1');
  expect(asked).toEqual(['arm', 'logs']);
});

test('a client is never told that it may keep a token', async () => {
  const { cache, state } = cacheOf();
  expect((await cache.getToken('arm'))?.expiresOnTimestamp).toBe(state.now);
});

test('five minutes before its end a token is renewed behind the one that is still good', async () => {
  const { token, asked, state } = cacheOf();
  await token();
  state.now += 54 * minute;
  expect([await token(), asked.length]).toEqual(['t1', 1]);
  state.now += 2 * minute;
  expect(await token()).toBe('t1');
  await Promise.resolve();
  expect(await token()).toBe('t2');
});

test('a renewal that fails leaves the token until its end, and is not tried again at once', async () => {
  const { token, asked, state } = cacheOf();
  await token();
  state.fails = true;
  state.now += 57 * minute;
  expect([await token(), await token(), await token()]).toEqual(['t1', 't1', 't1']);
  await Promise.resolve();
  expect(asked).toHaveLength(2);
  state.now += 4 * minute;
  await expect(token()).rejects.toThrow('no');
  expect(asked).toHaveLength(3);
});

test('a failure is remembered for half a minute, or until somebody wants to know again', async () => {
  const { cache, token, asked, state } = cacheOf();
  state.fails = true;
  await expect(token()).rejects.toThrow('no');
  await expect(token()).rejects.toThrow('no');
  expect(asked).toHaveLength(1);
  cache.tryAgain();
  await expect(token()).rejects.toThrow('no');
  state.now += minute;
  state.fails = false;
  expect(await token()).toBe('t3');
});

test('claims of a continuous access evaluation go to whoever gives tokens, and the old one is gone', async () => {
  const { token, asked } = cacheOf();
  await token();
  expect(await token('arm', { claims: '{"c":1}' })).toBe('t2');
  expect(await token()).toBe('t2');
  expect(asked).toEqual(['arm', 'arm {"c":1}']);
});

test('who leaves does not take the token from those who wait', async () => {
  const { token, asked } = cacheOf();
  const stop = new AbortController();
  const leaving = token('arm', { abortSignal: stop.signal });
  const waiting = token();
  stop.abort(new Error('left'));
  await expect(leaving).rejects.toThrow('left');
  expect(await waiting).toBe('t1');
  expect(asked).toHaveLength(1);
});

test('a token that arrives after everything was forgotten is nobody’s', async () => {
  const { cache, token } = cacheOf();
  const before = token();
  cache.forget();
  expect(await before).toBe('t1');
  expect(await token()).toBe('t2');
});
