import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parse } from 'yaml';

/** An embedded cluster in a process of its own, as `ciliscope simulate` runs it. */
export type Simulator = {
  url: string;
  control: string;
  kubeconfig: string;
  pid: number;
  /** What a console needs to find its Azure. */
  azure: { env: Record<string, string> };
  /** The admin's bearer token and the CA, for clients that are not ours. */
  token: string;
  ca: string;
  stop(): Promise<void>;
};

/** `arguments` are those of `ciliscope simulate`. Resolves when it listens and is settled. */
export async function startSimulator(...options: readonly string[]): Promise<Simulator> {
  const folder = mkdtempSync(join(tmpdir(), 'ciliscope-bench-'));
  const kubeconfig = join(folder, 'kubeconfig');
  const command = [
    'bin/ciliscope.js',
    'simulate',
    '--until-stdin-closes',
    '--write-kubeconfig',
    kubeconfig,
    ...options,
  ];
  const child = spawn(process.execPath, command, { stdio: ['pipe', 'pipe', 'inherit'] });
  const line = await firstLine(child);
  const config = parse(readFileSync(kubeconfig, 'utf8')) as Kubeconfig;
  return {
    ...(JSON.parse(line) as Pick<Simulator, 'url' | 'control' | 'pid' | 'azure'>),
    kubeconfig,
    token: config.users.find(({ name }) => name.includes('admin'))?.user.token ?? '',
    ca: Buffer.from(config.clusters[0]?.cluster['certificate-authority-data'] ?? '', 'base64').toString(),
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.stdin?.end();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Kubeconfig = {
  clusters: { cluster: { server: string; 'certificate-authority-data': string } }[];
  users: { name: string; user: { token: string } }[];
};

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the simulator ended with ${code} before it listened`)));
    if (child.stdout) createInterface({ input: child.stdout }).once('line', resolve);
  });
}
