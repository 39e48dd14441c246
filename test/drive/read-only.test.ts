import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { panes } from '../../src/panes/index.ts';
import { type EmbeddedCluster, type Requested, startCluster } from './embedded-cluster.ts';
import type { Driven } from './terminal.ts';

// Whatever is pressed: nothing but what output.md calls read-only leaves a console that was not opened for changes, and
// nothing is changed by one that was, as long as nobody says yes.

let cluster: EmbeddedCluster;
beforeAll(async () => {
  cluster = await startCluster('--scenario', 'busy', '--nodes', '8', '--pods', '80', '--churn', '0');
}, 90_000);
afterAll(() => cluster?.stop());

const letters = [...'abcdefghijklmnoprstuvwxzABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const signs = [...'0123456789-[]!?/<>&+*.,;@#$%^(){}|~\'"'];
const named = [
  'enter',
  'esc',
  'tab',
  'shift-tab',
  'space',
  'up',
  'down',
  'left',
  'right',
  'home',
  'end',
  'pgup',
  'pgdn',
];
const control = ['\x04', '\x15', '\x12', '\x17', '\x0b', '\x18', '\x1a'];
/** All but `q` and ctrl-c, which leave, and `y`, which says yes where something is asked. */
const keys = [...letters, ...signs, ...named, ...control];
const words = panes.flatMap((pane) => pane.words);

async function open(...args: readonly string[]): Promise<Driven> {
  const console = cluster.console({ columns: 120, rows: 40, args, env: { EDITOR: 'true', VISUAL: 'true' } });
  await console.until(/● (\d+)\/\1 /, 30_000);
  return console;
}

/** In pieces, so that what one of them asked for has a chance to answer before the next. */
async function pressAll(console: Driven, pressed: readonly string[]): Promise<void> {
  for (let at = 0; at < pressed.length; at += 40) {
    console.press(...pressed.slice(at, at + 40));
    // Keys are read in their order: all before have been taken when this stands on the last line.
    console.press('esc', 'esc', 'esc', 'esc', '0', ':', ...'zzqq');
    await console.until((screen) => screen.some((line) => line.startsWith(':zzqq')), 60_000);
    console.press('esc');
    await console.until((screen) => !screen.some((line) => line.startsWith(':zzqq')), 60_000);
  }
}

const visits = (every: readonly string[]) =>
  ['1', '2', '3', '4', '5', '6', '7', '0'].flatMap((digit) => [digit, ...every]);
const typed = words.flatMap((word) => ['esc', 'esc', ':', ...word, 'enter', 'down', 'enter', 'x', 'e', 'd', 'esc']);
/** The words for changes, with what they take: tab completes to the first there is. */
const changing = [
  ...['restart-agent', 'recreate-pod', 'resync', 'delete-slice', 'remove-taint', 'cordon', 'uncordon', 'drain'].map(
    (word) => [...`${word} `, 'tab'],
  ),
  ...['restart-operator leader', 'restart-agents', 'exclude-label app', 'capture-flows shop 5', 'end-capture x'],
  ...['undo', 'stop', 'deploy', 'edit', 'apply', 'delete'],
].flatMap((word) => ['esc', 'esc', ':', ...word, 'enter', 'down', 'enter', 'r', 'a']);
const random = (seed: number) =>
  fc.sample(fc.array(fc.constantFrom(...keys, 'y'), { minLength: 40, maxLength: 40 }), { numRuns: 12, seed }).flat();

describe('read-only', () => {
  it.each([
    ['every key on every pane', visits([...keys, 'y'])],
    ['every word, and what can be done to what it shows', typed],
    ['every word for a change, and a yes to it', changing.flatMap((key) => (key === 'down' ? ['y', key, 'y'] : [key]))],
    ['keys at random, seed 1', random(1)],
    ['keys at random, seed 2', random(2)],
  ])('%s: only reading leaves the process', { timeout: 180_000 }, async (_title, pressed) => {
    const before = (await cluster.requests()).at(-1)?.at ?? '';
    const console = await open();
    await pressAll(console, pressed);
    console.kill();
    const sent = (await cluster.requests()).filter(({ at }) => at > before);
    expect(sent.filter((request) => !isReading(request)).map(textOf)).toEqual([]);
    expect(sent.length).toBeGreaterThan(20);
  });
});

describe('opened for changes', () => {
  it.each([
    ['every key on every pane but the one that says yes', visits(keys)],
    ['every word, and what can be done to what it shows', typed],
    ['every word for a change', changing],
  ])('%s: nothing is changed', { timeout: 180_000 }, async (_title, pressed) => {
    const before = (await cluster.requests()).at(-1)?.at ?? '';
    const console = await open('--write');
    await console.until(/RW \d/, 20_000);
    await pressAll(console, pressed);
    console.kill();
    const sent = (await cluster.requests()).filter(({ at }) => at > before);
    expect(sent.filter((request) => !isReading(request)).map(textOf)).toEqual([]);
  });
});

it('a yes to what is shown does change something: the stories above would see it', { timeout: 60_000 }, async () => {
  const before = (await cluster.requests()).at(-1)?.at ?? '';
  const console = await open('--write');
  await console.until(/RW \d/, 20_000);
  console.press('2', 'x');
  await console.until(/restart the agent on/);
  console.press('r');
  await console.until(/y do it/);
  console.press('y');
  await console.until(/the server took it|▸|Close/, 20_000);
  console.kill();
  const sent = (await cluster.requests()).filter(({ at }) => at > before);
  expect(sent.filter((request) => !isReading(request)).map(textOf)).toEqual([
    expect.stringMatching(/^DELETE .*\/pods\/cilium-/),
  ]);
});

const textOf = ({ method, path }: Requested) => `${method} ${path}`;

/** GET and watch, reviews of oneself, previews, and commands that only read. */
function isReading({ method, path }: Requested): boolean {
  const url = new URL(path, 'https://cluster');
  if (/\/exec$/.test(url.pathname)) return isReadingCommand(url.searchParams.getAll('command'));
  if (method === 'GET') return !/\/(attach|portforward)$/.test(url.pathname);
  if (method === 'POST' && /\/selfsubject\w*reviews$/.test(url.pathname)) return true;
  return url.searchParams.get('dryRun') === 'All';
}

/** By the dossier's list of what changes something, not by the program's own list of what it allows itself. */
function isReadingCommand([program = '', ...args]: readonly string[]): boolean {
  const line = args.join(' ');
  const reading =
    /^(status|endpoint (list|get|health|log)|policy (get|selectors)|bpf \w+( \w+)? ?(get|list)?|map (list|get)|identity (list|get)|service list|node list|ip list|metrics list|encrypt status|fqdn cache list|bgp peers|monitor|observe|list nodes)\b/;
  const changing = /\b(flush|disconnect|regenerate|config|labels|add|delete|update|import|cleanup|recorder)\b/;
  return /^(cilium-dbg|cilium|cilium-health|hubble|kill)$/.test(program) && reading.test(line) && !changing.test(line);
}
