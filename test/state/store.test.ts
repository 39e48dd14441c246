import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Change } from '../../src/model/change.ts';
import type { Link } from '../../src/model/link.ts';
import { apply, emptySnapshot } from '../../src/model/snapshot.ts';
import { createSnapshotStore, type Store } from '../../src/state/store.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  store.close();
  vi.useRealTimers();
});

let store: Store;
let published: number;

function open(): void {
  published = 0;
  store = createSnapshotStore(emptySnapshot(Date.now()), apply);
  store.subscribe(() => {
    published += 1;
  });
}

const latency = (ms: number): Change => ({ type: 'cluster', cluster: { latency: ms } });
const link = (phase: Link['phase'], heard = 0): Change => ({ type: 'link', source: 'nodes', link: { phase, heard } });

describe('publishing', () => {
  test('the first change after a calm moment at once', () => {
    open();
    const before = store.get();
    store.push([latency(1)]);
    expect(published).toBe(1);
    expect(store.get()).not.toBe(before);
    expect(store.get().cluster.latency).toBe(1);
  });

  test('while changes keep coming, ten times a second, in order, losing none', () => {
    open();
    for (let i = 1; i <= 100; i++) {
      store.push([latency(i)]);
      vi.advanceTimersByTime(10);
    }
    expect(published).toBeGreaterThanOrEqual(9);
    expect(published).toBeLessThanOrEqual(12);
    vi.advanceTimersByTime(100);
    expect(store.get().cluster.latency).toBe(100);
  });

  test('nothing shows before it is published: a snapshot and its tables agree', () => {
    open();
    store.push([latency(1)]);
    store.push([latency(2)]);
    expect(store.get().cluster.latency).toBe(1);
    vi.advanceTimersByTime(100);
    expect(store.get().cluster.latency).toBe(2);
  });

  test('a link that changes its phase waits one frame only; one that was merely heard waits like rows', () => {
    open();
    store.push([link('live')]);
    store.push([link('live', 5)]);
    vi.advanceTimersByTime(40);
    expect(published).toBe(1);
    store.push([link('stale')]);
    expect(published).toBe(2);
    expect(store.get().links.get('nodes')?.phase).toBe('stale');
  });

  test('rates roll on while nothing comes', () => {
    open();
    vi.advanceTimersByTime(5_100);
    expect(published).toBeGreaterThanOrEqual(4);
  });

  test('also after the clock was set back', () => {
    open();
    vi.setSystemTime(Date.now() - 3_600_000);
    store.push([latency(1)]);
    store.push([latency(2)]);
    vi.advanceTimersByTime(200);
    expect(store.get().cluster.latency).toBe(2);
    const before = published;
    vi.advanceTimersByTime(5_100);
    expect(published).toBeGreaterThanOrEqual(before + 3);
  });

  test('nobody is called after close', () => {
    open();
    store.push([latency(1)]);
    store.push([latency(2)]);
    store.close();
    vi.advanceTimersByTime(5_000);
    expect(published).toBe(1);
  });

  test('who leaves while others are told does not disturb them', () => {
    open();
    const stop = store.subscribe(() => stop());
    let told = 0;
    store.subscribe(() => {
      told += 1;
    });
    store.push([latency(1)]);
    expect(told).toBe(1);
  });
});
