import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { UserError } from '../errors.ts';
import { findScenario } from './find-scenario.ts';

export type DemoCluster = {
  /** A kubeconfig whose current context reaches the cluster; in a private folder that goes with the cluster. */
  kubeconfig: string;
  /** Where the cluster's faults and causes are changed. */
  control: string;
  /** What the environment says of the Azure that the cluster is in: its addresses and credentials. */
  env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
};

const startLimitMs = 60_000;

/**
 * Runs this program's own `simulate` as a child, which ends with us however we end: its stdin is a pipe that we hold.
 * `program` is what node runs, this program's own file. Throws UserError for an unknown scenario or a cluster that does
 * not come up.
 */
export async function startDemo(
  scenario: string,
  progress: (text: string) => void = () => {},
  program: readonly string[] = [...process.execArgv, process.argv[1] ?? ''],
): Promise<DemoCluster> {
  await findScenario(scenario);
  progress(`starting the embedded cluster "${scenario}"`);
  // In a group of its own: a ctrl-c at the terminal is the console's to act on.
  const child = spawn(process.execPath, [...program, 'simulate', '--scenario', scenario, '--until-stdin-closes'], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  try {
    const { kubeconfig, control, azure } = await firstLine(child);
    progress('');
    return { kubeconfig, control, env: azure?.env ?? {}, stop: () => end(child) };
  } catch (problem) {
    await end(child);
    throw problem;
  }
}

type FirstLine = { kubeconfig: string; control: string; azure?: { env: Record<string, string> } };

function firstLine(child: ChildProcess): Promise<FirstLine> {
  return new Promise((resolve, reject) => {
    let errors = '';
    const fail = (why: string) => {
      clearTimeout(timer);
      reject(
        new UserError(`The embedded cluster did not start: ${why}`, 'Try `ciliscope simulate` on its own to see more.'),
      );
    };
    const timer = setTimeout(() => fail(`it took longer than ${startLimitMs / 1000} s.`), startLimitMs);
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      errors = (errors + text).slice(-4000);
    });
    child.once('error', (problem) => fail(problem.message));
    child.once('close', (code) => fail(errors.trim() || `it ended with code ${code}.`));
    // A child that is gone closes its pipe; that it is gone is told above.
    child.stdin?.on('error', () => {});
    if (child.stdout === null) return;
    createInterface({ input: child.stdout }).once('line', (line) => {
      clearTimeout(timer);
      try {
        resolve(JSON.parse(line) as FirstLine);
      } catch {
        fail(line);
      }
    });
  });
}

/** Asks by closing the pipe; insists after two seconds. */
function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), 2000);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    child.stdin?.end();
  });
}
