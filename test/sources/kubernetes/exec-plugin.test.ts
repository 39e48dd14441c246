import { chmodSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { execPluginOf, runExecPlugin } from '../../../src/sources/kubernetes/exec-plugin.ts';
import type { Session } from '../../../src/sources/kubernetes/kubeconfig.ts';
import { nothingFor } from '../../nothing-for.ts';

const folder = mkdtempSync(join(tmpdir(), 'ciliscope-plugin-'));
const env = { PATH: process.env.PATH ?? '' };

function plugin(script: string, more: Record<string, unknown> = {}): Session {
  const command = join(folder, `plugin-${Math.random().toString(36).slice(2)}`);
  writeFileSync(command, `#!/bin/sh\n${script}\n`);
  chmodSync(command, 0o755);
  return sessionWith({ apiVersion: 'client.authentication.k8s.io/v1', command, ...more });
}

function sessionWith(exec: Record<string, unknown>): Session {
  return {
    context: 'c',
    clusterName: 'c',
    userName: 'u',
    namespace: '',
    cluster: { server: 'https://api.example', 'certificate-authority-data': 'Q0E=' },
    user: { exec },
    exposed: '',
  };
}

async function run(session: Session, limitMs = 10_000, onWords?: (words: string) => void) {
  const found = execPluginOf(session);
  if (found === undefined) throw new Error('no plugin');
  return runExecPlugin(found, session, { limitMs, env, ...(onWords && { onWords }) });
}

const credential = (status: object) => `echo '${JSON.stringify({ kind: 'ExecCredential', status })}'`;

test('a token with its end', async () => {
  const got = await run(plugin(credential({ token: 't0k', expirationTimestamp: '2030-01-01T00:00:00Z' })));
  expect(got).toEqual({ token: 't0k', certificate: '', key: '', expires: Date.UTC(2030, 0, 1) });
});

test('it is told about the cluster, but not about a terminal', async () => {
  const out = join(folder, 'info.json');
  const session = plugin(
    `printf '%s' "$KUBERNETES_EXEC_INFO" > ${out}; [ -t 0 ] && exit 9; ${credential({ token: 'x' })}`,
    {
      provideClusterInfo: true,
      env: [{ name: 'EXTRA', value: '1' }],
    },
  );
  await run(session);
  expect(JSON.parse(readFileSync(out, 'utf8'))).toMatchObject({
    apiVersion: 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    spec: { interactive: false, cluster: { server: 'https://api.example', 'certificate-authority-data': 'Q0E=' } },
  });
});

const failures: [name: string, script: string, says: RegExp][] = [
  ['fails', 'echo "AADSTS70043: sign in" >&2; exit 1', /failed \(exit code 1\).*AADSTS70043: sign in/s],
  [
    'says something that would move the cursor',
    'printf "\\033[2Jgone\\033]0;x\\007" >&2; exit 3',
    /\^\[\[2Jgone\^\[\]0;x\^G/,
  ],
  ['prints junk', 'echo hello', /printed no credentials/],
  ['prints something else', `echo '{"kind":"ExecCredential","status":{}}'`, /printed no credentials/],
  ['prints without end', 'yes', /more than a megabyte/],
];
test.each(failures)('a plugin that %s', async (_name, script, says) => {
  await expect(run(plugin(script))).rejects.toThrow(says);
});

test('what it printed is never repeated: it may be the secret', async () => {
  const error = await run(plugin('echo sesame')).catch((reason: Error) => reason);
  expect(String(error)).not.toContain('sesame');
});

test('one that hangs is stopped with everything it started', async () => {
  const mark = join(folder, 'still-alive');
  const session = plugin(`(sleep 1.5; touch ${mark}) & echo "enter code ABCD" >&2; sleep 60`);
  const words: string[] = [];
  await expect(run(session, 500, (said) => words.push(said))).rejects.toThrow(
    /^The credential plugin plugin-\w+ did not finish in 1 s and was stopped\. It said: enter code ABCD Sign in/,
  );
  expect(words.at(-1)).toBe('enter code ABCD');
  await nothingFor(1_600);
  expect(existsSync(mark)).toBe(false);
});

test('one that is not installed: its own hint is shown', async () => {
  const session = sessionWith({ command: 'no-such-plugin-here', installHint: 'Install kubelogin.' });
  await expect(run(session)).rejects.toThrow(/not installed.*Install kubelogin\./s);
});

test('one that must talk is not started', async () => {
  await expect(run(plugin('exit 0', { interactiveMode: 'Always' }))).rejects.toThrow(/wants to talk to you/);
});
