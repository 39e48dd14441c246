// The first sync of 100,000 endpoints: what it costs us, beside JSON.parse of the same bytes and beside kubectl.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { Agent, request } from 'undici';
import { connect } from '../src/commands/connect.ts';
import { readConfig } from '../src/config.ts';
import { processCost } from './process-cost.ts';
import { report } from './report.ts';
import { type Simulator, startSimulator } from './simulator.ts';

const ENDPOINTS = 100_000;

if (process.argv[2] === 'client') await client(process.argv[3] ?? '');
else await main();

async function main(): Promise<void> {
  const simulator = await startSimulator(
    '--scenario',
    'healthy',
    '--nodes',
    '1000',
    '--pods',
    String(ENDPOINTS),
    '--churn',
    '0',
  );
  try {
    const parse = await parseCost(simulator);
    const ours = await measured(
      spawn(process.execPath, [import.meta.filename, 'client', simulator.kubeconfig], {
        stdio: ['pipe', 'pipe', 'inherit'],
      }),
      /synced (\S+)/,
    );
    const [, rows = ''] = ours.match;
    const peer = await kubectl(simulator);
    const megabytes = (parse.bytes / 1e6).toFixed(0);
    report(`First sync of everything a cluster of ${ENDPOINTS.toLocaleString('en')} endpoints has (${rows} rows)`, [
      {
        what: 'CPU seconds',
        figure: ours.cpuSeconds.toFixed(1),
        limit: `${parse.seconds.toFixed(1)} = JSON.parse of the same ${megabytes} MB`,
        aim: '≤ 2 × JSON.parse',
      },
      { what: 'ratio to JSON.parse', figure: `${(ours.cpuSeconds / parse.seconds).toFixed(2)} ×`, aim: '≤ 2 ×' },
      { what: 'peak memory, MB', figure: ours.peakMegabytes.toFixed(0), aim: '≤ 350' },
      ...(peer === undefined
        ? []
        : [
            {
              what: 'kubectl get ciliumendpoints -A -w: CPU s, MB',
              figure: `${peer.cpuSeconds.toFixed(1)}, ${peer.peakMegabytes.toFixed(0)}`,
              limit: 'one kind of ours',
            },
          ]),
    ]);
  } finally {
    await simulator.stop();
  }
}

/** In a process of its own: connects like the console does, and says when everything is live. */
async function client(kubeconfig: string): Promise<void> {
  const connection = connect(readConfig({ kubeconfig }, process.env, 'bench'));
  await connection.ready;
  await new Promise<void>((resolve) => {
    const look = () => {
      const { tables, links } = connection.store.get();
      const settled = [...links.values()].every(
        (link) => link.phase === 'live' || link.phase === 'missing' || link.phase === 'forbidden',
      );
      if (settled && tables.ciliumEndpoints.rows.size >= ENDPOINTS && tables.pods.rows.size >= ENDPOINTS) resolve();
    };
    connection.store.subscribe(look);
    look();
  });
  const rows = Object.values(connection.store.get().tables).reduce((sum, table) => sum + table.rows.size, 0);
  process.stdout.write(`synced ${rows.toLocaleString('en')}\n`);
  // Alive until its cost has been read.
  process.stdin.once('data', async () => {
    await connection.close();
    process.exit(0);
  });
}

/** Every list the client makes, page by page, its bytes kept and then parsed in one go. */
async function parseCost(simulator: Simulator): Promise<{ seconds: number; bytes: number }> {
  const dispatcher = new Agent({ connect: { ca: simulator.ca } });
  const pages: string[] = [];
  for (const path of [
    '/api/v1/pods',
    '/apis/cilium.io/v2/ciliumendpoints',
    '/apis/cilium.io/v2alpha1/ciliumendpointslices',
    '/apis/cilium.io/v2/ciliumidentities',
    '/apis/discovery.k8s.io/v1/endpointslices',
    '/api/v1/nodes',
    '/apis/apps/v1/replicasets',
    '/apis/apps/v1/deployments',
    '/api/v1/events',
    '/apis/cilium.io/v2/ciliumnodes',
  ]) {
    let next = '';
    do {
      const { body } = await request(
        `${simulator.url}${path}?limit=500${next && `&continue=${encodeURIComponent(next)}`}`,
        { dispatcher, headers: { authorization: `Bearer ${simulator.token}` } },
      );
      const text = await body.text();
      pages.push(text);
      next = (/"continue":"([^"]+)"/.exec(text.slice(0, 2_000)) ?? [])[1] ?? '';
    } while (next !== '');
  }
  await dispatcher.close();
  const before = process.cpuUsage();
  for (const page of pages) JSON.parse(page);
  const { user, system } = process.cpuUsage(before);
  return { seconds: (user + system) / 1e6, bytes: pages.reduce((sum, page) => sum + page.length, 0) };
}

async function kubectl(simulator: Simulator): Promise<{ cpuSeconds: number; peakMegabytes: number } | undefined> {
  if (spawnSync('kubectl', ['version', '--client']).status !== 0) return undefined;
  const child = spawn('kubectl', ['--kubeconfig', simulator.kubeconfig, 'get', 'ciliumendpoints', '-A', '-w'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let lines = 0;
  const done = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      for (const byte of chunk) if (byte === 10) lines += 1;
      if (lines > ENDPOINTS) resolve();
    });
  });
  await done;
  const cost = processCost(child.pid as number);
  child.kill();
  return cost;
}

async function measured(
  child: ChildProcess,
  said: RegExp,
): Promise<{ cpuSeconds: number; peakMegabytes: number; match: RegExpExecArray }> {
  let text = '';
  const match = await new Promise<RegExpExecArray>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the client ended with ${code}`)));
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const found = said.exec(text);
      if (found) resolve(found);
    });
  });
  const cost = processCost(child.pid as number);
  child.stdin?.write('done\n');
  return { ...cost, match };
}
