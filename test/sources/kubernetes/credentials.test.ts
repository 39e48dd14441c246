import { chmodSync, existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createCredentials } from '../../../src/sources/kubernetes/credentials.ts';
import type { Session } from '../../../src/sources/kubernetes/kubeconfig.ts';
import { nothingFor } from '../../nothing-for.ts';

const folder = mkdtempSync(join(tmpdir(), 'ciliscope-credentials-'));
const mark = join(folder, 'ran');

function credentialsOf(user: Record<string, unknown>, onRun: (command: string) => void = () => {}) {
  const session: Session = {
    context: 'c',
    clusterName: 'c',
    userName: 'u',
    namespace: '',
    cluster: { server: 'https://api.example' },
    user,
    exposed: '',
  };
  const env = { PATH: process.env.PATH ?? '' };
  return createCredentials({ load: () => session, env, pluginMs: 10_000, onWords() {}, onRun });
}

const sleepy = { 'cmd-path': 'sh', 'cmd-args': `-c true; touch ${mark}`, 'token-key': '{.t}', 'expiry-key': '{.e}' };
const providers: [string, unknown][] = [
  ['gcp, with a command', { name: 'gcp', config: sleepy }],
  ['azure', { name: 'azure', config: { 'cmd-path': 'touch', 'cmd-args': mark } }],
  ['any, with exec in its config', { name: 'x', config: { exec: { command: 'touch', args: [mark] } } }],
  ['exec', { name: 'exec', config: { exec: { command: 'sh', args: ['-c', `touch ${mark}`] } } }],
  ['a token file of its own', { name: 'tokenFile', config: { tokenFile: '/etc/hostname' } }],
  ['oidc', { name: 'oidc', config: { 'id-token': 'x' } }],
  ['a word', 'gcp'],
];
test.each(providers)('auth-provider %s: refused, nothing is run', async (_name, provider) => {
  const credentials = credentialsOf({ 'auth-provider': provider, token: 'harmless' });
  await expect(credentials.identity()).rejects.toThrow(
    /signs in by an auth-provider.*not supported\. Use an exec plugin instead: `kubelogin convert-kubeconfig`/,
  );
  expect(existsSync(mark)).toBe(false);
});

test('a token file named by us is read', async () => {
  const tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, 'sesame\n');
  expect((await credentialsOf({ tokenFile }).identity()).headers.Authorization).toBe('Bearer sesame');
});

test("a plugin's arguments are counted, not told", async () => {
  const command = join(folder, 'login');
  writeFileSync(command, `#!/bin/sh\necho '{"kind":"ExecCredential","status":{"token":"t"}}'\n`);
  chmodSync(command, 0o755);
  const told: string[] = [];
  const tell = (words: string) => told.push(words);
  await credentialsOf({ exec: { command, args: ['--client-secret', 'sesame'] } }, tell).identity();
  await credentialsOf({ exec: { command, args: ['x'] } }, tell).identity();
  await credentialsOf({ exec: { command } }, tell).identity();
  expect(told).toEqual(['login (2 arguments)', 'login (1 argument)', 'login']);
});

test('a plugin that hands out the same credential until its end is not run for every request', async () => {
  const command = join(folder, 'stingy');
  const expires = new Date(Date.now() + 60_000).toISOString();
  const credential = { kind: 'ExecCredential', status: { token: 't', expirationTimestamp: expires } };
  writeFileSync(command, `#!/bin/sh\necho '${JSON.stringify(credential)}'\n`);
  chmodSync(command, 0o755);
  let runs = 0;
  const credentials = credentialsOf({ exec: { command } }, () => {
    runs += 1;
  });
  for (let request = 0; request < 10; request++) {
    expect((await credentials.identity()).headers.Authorization).toBe('Bearer t');
    await nothingFor(50);
  }
  expect(runs).toBe(1);
});
