// Real kubectls, as many minor versions as lie around.
import { execFile, spawn } from 'node:child_process';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';

export type Ran = { out: string; err: string; code: number };

/** kubectl.1.30 in a folder of PATH, or beside what a program there really is. */
export function findKubectl(version: string): string | undefined {
  const folders = new Set((process.env['PATH'] ?? '').split(delimiter).filter((one) => one !== '' && existsSync(one)));
  for (const folder of [...folders]) {
    for (const program of readdirSync(folder).filter((one) => /^(kubectl|gcloud)/.test(one))) {
      folders.add(dirname(realpathSync(join(folder, program))));
    }
  }
  return [...folders].map((folder) => join(folder, `kubectl.${version}`)).find((one) => existsSync(one));
}

/** Runs it; `setting` is asked at each call. */
export function kubectlOf(
  program: string | undefined,
  setting: () => { home: string; kubeconfig: string; editor: string },
) {
  const environment = () => {
    const { home, kubeconfig, editor } = setting();
    return { PATH: process.env['PATH'], HOME: home, KUBECONFIG: kubeconfig, KUBE_EDITOR: editor };
  };
  return {
    async kubectl(...words: string[]): Promise<Ran> {
      try {
        const { stdout, stderr } = await promisify(execFile)(program ?? '', words, {
          env: environment(),
          timeout: 60_000,
          maxBuffer: 64 * 1024 * 1024,
        });
        return { out: stdout, err: stderr, code: 0 };
      } catch (error) {
        const { stdout, stderr, code } = error as { stdout: string; stderr: string; code: number };
        return { out: stdout, err: stderr, code };
      }
    },
    streaming(...words: string[]) {
      const child = spawn(program ?? '', words, { env: environment() });
      let text = '';
      let look: () => void = () => {};
      child.stdout.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        look();
      });
      return {
        /** Resolves when what came so far matches. */
        until: (pattern: RegExp) =>
          new Promise<void>((resolve) => {
            look = () => {
              if (pattern.test(text)) resolve();
            };
            look();
          }),
        stop: () => child.kill(),
      };
    },
  };
}
