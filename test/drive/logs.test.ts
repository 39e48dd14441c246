import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedCluster, startCluster } from './embedded-cluster.ts';
import { filterBy, go, sizes } from './look.ts';
import type { Driven } from './terminal.ts';

// Pane 5 on the whole program: what it shows is what the world did, asked over the wire and read by hand.
let cluster: EmbeddedCluster;
beforeAll(async () => {
  cluster = await startCluster('--scenario', 'busy');
});
afterAll(() => cluster?.stop());

/** Signed in by what the environment holds. */
async function open(size: { columns: number; rows: number }): Promise<Driven> {
  const console = cluster.console({ ...size, env: cluster.azure });
  await console.until(/v why/, 60_000);
  console.press('5');
  await console.until(/Logs \d+ .*● ready/, 60_000);
  return console;
}

describe('the logs pane', () => {
  it('a saved question answers with what the world holds, and is followed with its lag', {
    timeout: 120_000,
  }, async () => {
    const console = await open({ columns: 120, rows: 40 });
    console.press('enter');
    await console.until(/Denied flows .*● \d+ rows/, 60_000);
    const [first = ''] = console.selected().filter((line) => line.startsWith('▸'));
    const [, time = '', source = '', destination = ''] = /▸ +(?:\d\d-\d\d )?([\d:.]+) +(\S+) +(\S+)/.exec(first) ?? [];
    const rows = await cluster.rows('ContainerNetworkLogs');
    const denied = rows.filter(
      (row) => row['Verdict'] === 'DROPPED' && String(row['TimeGenerated']).includes(`T${time}`),
    );
    expect(denied.map((row) => row['SourceNamespace'])).toContain(source.split('/')[0]);
    expect(denied.map((row) => row['DestinationNamespace'])).toContain(destination.split('/')[0]);
    console.press('enter');
    await console.until(/DropReason +POLICY_DENIED/);
    console.press('esc');
    await console.until(/▸ /);
    console.press('f');
    await console.until(/● following · \d+ rows? · ingestion lag p95 \d+/, 60_000);
    console.press('k');
    await console.until(/▲ paused/);
    console.press('ctrl-c');
    await console.until(/▲ stopped/);
    console.press('esc');
    await console.until(/Logs \d+/);
  });

  it('a query typed by hand, with completion, returns what the world holds', { timeout: 120_000 }, async () => {
    const console = await open({ columns: 120, rows: 40 });
    console.press('e');
    await console.until(/Query ·/);
    console.write('ContainerNetworkL');
    await console.until(/▸ ContainerNetworkLogs/, 60_000);
    console.press('tab');
    await console.until(/ 1 ContainerNetworkLogs\s*$/m);
    console.write(' | where Verd');
    await console.until(/▸ Verdict +column/, 30_000);
    console.press('tab');
    await console.until(/where Verdict\s*$/m);
    console.write(' == "DROPPED" | summarize Rows = count() by SourceNamespace');
    await console.until(/by SourceNamespace\s*$/m);
    console.press('ctrl-r');
    await console.until(/Query .*● \d+ rows?/, 60_000);
    const counted = console
      .screen()
      .flatMap((line) =>
        [...line.matchAll(/^[▸ ] (\S+) +(\d+)\s*$/g)].map(
          ([, name = '', count = '']) => [name, Number(count)] as const,
        ),
      );
    const before = Date.now() - 60_000;
    const rows = (await cluster.rows('ContainerNetworkLogs')).filter((row) => row['Verdict'] === 'DROPPED');
    const namespaces = new Set(
      rows.filter((row) => Date.parse(String(row['ingested'])) < before).map((row) => row['SourceNamespace']),
    );
    expect(new Set(counted.map(([name]) => name)), console.text()).toEqual(namespaces);
    for (const [name, count] of counted) {
      const all = rows.filter((row) => row['SourceNamespace'] === name).length;
      // The world goes on while we count.
      expect(count).toBeGreaterThan(0);
      expect(count).toBeLessThanOrEqual(all);
    }
  });

  it('without Azure it says so, and what to do', { timeout: 120_000 }, async () => {
    const console = cluster.console({ columns: 80, rows: 24, args: ['--no-azure'] });
    await console.until(/v why/, 60_000);
    console.press('5');
    await console.until(/○ Azure is off[\s\S]*--no-azure/, 60_000);
    await filterBy(console, 'denied');
    await console.until(/\/denied/);
    for (const { columns, rows } of sizes) {
      console.resize(columns, rows);
      await console.until(
        (screen) => screen.length === rows && screen.some((line) => /Denied flows over time/.test(line)),
      );
      expect(Math.max(...console.screen().map((line) => line.length))).toBeLessThanOrEqual(columns);
    }
    await go(console, ':kql denied-flows since=6h');
    await console.until(/Denied flows · last 6h[\s\S]*○ Azure is off/);
    console.resize(20, 5);
    await console.until(/needs 40×8/);
  });
});
