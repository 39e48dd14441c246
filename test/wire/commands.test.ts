// Commands in containers, as they fail on the wire, and how many run at once, as the server counts them.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { LogEvent } from '../../src/model/asks.ts';
import { type WatchedCluster, watchCluster } from './watched-cluster.ts';

let cluster: WatchedCluster;
let agents: { namespace: string; pod: string; container: string }[];
beforeAll(async () => {
  cluster = await watchCluster({ scenario: 'healthy', config: { execs: 3, silenceMs: 300 } });
  await cluster.allLive(20_000);
  agents = [...cluster.snapshot().tables.pods.rows.values()]
    .filter(({ labels }) => labels['k8s-app'] === 'cilium')
    .map(({ name }) => ({ namespace: 'kube-system', pod: name, container: 'cilium-agent' }));
}, 30_000);
afterEach(() => cluster.simulator.faults.clear());
afterAll(() => cluster.close());

const never = new AbortController().signal;
const status = ['cilium-dbg', 'status', '--brief'];
const drops = ['cilium-dbg', 'monitor', '--type', 'drop', '-j'];
const agent = () => agents[0] ?? { namespace: '', pod: '', container: '' };
const run = (command = status, limitMs = 10_000) => cluster.sources.commands.exec(agent(), command, limitMs, never);
const fault = (id: string, count = 1) => cluster.simulator.faults.add({ id, count });

/** Follows until `enough` says so, then leaves. */
async function follow(enough: (events: LogEvent[]) => boolean, command = drops): Promise<LogEvent[]> {
  const stop = new AbortController();
  const events: LogEvent[] = [];
  for await (const event of cluster.sources.commands.follow(agent(), command, stop.signal)) {
    events.push(event);
    if (enough(events)) stop.abort();
  }
  return events;
}

describe('a command that ends', () => {
  test.each([
    ['exec-refused', /^No permission: run commands in pods/, /upgrade request is not allowed/],
    ['exec-gone', /^Not found: pods "cilium-\w+" not found/, /^$/],
    ['exec-no-container', /not run \(400\): container not found \("cilium-agent"\)/, /running/],
    ['exec-throttled', /slow down \(429\)\. Try again in 7s\./, /too many requests/],
    ['exec-dropped', /The connection broke before the command ended/, /Try again/],
    ['exec-no-protocol', /no form of exec that is known here/, /Sec-WebSocket-Protocol/],
  ])('%s', async (id, what, hint) => {
    fault(id);
    await expect(run()).rejects.toMatchObject({ what: expect.stringMatching(what), hint: expect.stringMatching(hint) });
    await expect(run()).resolves.toMatchObject({ ended: 'exit', exitCode: 0, stdout: 'OK\n' });
  });

  test.each(['exec-late-output', 'exec-odd-frames', 'exec-old-protocol'])('%s does not matter', async (id) => {
    fault(id);
    await expect(run()).resolves.toMatchObject({ ended: 'exit', exitCode: 0, stdout: 'OK\n', stderr: '' });
  });

  test.each(['exec-silent', 'exec-hangs'])('%s is left at its time limit', async (id) => {
    fault(id);
    await expect(run(status, 400)).resolves.toMatchObject({ ended: 'time', exitCode: -1, stdout: '' });
  });

  test('of another name in older images, and none where there is no such program', async () => {
    const system = [...cluster.snapshot().tables.pods.rows.values()].find(({ name }) => /^coredns-[^a]/.test(name));
    const target = { namespace: 'kube-system', pod: system?.name ?? '', container: 'coredns' };
    await expect(cluster.sources.commands.exec(target, status, 5_000, never)).rejects.toThrow(/has no cilium-dbg/);
  });
});

describe('a command that goes on', () => {
  test('tells its lines, and is ended in its container when nobody wants them any more', async () => {
    const { left } = cluster.simulator.execs();
    const events = await follow((all) => all.some(({ type }) => type === 'lines'));
    expect(events.flatMap((event) => (event.type === 'lines' ? event.lines : []))[0]).toMatch(/^Listening for events/);
    await expect.poll(() => cluster.simulator.execs().running).toBe(0);
    expect(cluster.simulator.execs().left).toBe(left);
  });

  test('begins anew where its connection breaks, and says that lines are missing', async () => {
    fault('exec-dropped');
    const events = await follow((all) => all.some((_, index) => all[index - 1]?.type === 'gap'));
    expect(events.map(({ type }) => type)).toEqual(['lines', 'gap', 'lines']);
    expect(events[1]).toMatchObject({ text: expect.stringMatching(/broke .* begun anew/) });
  });

  test('gives up where its connection breaks again and again', { timeout: 15_000 }, async () => {
    fault('exec-dropped', 9);
    await expect(follow(() => false)).rejects.toThrow(/The connection broke/);
  });

  test('is refused as any other', async () => {
    fault('exec-gone');
    await expect(follow(() => false)).rejects.toThrow(/Not found: pods/);
    await expect(follow(() => false, ['cilium-dbg', 'monitor'])).rejects.toThrow(/none of the commands that only read/);
    await expect(run(drops)).rejects.toThrow(/none of the commands that only read/);
  });
});

describe('no more than three at once', () => {
  test('whatever is asked; who waits can leave the line; one place stays for commands that end', async () => {
    const stop = new AbortController();
    const { commands: all } = cluster.sources;
    const streams = agents.flatMap((target) => [0, 1].map(() => all.follow(target, drops, stop.signal)));
    const first = streams.map(async (stream) => {
      for await (const event of stream) if (event.type === 'gap') return event.text;
      return '';
    });
    const commands = Promise.all(
      agents.concat(agents, agents, agents).map((one) => all.exec(one, status, 5_000, never)),
    );
    expect((await commands).every(({ stdout }) => stdout === 'OK\n')).toBe(true);
    stop.abort();
    expect((await Promise.all(first)).filter((text) => text !== '').length).toBeGreaterThan(0);
    await expect.poll(() => cluster.simulator.execs().running).toBe(0);
    expect(cluster.simulator.execs().most).toBe(3);
    await cluster.until('told in the list of requests', (now) => now.requests.commands?.running.length === 0);
    expect(cluster.snapshot().requests.commands).toMatchObject({ atOnce: 3, most: 3, waiting: 0 });
  });

  test('none while nobody sits there: what goes on is ended and says so, what is asked is refused', async () => {
    let ended = '';
    const stream = (async () => {
      for await (const event of cluster.sources.commands.follow(agent(), drops, never)) {
        if (event.type === 'end') ended = event.text;
      }
    })();
    await expect.poll(() => cluster.simulator.execs().running).toBe(1);
    const { total } = cluster.simulator.execs();
    await cluster.sources.asks.rest(true);
    await stream;
    expect(ended).toMatch(/Nobody has pressed a key/);
    await expect(run()).rejects.toThrow(/Nobody has pressed a key/);
    await sleep(50);
    expect(cluster.simulator.execs()).toMatchObject({ running: 0, total });
    await cluster.sources.asks.rest(false);
    await expect(run()).resolves.toMatchObject({ exitCode: 0 });
  });
});
