import { expect, test } from 'vitest';
import {
  become,
  createShellState,
  current,
  goLast,
  goOut,
  goTo,
  goTowards,
  lay,
  type ShellState,
  takeAway,
} from '../../src/ui/shell-state.ts';

const home = { pane: 'home' };
const at = (state: ShellState) => [current(state).view.pane, ...(current(state).view.args ?? [])].join(' ');
const open = (state: ShellState, pane: string, ...args: string[]) =>
  goTo(state, args.length > 0 ? { pane, args } : { pane }, undefined);
const into = (state: ShellState, pane: string, ...args: string[]) => goTo(state, { pane, args }, current(state).id);

test('out of a pane opened by its number is home, out of a row is its list', () => {
  let state = open(open(createShellState(home), 'agents'), 'endpoints');
  state = into(state, 'endpoints', 'slice-1');
  state = goOut(state, home);
  expect(at(state)).toBe('endpoints');
  state = goOut(state, home);
  expect(at(state)).toBe('home');
  expect(goOut(state, home)).toBe(state);
});

test('coming out finds what the pane kept', () => {
  let state = open(createShellState(home), 'agents');
  current(state).kept.set('cursor', 7);
  state = goOut(into(state, 'agents', 'node-1'), home);
  expect(current(state).kept.get('cursor')).toBe(7);
});

test('out of a view that a session began with is home', () => {
  expect(at(goOut(goTo(createShellState(home), { pane: 'agents', args: ['x'] }, undefined), home))).toBe('home');
});

test('the history goes back and forward; going elsewhere forgets what was ahead', () => {
  let state = open(open(createShellState(home), 'agents'), 'policies');
  state = goTowards(state, -1);
  expect(at(state)).toBe('agents');
  state = goTowards(state, 1);
  expect(at(state)).toBe('policies');
  state = open(goTowards(state, -1), 'timeline');
  expect(goTowards(state, 1)).toBe(state);
  expect(at(goTowards(state, -1))).toBe('agents');
});

test('the last view swaps two', () => {
  let state = open(open(createShellState(home), 'agents'), 'policies');
  state = goLast(state);
  expect(at(state)).toBe('agents');
  expect(at(goLast(state))).toBe('policies');
});

test('where one already is, is no step', () => {
  const state = open(createShellState(home), 'agents');
  expect(open(state, 'agents')).toBe(state);
});

test('the history forgets its oldest steps and still comes out', () => {
  let state = createShellState(home);
  for (let step = 0; step < 200; step += 1) state = open(state, `pane${step}`);
  expect(state.visits).toHaveLength(50);
  expect(at(goOut(state, home))).toBe('home');
});

test('args change in place; overlays come and go, and go with their view', () => {
  let state = open(createShellState(home), 'agents');
  state = become(state, current(state).id, ['tab-2']);
  expect(at(state)).toBe('agents tab-2');
  state = lay(
    lay(state, () => null),
    () => null,
  );
  expect(takeAway(state, state.overlays[1]?.id ?? -1).overlays).toHaveLength(1);
  expect(open(state, 'policies').overlays).toHaveLength(0);
});
