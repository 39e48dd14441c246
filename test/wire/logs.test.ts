// Logs and live streams over the wire: what goes wrong with them is told, bounded, and over when it is over.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { LogEvent, LogRequest } from '../../src/model/asks.ts';
import { packetEnd } from '../../src/model/packet-end.ts';
import { foldDrops, noDrops } from '../../src/panes/drops/drop-groups.ts';
import { emptyBook, foldBook } from '../../src/panes/log/log-book.ts';
import { type WatchedCluster, watchCluster } from './watched-cluster.ts';

let cluster: WatchedCluster;
let stop = new AbortController();
beforeAll(async () => {
  // A service without pods behind it: something is dropped on the nodes of its clients.
  cluster = await watchCluster({ scenario: 'services-broken', pods: 60 });
  await cluster.until('agents are known', ({ links }) => links.get('systemPods')?.phase === 'live', 30_000);
}, 60_000);
afterAll(() => cluster.close());
afterEach(() => {
  stop.abort();
  stop = new AbortController();
  cluster.simulator.faults.clear();
});

const agents = () =>
  [...cluster.snapshot().tables.pods.rows.values()].filter(({ labels }) => labels['k8s-app'] === 'cilium');
const request = (more: Partial<LogRequest> = {}): LogRequest => ({
  ...{ namespace: 'kube-system', pod: agents()[0]?.name ?? '', container: 'cilium-agent' },
  ...{ follow: true, tailLines: 200, ...more },
});

/** What comes within the time, until the log ends, or until it is enough. */
async function heard(
  ms: number,
  more?: Partial<LogRequest>,
  enough: (events: readonly LogEvent[]) => boolean = () => false,
): Promise<LogEvent[]> {
  const events: LogEvent[] = [];
  const timer = setTimeout(() => stop.abort(), ms);
  for await (const event of cluster.sources.asks.logs(request(more), stop.signal)) {
    events.push(event);
    if (enough(events)) stop.abort();
  }
  clearTimeout(timer);
  return events;
}

test('a log comes with the moment of each line, and what is known in it becomes evidence', {
  timeout: 30_000,
}, async () => {
  const events = await heard(10_000, { follow: false });
  const [lines] = events.flatMap((event) => (event.type === 'lines' ? [event] : []));
  expect(lines?.at?.length).toBe(lines?.lines.length);
  expect(Math.min(...(lines?.at ?? []))).toBeGreaterThan(0);
  await cluster.until('what was read is told', ({ logSigns }) => logSigns.readings.length > 0, 5_000);
  const [reading] = cluster.snapshot().logSigns.readings;
  const count = reading?.lines ?? 0;
  expect(reading).toMatchObject({ namespace: 'kube-system', container: 'cilium-agent' });
  // Read once more it is no more than it was.
  const news = () => cluster.changes.filter(({ type }) => type === 'logSigns').length;
  const before = news();
  await heard(10_000, { follow: false });
  await cluster.until('it is told again', () => news() > before, 5_000);
  expect(cluster.snapshot().logSigns.readings[0]?.lines).toBeLessThan(count + 20);
});

test('20 MB a second: lines are dropped, that is said, and what is kept stays small', { timeout: 30_000 }, async () => {
  cluster.simulator.faults.add({ id: 'log-flood' });
  let book = emptyBook();
  for (const event of await heard(2_000)) book = foldBook(book, [{ source: 0, event }]);
  expect(book.received).toBeGreaterThan(1_000);
  expect(book.rows.length).toBeLessThan(22_001);
  expect(book.size).toBeLessThan(24_000_001);
});

test.each([
  ['log-without-newline', /^x+ …\+\d+ bytes$|^x+…?/],
  ['log-binary', /^[^\p{Cc}]*$/u],
])('%s: drawn as it can be, and over', { timeout: 30_000 }, async (id, form) => {
  cluster.simulator.faults.add({ id });
  const events = await heard(10_000, { follow: false });
  const lines = events.flatMap((event) => (event.type === 'lines' ? event.lines : []));
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) {
    expect(line.length).toBeLessThan(8_300);
    expect(line).toMatch(form);
  }
  expect(events.at(-1)?.type).toBe('end');
});

test('a container that is gone (404) is said to be; a log that breaks off goes on, with a mark', {
  timeout: 30_000,
}, async () => {
  cluster.simulator.faults.add({ id: 'log-gone', count: 1 });
  await expect(heard(5_000)).rejects.toThrow(/not found|no longer|gone|does not exist/i);
  stop = new AbortController();
  cluster.simulator.faults.add({ id: 'log-cut', count: 1 });
  const goesOn = (events: readonly LogEvent[]) => {
    const kinds = events.map(({ type }) => type);
    return kinds.lastIndexOf('lines') > kinds.indexOf('gap') && kinds.includes('gap');
  };
  const events = await heard(10_000, {}, goesOn);
  expect(events.some((event) => event.type === 'gap' && /Trying again/.test(event.text))).toBe(true);
  expect(goesOn(events)).toBe(true);
});

test('drops are followed on a node and resolved to pods and services', { timeout: 40_000 }, async () => {
  await cluster.until('pods are known', ({ links }) => links.get('services')?.phase === 'live', 20_000);
  const end = (address: string, identity: number) => packetEnd(cluster.snapshot(), address, identity);
  let book = noDrops;
  const timer = setTimeout(() => stop.abort(), 20_000);
  const follow = async (node: string, pod: string) => {
    const agent = { node, pod: { namespace: 'kube-system', name: pod } };
    for await (const event of cluster.sources.asks.drops(agent, stop.signal)) {
      book = foldDrops(book, [{ node, at: Date.now(), event }], end);
      if (book.groups.size > 0) stop.abort();
    }
  };
  await Promise.all(
    agents()
      .slice(0, 3)
      .map(({ node, name }) => follow(node, name)),
  );
  clearTimeout(timer);
  const [group] = [...book.groups.values()];
  expect(group?.reason).toBe('Service backend not found');
  expect(group?.from.ref?.kind).toBe('Pod');
  expect(group?.to.name).toMatch(/^svc shop\//);
});
