import { expect, test } from 'vitest';
import type { DropEvent } from '../../src/model/agent-says/agent-says.ts';
import type { LogEvent } from '../../src/model/asks.ts';
import { createAgentAsks } from '../../src/sources/ask-agents.ts';
import type { Commands } from '../../src/sources/kubernetes/commands.ts';
import type { ExecResult } from '../../src/sources/kubernetes/pod-exec.ts';

const node = 'aks-np1-0';
const asked = { node, pod: { namespace: 'kube-system', name: 'cilium-1' } };
const never = new AbortController().signal;
const ran: string[] = [];

function asks(result: Partial<ExecResult>, lines: readonly LogEvent[] = []) {
  const commands: Commands = {
    async exec({ namespace, pod, container }, command) {
      ran.push([namespace, pod, container, ...command].join(' '));
      return { ended: 'exit', exitCode: 0, stdout: '', stderr: '', ...result };
    },
    async *follow() {
      yield* lines;
    },
  };
  return createAgentAsks(commands, () => 7);
}

test('one agent is asked one question: the command it takes, and its answer as data', async () => {
  const stdout = 'level=warning\n{"10.0.0.1/32": ["identity=4711 encryptkey=0 tunnelendpoint=10.1.0.4"]}';
  expect(await asks({ stdout }).agent(asked, 'ipcache', never)).toEqual([
    { cidr: '10.0.0.1/32', identity: 4711, tunnelEndpoint: '10.1.0.4', encryptKey: 0 },
  ]);
  await asks({ stdout: '[]' }).agent(asked, ['policy-map', '12'], never);
  expect(ran.splice(0)).toEqual([
    'kube-system cilium-1 cilium-agent cilium-dbg bpf ipcache list -o json',
    'kube-system cilium-1 cilium-agent cilium-dbg bpf policy get 12 -n -o json',
  ]);
});

test.each<[string, Partial<ExecResult>, RegExp]>([
  ['in no known form', { stdout: 'OK' }, /^cilium-dbg service list on aks-np1-0: an answer in no known form: OK$/],
  ['nothing', {}, /an answer in no known form\.$/],
  ['too late', { ended: 'time', exitCode: -1, stdout: '[' }, /aks-np1-0: no answer within 15s\.$/],
  ['too much', { ended: 'size', exitCode: -1, stdout: '[]' }, /larger than 8 MB/],
  [
    'an error',
    { exitCode: 1, stderr: 'Get "http:///healthz":\u001b[2J refused\nmore' },
    /ended with 1: Get "http:\/\/\/healthz":\^\[\[2J refused$/,
  ],
  ['an error, and JSON', { exitCode: 1, stdout: '[]' }, /ended with 1: \[\]$/],
])('says why there is no answer: %s', async (_name, result, why) => {
  await expect(asks(result).agent(asked, 'services', never)).rejects.toMatchObject({
    what: expect.stringMatching(why),
  });
});

test('an agent in trouble ends its status with an error, and says why all the same', async () => {
  const stdout = JSON.stringify({ cilium: { state: 'Failure', msg: 'no kvstore' } });
  expect(await asks({ exitCode: 1, stdout }).agent(asked, 'opinion', never)).toMatchObject([
    { name: 'cilium', state: 'error', text: 'Failure · no kvstore' },
  ]);
});

test('where there is no agent pod, nothing is run', async () => {
  ran.splice(0);
  await expect(asks({}).agent({ node, pod: undefined }, 'status', never)).rejects.toThrow(
    'There is no agent pod on aks-np1-0.',
  );
  expect(ran).toEqual([]);
});

test('drops that are alike are told once, with how many they were; other lines are none; gaps and ends stay', async () => {
  const drop = (port: number, from = 40_000) =>
    JSON.stringify({
      ...{ type: 'drop', reason: 'Policy denied', source: 7, dstID: 0, srcLabel: 1001, dstLabel: 2 },
      summary: { l3: { src: '10.244.0.5', dst: '20.1.2.3' }, l4: { src: String(from), dst: String(port) }, tcp: 'SYN' },
    });
  const lines = ['Listening for events on 8 CPUs', drop(443), drop(443, 40_001), drop(53), 'Press Ctrl-C to quit'];
  const events: DropEvent[] = [];
  const said = asks({}, [
    { type: 'lines', lines },
    { type: 'gap', text: '9 lines dropped' },
    { type: 'end', text: 'x' },
  ]);
  for await (const event of said.drops(asked, never)) events.push(event);
  expect(events).toMatchObject([
    {
      type: 'drops',
      drops: [
        { count: 2, drop: { node, at: 7, reason: 'Policy denied', destination: { port: 443 } } },
        { count: 1, drop: { destination: { port: 53 } } },
      ],
    },
    { type: 'gap', text: '9 lines dropped' },
    { type: 'end', text: 'x' },
  ]);
});
