import { expect, test } from 'vitest';
import type { LogEvent } from '../../../src/model/asks.ts';
import type { ApiClient } from '../../../src/sources/kubernetes/api-client.ts';
import type { Ask } from '../../../src/sources/kubernetes/http-pool.ts';
import { followLog } from '../../../src/sources/kubernetes/pod-log.ts';

/** A server whose log breaks off after each of these pieces but the last. */
function clientWith(pieces: readonly string[]): { client: ApiClient; asked: Ask[] } {
  const asked: Ask[] = [];
  const client = {
    async open(ask: Ask) {
      const piece = pieces[asked.length] ?? '';
      asked.push(ask);
      const last = asked.length === pieces.length;
      return { status: 200, headers: {}, body: body(piece, last) };
    },
    async json() {
      const state = asked.length < pieces.length ? { running: {} } : { terminated: { exitCode: 0 } };
      const containerStatuses = [{ name: 'c', state }];
      return { metadata: { name: 'p', namespace: 'n' }, status: { phase: 'Succeeded', containerStatuses } };
    },
    credentials: { session: () => ({ cluster: { server: 'https://api.example' } }) },
  } as unknown as ApiClient;
  return { client, asked };
}

async function* body(piece: string, last: boolean): AsyncGenerator<Buffer> {
  yield Buffer.from(piece);
  if (!last) throw Object.assign(new Error('reset'), { code: 'ECONNRESET' });
}

async function linesOf(client: ApiClient): Promise<string[]> {
  const lines: string[] = [];
  const request = { namespace: 'n', pod: 'p', container: 'c', follow: true };
  for await (const event of followLog(client, request, new AbortController().signal) as AsyncIterable<LogEvent>)
    if (event.type === 'lines') lines.push(...event.lines);
  return lines;
}

const at = (second: string, text: string) => `2026-01-01T00:00:${second}Z ${text}\n`;

test('after a break lines that come again are left out, up to the first later one', async () => {
  const { client, asked } = clientWith([
    at('01', 'one') + at('02.5', 'two'),
    at('02.1', 'before two') + at('02.5', 'two') + at('03', 'three') + at('02.9', 'clock set back') + at('03', 'same'),
  ]);
  expect(await linesOf(client)).toEqual(['one', 'two', 'three', 'clock set back', 'same']);
  expect(asked[1]?.query).toMatchObject({ sinceTime: '2026-01-01T00:00:02.5Z' });
});

test('half a line at the break is not glued to the next', async () => {
  const { client } = clientWith([`${at('01', 'one')}2026-01-01T00:00:02Z ha`, at('01', 'one') + at('02', 'half')]);
  expect(await linesOf(client)).toEqual(['one', 'half']);
});
