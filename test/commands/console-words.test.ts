import { describe, expect, it } from 'vitest';
import type { Connection } from '../../src/commands/connect.ts';
import { askAgain, consoleWords, greetingOf } from '../../src/commands/console-words.ts';
import type { Session } from '../../src/commands/session-file.ts';
import type { Link } from '../../src/model/link.ts';
import { frameOf } from '../panes/fixtures/frame.tsx';

const last: Session = { context: 'aks-prod', scope: 'shop', pane: 'agents', args: ['np2'], at: 1 };

function connectionTo(context: string, links: Record<string, Link> = {}) {
  const asked: string[] = [];
  const note =
    (name: string) =>
    (...args: unknown[]) => {
      asked.push([name, ...args].join(' '));
      return Promise.resolve();
    };
  const connection = {
    store: { get: () => ({ cluster: { context }, facts: {}, links: new Map(Object.entries(links)) }) },
    asks: {
      relist: note('relist'),
      useContext: note('useContext'),
      rest: note('rest'),
      azure: { refresh: () => note('azure refresh')() },
    },
  } as unknown as Connection;
  return { connection, asked };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

async function run(word: string, args: string[], context = 'aks-prod', session: Session | undefined = last) {
  const { connection, asked } = connectionTo(context);
  const scopes: string[] = [];
  const frame = frameOf(80, 24, { setScope: (scope) => scopes.push(scope) });
  const found = consoleWords(connection, session).find((one) => one.word === word);
  found?.run(args, frame);
  await settled();
  return { asked, scopes, ...frame.told, refused: found?.unless?.() };
}

describe(':resume', () => {
  it('goes where the last session ended', async () => {
    expect(await run('resume', [])).toMatchObject({
      asked: [],
      scopes: ['shop'],
      went: [{ pane: 'agents', args: ['np2'] }],
    });
  });
  it('on its cluster', async () => {
    expect((await run('resume', [], 'another')).asked).toEqual(['useContext aks-prod']);
  });
  it('says when there was none', async () => {
    const { connection } = connectionTo('aks-prod');
    expect(consoleWords(connection, undefined)[1]?.unless?.()).toMatch(/no session/);
  });
  it('is offered only where there is something to go back to', () => {
    expect(greetingOf(last)).toBe('last time: agents np2, ns shop on aks-prod · :resume goes there');
    expect(greetingOf({ ...last, pane: 'overview', args: [], scope: '' })).toBe('');
    expect(greetingOf(undefined)).toBe('');
  });
});

describe(':relist', () => {
  it.each([
    [['pods'], ['relist systemPods', 'relist pods']],
    [['ciliumendpoints'], ['relist ciliumEndpoints']],
    [[], []],
  ])('%s', async (args, asked) => expect((await run('relist', args)).asked).toEqual(asked));
});

describe('ctrl-r', () => {
  it('asks how the server is, and not what is watched', async () => {
    const { connection, asked } = connectionTo('aks-prod');
    askAgain(connection).run(frameOf(80, 24));
    await settled();
    expect(asked).toEqual(['azure refresh', 'rest false']);
  });
  it('says the seconds while the server asked us to wait', () => {
    const { connection } = connectionTo('x', { pods: { phase: 'stale', heard: 0, retryAt: Date.now() + 7_500 } });
    expect(askAgain(connection).unless?.(frameOf(80, 24))).toBe('the server asked us to wait 8s');
  });
});
