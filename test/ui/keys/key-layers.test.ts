import { describe, expect, test } from 'vitest';
import type { Binding, Layer } from '../../../src/ui/keys/binding.ts';
import { createKeyLayers } from '../../../src/ui/keys/key-layers.ts';

function setUp() {
  const ran: string[] = [];
  const keys = createKeyLayers();
  const binding = (key: string, title: string, more: Partial<Binding<never>> = {}): Binding<never> => ({
    keys: [key],
    title,
    run: () => ran.push(title),
    ...more,
  });
  const add = (name: Layer<never>['name'], bindings: readonly Binding<never>[], more: Partial<Layer<never>> = {}) =>
    keys.register({ name, title: name, bindings, context: () => undefined as never, ...more });
  const press = (name: string) => keys.press({ name, text: name.length === 1 ? name : '' });
  return { keys, binding, add, press, ran };
}

describe('who gets a key', () => {
  test('overlay before pane before global', () => {
    const { binding, add, press, ran } = setUp();
    add('global', [binding('a', 'global a'), binding('b', 'global b'), binding('c', 'global c')]);
    add('pane', [binding('a', 'pane a'), binding('b', 'pane b')]);
    const close = add('overlay', [binding('a', 'overlay a')]);
    press('a');
    expect(press('b')).toEqual({ kind: 'unknown', key: 'b' });
    close();
    press('a');
    press('b');
    press('c');
    expect(ran).toEqual(['overlay a', 'pane a', 'pane b', 'global c']);
  });

  test('what always works goes through an overlay', () => {
    const { binding, add, press, ran } = setUp();
    add('always', [binding('ctrl-c', 'cancel')]);
    add('overlay', []);
    press('ctrl-c');
    expect(ran).toEqual(['cancel']);
  });

  test('the newest overlay only, and all layers of one overlay together', () => {
    const { binding, add, press, ran } = setUp();
    add('overlay', [binding('a', 'old')], { overlay: 1 });
    add('overlay', [binding('j', 'inner')], { overlay: 2 });
    add('overlay', [binding('q', 'outer')], { overlay: 2 });
    press('j');
    press('q');
    expect(press('a').kind).toBe('unknown');
    expect(ran).toEqual(['inner', 'outer']);
  });

  test('what applies only sometimes goes first, and steps aside otherwise', () => {
    const { binding, add, press, ran } = setUp();
    let filtered = true;
    add('pane', [binding('esc', 'leave')]);
    add('pane', [binding('esc', 'unfilter', { applies: () => filtered })]);
    press('esc');
    filtered = false;
    press('esc');
    expect(ran).toEqual(['unfilter', 'leave']);
  });

  test('text goes to the overlay that takes it, but bound keys do not', () => {
    const { keys, binding, add, press, ran } = setUp();
    let typed = '';
    add('overlay', [binding('enter', 'done')], { typed: (text) => (typed += text) });
    press('q');
    press('enter');
    expect(keys.type('pasted')).toBe(true);
    expect(typed).toBe('qpasted');
    expect(ran).toEqual(['done']);
  });
});

test('a key that cannot be used says why, as it is at that moment', () => {
  const { keys, binding, add, press, ran } = setUp();
  let reason: string | undefined = 'read only';
  add('pane', [binding('e', 'edit', { unless: () => reason, rank: 3 })]);
  expect(press('e')).toEqual({ kind: 'refused', title: 'edit', reason: 'read only' });
  expect(keys.offers()).toMatchObject([{ title: 'edit', reason: 'read only', rank: 3 }]);
  reason = undefined;
  press('e');
  expect(ran).toEqual(['edit']);
});

test('two bindings of one layer with one key are refused when they meet', () => {
  const { binding, add } = setUp();
  add('pane', [binding('a', 'first')]);
  expect(() => add('pane', [binding('a', 'second')])).toThrow(
    'the key a is bound twice in the pane layer: "first" and "second"',
  );
  expect(() => add('global', [binding('a', 'third')])).not.toThrow();
});

test('a key that waits for a second one offers its choices, and forgets them on any other', () => {
  const { keys, binding, add, press, ran } = setUp();
  add('pane', [binding('n', 'next'), binding('s', 'sort', { next: () => [binding('n', 'by name')] })]);
  press('s');
  expect(keys.offers().map((offer) => offer.title)).toEqual(['by name']);
  press('n');
  press('s');
  expect(press('x')).toEqual({ kind: 'refused', title: 'sort', reason: 'x is none of its letters n: n by name' });
  press('n');
  expect(ran).toEqual(['by name', 'next']);
});

test('words run what their keys run, also typed into an overlay', () => {
  const { keys, binding, add, ran } = setUp();
  add('pane', [binding('x', 'remove', { word: 'remove' })]);
  add('overlay', []);
  expect(keys.words()).toEqual([{ word: 'remove', title: 'remove' }]);
  expect(keys.runWord('remove')).toMatchObject({ kind: 'ran' });
  expect(keys.runWord('nothing')).toBeUndefined();
  expect(ran).toEqual(['remove']);
});

describe('what is offered', () => {
  test('follows what the bindings look at, and is the same array until it says something else', async () => {
    const { keys, binding, add } = setUp();
    let rows = 0;
    let told = 0;
    add('pane', [binding('l', 'log', { unless: () => (rows === 0 ? 'there is no row' : undefined) })]);
    keys.subscribe(() => {
      told += 1;
    });
    const before = keys.offers();
    expect(before).toMatchObject([{ title: 'log', reason: 'there is no row' }]);
    // Three things are drawn at once: the bottom line is told once.
    for (let drawn = 0; drawn < 3; drawn += 1) keys.looked();
    await Promise.resolve();
    expect(told).toBe(1);
    expect(keys.offers()).toBe(before);
    rows = 2;
    expect(keys.offers()).toMatchObject([{ title: 'log', reason: '' }]);
    const after = keys.offers();
    rows = 3;
    expect(keys.offers()).toBe(after);
  });
});

test('what follows a word goes to its binding; a key has nothing to give', () => {
  const keys = createKeyLayers();
  const given: (readonly string[] | undefined)[] = [];
  const since = {
    keys: ['t'],
    title: 'since',
    word: 'since',
    run: (_: unknown, args?: readonly string[]) => void given.push(args),
  };
  keys.register({ name: 'pane', title: 'Log', bindings: [since], context: () => undefined as never });
  keys.runWord('since', ['2h']);
  keys.press({ name: 't', text: 't' });
  expect(given).toEqual([['2h'], undefined]);
});
