import { expect, test } from 'vitest';
import type { LogEvent } from '../../../src/model/asks.ts';
import type { ApiClient } from '../../../src/sources/kubernetes/api-client.ts';
import { statusProblem } from '../../../src/sources/kubernetes/api-problem.ts';
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
      if (piece.startsWith('{')) throw statusProblem(JSON.parse(piece).code, {}, piece, 'get pods/log');
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

async function eventsOf(client: ApiClient): Promise<LogEvent[]> {
  const events: LogEvent[] = [];
  const request = { namespace: 'n', pod: 'p', container: 'c', follow: true };
  for await (const event of followLog(client, request, new AbortController().signal)) events.push(event);
  return events;
}

async function linesOf(client: ApiClient): Promise<string[]> {
  return (await eventsOf(client)).flatMap((event) => (event.type === 'lines' ? event.lines : []));
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

test('a node that writes in its own time zone is read as one in UTC', async () => {
  const zoned = (second: string, text: string) => at(second, text).replace('Z', '+02:00');
  const { client, asked } = clientWith([
    zoned('01', 'one') + zoned('02.5', 'two'),
    zoned('02.1', 'before two') + zoned('02.5', 'two') + at('03', 'two hours later, in another zone'),
  ]);
  expect(await linesOf(client)).toEqual(['one', 'two', 'two hours later, in another zone']);
  expect(asked[1]?.query).toMatchObject({ sinceTime: '2026-01-01T00:00:02.5+02:00' });
});

test('a container that is being created is waited for, and that is said once', async () => {
  const message = 'container "c" in pod "p" is waiting to start: ContainerCreating';
  const waits = JSON.stringify({ kind: 'Status', code: 400, reason: 'BadRequest', message });
  const events = await eventsOf(clientWith([waits, waits, at('01', 'one')]).client);
  expect(events.map(({ type }) => type)).toEqual(['gap', 'lines', 'end']);
  expect(events[0]).toMatchObject({ text: `${message}.` });
});

test('what the node says in place of lines is no line', async () => {
  const words = 'unable to retrieve container logs for containerd://5d1f';
  const events = await eventsOf(clientWith([`${at('01', 'unable to retrieve container logs for me')}${words}`]).client);
  expect(events).toMatchObject([
    { type: 'lines', lines: ['unable to retrieve container logs for me'] },
    { type: 'gap', text: `The node says: ${words}` },
    { type: 'end' },
  ]);
});

test.each([
  [500, 'Internal error occurred: error dialing backend: No agent available', /konnectivity/],
  [400, 'previous terminated container "c" in pod "p" not found', /never restarted/],
])('a refusal names its reason (%i)', async (code, message, hint) => {
  const refusal = JSON.stringify({ kind: 'Status', code, message });
  const what = `The log cannot be read (${code}): ${message}.`;
  await expect(eventsOf(clientWith([refusal]).client)).rejects.toMatchObject({
    what,
    hint: expect.stringMatching(hint),
  });
});
