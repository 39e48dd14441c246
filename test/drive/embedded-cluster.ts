import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Agent, request } from 'undici';
import { parse } from 'yaml';
import { type Driven, type DriveOptions, drive } from './terminal.ts';

/** The program's own embedded cluster, in a process of its own, with its control at hand. */
export type EmbeddedCluster = {
  kubeconfig: string;
  url: string;
  /** Of its process. */
  pid: number;
  /** Something goes wrong from now on, until `mend`. */
  fault(order: { id: string; verb?: string; resource?: string; count?: number; seconds?: number }): Promise<void>;
  mend(): Promise<void>;
  /** What is wrong in the world, from now on: fields that are given take the place of those in force. */
  cause(causes: Readonly<Record<string, unknown>>): Promise<void>;
  /** What the server was asked, oldest first. */
  requests(): Promise<Requested[]>;
  /** As the administrator: method, path and JSON body. */
  call(method: string, path: string, body?: unknown, contentType?: string): Promise<{ status: number; body: unknown }>;
  /** What a console needs to know to sign in to its Azure by itself. */
  azure: Readonly<Record<string, string>>;
  /** All rows of a table of its workspace by now, with `ingested`. */
  rows(table: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** The console on this cluster, in a terminal. Its state folder is private and goes with the cluster. */
  console(options?: DriveOptions & { args?: readonly string[] }): Driven;
  stop(): Promise<void>;
};

/** `at` as RFC 3339; `path` with its query. */
export type Requested = {
  verb: string;
  method: string;
  path: string;
  status: number;
  at: string;
  userAgent: string;
};

const program = 'bin/ciliscope.js';

export async function startCluster(...options: readonly string[]): Promise<EmbeddedCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'ciliscope-drive-'));
  const kubeconfig = join(folder, 'kubeconfig');
  const args = [program, 'simulate', '--until-stdin-closes', '--write-kubeconfig', kubeconfig, ...options];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const line = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the cluster ended with code ${code} before it listened`)));
    createInterface({ input: child.stdout }).once('line', resolve);
  });
  const { url, control, pid, azure } = JSON.parse(line) as FirstLine;
  const config = parse(readFileSync(kubeconfig, 'utf8')) as Kubeconfig;
  const token = config.users.find(({ name }) => name.includes('admin'))?.user.token ?? '';
  const ca = Buffer.from(config.clusters[0]?.cluster['certificate-authority-data'] ?? '', 'base64').toString();
  const dispatcher = new Agent({ connect: { ca } });
  const authorization = `Bearer ${token}`;
  const driven: Driven[] = [];

  async function ask(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<string> {
    const answer = await request(`${control}${path}`, {
      method,
      headers: { authorization },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${text}`);
    return text;
  }

  return {
    kubeconfig,
    url,
    pid,
    async fault(order) {
      await ask('POST', '/faults', order);
    },
    async mend() {
      await ask('DELETE', '/faults');
    },
    async cause(causes) {
      await ask('POST', '/causes', causes);
    },
    async requests() {
      const text = await ask('GET', '/requests');
      return text
        .split('\n')
        .filter(Boolean)
        .map((entry) => JSON.parse(entry));
    },
    async call(method, path, body, contentType = 'application/json') {
      const answer = await request(`${url}${path}`, {
        method: method as 'GET',
        dispatcher,
        headers: { authorization, 'content-type': contentType },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: answer.statusCode, body: await answer.body.json().catch(() => undefined) };
    },
    azure: azure.env,
    async rows(table) {
      const text = await ask('GET', `/rows?table=${table}`);
      return text
        .split('\n')
        .filter(Boolean)
        .map((row) => JSON.parse(row));
    },
    console({ args: more = [], ...rest } = {}) {
      // Stories about Azure bring one along; in the others nobody is to look for the machine's own.
      const azure = rest.env?.['AZURE_TENANT_ID'] === undefined ? { CILISCOPE_AZURE: 'off' } : {};
      const env = { XDG_STATE_HOME: join(folder, 'state'), ...azure, ...rest.env };
      const one = drive(process.execPath, [program, '--kubeconfig', kubeconfig, ...more], { ...rest, env });
      driven.push(one);
      return one;
    },
    async stop() {
      for (const one of driven) one.kill();
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.stdin.end();
      await ended;
      await dispatcher.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type FirstLine = { url: string; control: string; pid: number; azure: { env: Record<string, string> } };

type Kubeconfig = {
  clusters: { cluster: { 'certificate-authority-data': string } }[];
  users: { name: string; user: { token: string } }[];
};
