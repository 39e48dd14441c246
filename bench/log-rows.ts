// A hundred thousand rows of Log Analytics, streamed over TLS and kept: processor time, memory, and the longest time that
// nothing else could be done. Beside it the same answer read whole and parsed at once, which is what Microsoft's client
// does. The service that answers is a process of its own; all of this one's threads count.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { readConfig } from '../src/config.ts';
import { connectAzure } from '../src/sources/azure/connect-azure.ts';
import { createLogAnalytics } from '../src/sources/azure/logs/log-analytics.ts';
import { type LogsClient, openLogsClient } from '../src/sources/azure/logs/logs-client.ts';
import { report } from './report.ts';
import { startSimulator } from './simulator.ts';

const rows = 100_000;
const text = [
  'HostileLong_CL',
  `| take ${rows}`,
  '| extend Source = strcat("shop/checkout-7d9f8b6c5d-", Number), Destination = strcat("pay/db-", Number % 7), Port = "5432",',
  '    Verdict = "DROPPED", DropReason = "POLICY_DENIED", Node = strcat("aks-np2-25562055-vmss00000", Number % 9),',
  '    Layer4 = bag_pack("TCP", bag_pack("destination_port", 5432)), At = datetime(2026-11-22T12:00:00.1234567Z)',
].join('\n');
const query = { text, timespan: 'P1D', searchTable: '', mostRows: rows, limitS: 300 };

const simulator = await startSimulator(
  '--scenario',
  'healthy',
  '--nodes',
  '3',
  '--pods',
  '30',
  '--fault',
  'azure-hostile-rows',
);
const env = { ...simulator.azure.env, PATH: '' };
const azure = connectAzure(readConfig({}, env, 'bench'), env);
try {
  const client = await openLogsClient(azure, { guid: 'c2a7e5f0-61b4-4d38-8e9a-07d3b52f6c14' });
  const { signal } = new AbortController();
  // Signing in, and the parser of the service, are not what is measured.
  for await (const _ of createLogAnalytics(() => client).query({ ...query, text: `${text}\n| take 1` }, signal));

  let bytes = 0;
  let first = 0;
  const streamed = await cost(async (began) => {
    let kept = 0;
    const all: unknown[] = [];
    for await (const events of createLogAnalytics(() => client).query(query, signal))
      for (const event of events) {
        if (event.type === 'rows') {
          if (kept === 0) first = performance.now() - began;
          kept += event.rows.length;
          for (const row of event.rows) all.push(row);
        } else if (event.type === 'end') bytes = event.bytes;
      }
    if (kept !== rows) throw new Error(`${kept} rows came`);
    return all;
  });
  const whole = await cost(() => readWhole(client, signal));

  const ms = (cpu: number) => `${cpu.toFixed(0)} ms`;
  report(`${rows.toLocaleString('en')} rows, ${(bytes / 1e6).toFixed(0)} MB of JSON`, [
    { what: 'processor time', figure: ms(streamed.cpuMs), limit: `${ms(whole.cpuMs)} read whole` },
    { what: 'longest stall', figure: ms(streamed.stallMs), limit: `${ms(whole.stallMs)} read whole`, aim: '50 ms' },
    {
      what: 'memory that rows take',
      figure: `${streamed.heapMb.toFixed(0)} MB`,
      limit: `${whole.heapMb.toFixed(0)} MB read whole`,
    },
    { what: 'first rows after', figure: ms(first), limit: `${ms(streamed.wallMs)} for all` },
  ]);
} finally {
  await azure.close();
  await simulator.stop();
}

async function readWhole(client: LogsClient, signal: AbortSignal): Promise<unknown> {
  const chunks: Buffer[] = [];
  const { timespan, limitS } = query;
  const { body } = await client.ask({ text, timespan, limitS, isSearch: false }, signal);
  for await (const chunk of body) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

/** What is returned is held until the memory was looked at. */
async function cost(work: (began: number) => Promise<unknown>) {
  globalThis.gc?.();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const heap = process.memoryUsage().heapUsed;
  const cpu = process.cpuUsage();
  const began = performance.now();
  delay.enable();
  const held = await work(began);
  delay.disable();
  const { user, system } = process.cpuUsage(cpu);
  const wallMs = performance.now() - began;
  globalThis.gc?.();
  const heapMb = (process.memoryUsage().heapUsed - heap) / 1_048_576;
  if (held === undefined) throw new Error('nothing was read');
  return { cpuMs: (user + system) / 1_000, wallMs, stallMs: delay.max / 1e6, heapMb };
}
