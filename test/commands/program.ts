import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const bin = join(import.meta.dirname, '..', '..', 'bin', 'ciliscope.js');

export type Ended = { code: number | null; stdout: string; stderr: string };

/** Runs the built program to its end, as a script would. */
export function run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const texts = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => (texts.stdout += chunk));
    child.stderr.on('data', (chunk) => (texts.stderr += chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...texts }));
  });
}

export type Simulated = { kubeconfig: string; stop(): Promise<void> };

/** Starts the embedded cluster and resolves once it listens and has settled. */
export async function simulate(args: readonly string[]): Promise<Simulated> {
  const folder = mkdtempSync(join(tmpdir(), 'ciliscope-test-'));
  const kubeconfig = join(folder, 'kubeconfig');
  const child = spawn(process.execPath, [bin, 'simulate', ...args, '--write-kubeconfig', kubeconfig], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = async () => {
    await ended(child);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await listening(child);
  } catch (error) {
    await stop();
    throw error;
  }
  return { kubeconfig, stop };
}

function listening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let words = '';
    child.stdout?.once('data', () => resolve());
    child.stderr?.on('data', (chunk) => (words += chunk));
    child.once('exit', (code) => reject(new Error(`simulate ended with ${code}: ${words}`)));
    child.once('error', reject);
  });
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('close', () => resolve());
    child.kill('SIGTERM');
  });
}
