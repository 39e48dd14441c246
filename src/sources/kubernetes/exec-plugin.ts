import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import { UserError } from '../../errors.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import type { Session } from './kubeconfig.ts';

/** The `exec` part of a kubeconfig's user: a program that prints credentials. */
export type ExecPlugin = {
  apiVersion: string;
  command: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  provideClusterInfo: boolean;
  interactiveMode: string;
  installHint: string;
};

/** What the plugin handed out. Never logged, never shown. */
export type PluginCredential = { token: string; certificate: string; key: string; expires: number };

export type PluginRun = {
  limitMs: number;
  env: Readonly<Record<string, string | undefined>>;
  /** Called with what it writes to stderr as it goes (a device code to type, say), one line, sanitised. */
  onWords?(words: string): void;
  signal?: AbortSignal;
};

export function execPluginOf(session: Session): ExecPlugin | undefined {
  const exec = session.user.exec as Record<string, unknown> | undefined;
  if (typeof exec !== 'object' || exec === null || typeof exec.command !== 'string') return undefined;
  const env: Record<string, string> = {};
  for (const entry of Array.isArray(exec.env) ? exec.env : []) {
    if (typeof entry?.name === 'string') env[entry.name] = String(entry.value ?? '');
  }
  return {
    apiVersion: String(exec.apiVersion ?? 'client.authentication.k8s.io/v1'),
    command: exec.command,
    args: Array.isArray(exec.args) ? exec.args.map(String) : [],
    env,
    provideClusterInfo: exec.provideClusterInfo === true,
    interactiveMode: String(exec.interactiveMode ?? 'IfAvailable'),
    installHint: sanitiseLine(exec.installHint, 500),
  };
}

/**
 * Runs the plugin once. It gets no terminal (neither stdin nor a controlling one: it would write across the screen)
 * and `limitMs`; then it is killed with everything it started. Throws UserError with the plugin's own last words.
 */
export async function runExecPlugin(plugin: ExecPlugin, session: Session, run: PluginRun): Promise<PluginCredential> {
  const name = sanitiseLine(basename(plugin.command), 60);
  if (plugin.interactiveMode === 'Always') {
    throw new UserError(
      `The credential plugin ${name} wants to talk to you at the terminal, which this screen has taken.`,
      'Choose another login mode for it (kubelogin convert-kubeconfig -l azurecli).',
    );
  }
  const ended = await runToEnd(plugin, session, run);
  const said = sanitiseLine(ended.stderr.trim().slice(-600));
  const words = said === '' ? 'It said nothing.' : `It said: ${said}`;
  if (ended.how === 'not-found') {
    throw new UserError(
      `The credential plugin ${sanitiseLine(plugin.command, 200)} is not installed.`,
      plugin.installHint || 'Install it, or get other credentials (az aks get-credentials).',
    );
  }
  if (ended.how === 'too-slow') {
    throw new UserError(
      `The credential plugin ${name} did not finish in ${Math.ceil(run.limitMs / 1_000)} s and was stopped.`,
      `${words} Sign in with it once in another terminal (kubectl get nodes).`,
    );
  }
  if (ended.how !== 'ok') {
    throw new UserError(`The credential plugin ${name} failed (${ended.how}).`, `${words} Sign in again (az login).`);
  }
  return readCredential(ended.stdout, name, words);
}

type Ended = { how: string; stdout: string; stderr: string };

const mostOutput = 1_048_576;

function runToEnd(plugin: ExecPlugin, session: Session, run: PluginRun): Promise<Ended> {
  const { promise, resolve } = Promise.withResolvers<Ended>();
  // A session of its own: no controlling terminal to write to, and one group to kill.
  const child = spawn(plugin.command, [...plugin.args], {
    env: { ...run.env, ...plugin.env, KUBERNETES_EXEC_INFO: execInfo(plugin, session) },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  const stdout: Buffer[] = [];
  let bytes = 0;
  let stderr = '';
  let how = '';
  const kill = (why: string) => {
    how ||= why;
    killGroup(child.pid);
    child.kill('SIGKILL');
    // A grandchild that left the group may hold the pipes open; nobody reads them any more.
    child.stdout.destroy();
    child.stderr.destroy();
  };
  const timer = setTimeout(() => kill('too-slow'), run.limitMs);
  const abort = () => kill('cancelled');
  run.signal?.addEventListener('abort', abort, { once: true });
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > mostOutput) kill('it printed more than a megabyte');
    else stdout.push(chunk);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString('utf8')).slice(-16_384);
    run.onWords?.(sanitiseLine(stderr.trim().slice(-600)));
  });
  const finish = (end: string) => {
    clearTimeout(timer);
    run.signal?.removeEventListener('abort', abort);
    resolve({ how: how || end, stdout: Buffer.concat(stdout).toString('utf8'), stderr });
  };
  child.on('error', (error) =>
    finish('code' in error && error.code === 'ENOENT' ? 'not-found' : sanitiseLine(error.message)),
  );
  child.on('close', (code, signal) =>
    finish(code === 0 ? 'ok' : signal === null ? `exit code ${code}` : `signal ${signal}`),
  );
  return promise;
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined || process.platform === 'win32') return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Already gone.
  }
}

function execInfo(plugin: ExecPlugin, session: Session): string {
  const { cluster } = session;
  const info = {
    server: cluster.server,
    'tls-server-name': cluster['tls-server-name'],
    'insecure-skip-tls-verify': cluster['insecure-skip-tls-verify'],
    'certificate-authority-data': cluster['certificate-authority-data'],
    'proxy-url': cluster['proxy-url'],
    config: extensionOf(cluster),
  };
  return JSON.stringify({
    apiVersion: plugin.apiVersion,
    kind: 'ExecCredential',
    spec: { interactive: false, ...(plugin.provideClusterInfo ? { cluster: info } : {}) },
  });
}

function extensionOf(cluster: Session['cluster']): unknown {
  const extensions = cluster.extensions;
  if (!Array.isArray(extensions)) return undefined;
  return extensions.find((entry) => entry?.name === 'client.authentication.k8s.io/exec')?.extension;
}

function readCredential(stdout: string, name: string, words: string): PluginCredential {
  let parsed: { kind?: unknown; status?: Record<string, unknown> } | undefined;
  try {
    parsed = JSON.parse(stdout);
  } catch {
    // What it printed may hold a secret: it is not repeated.
  }
  const status = parsed?.kind === 'ExecCredential' ? parsed.status : undefined;
  const token = typeof status?.token === 'string' ? status.token.trim() : '';
  const certificate = typeof status?.clientCertificateData === 'string' ? status.clientCertificateData : '';
  const key = typeof status?.clientKeyData === 'string' ? status.clientKeyData : '';
  if (token === '' && (certificate === '' || key === '')) {
    throw new UserError(`The credential plugin ${name} printed no credentials.`, words);
  }
  const expires = Date.parse(String(status?.expirationTimestamp ?? ''));
  return { token, certificate, key, expires: Number.isNaN(expires) ? 0 : expires };
}
