import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/errors.ts';
import { readKubeconfig, selectContext } from '../../../src/sources/kubernetes/kubeconfig.ts';

const two = `
apiVersion: v1
kind: Config
current-context: blue
clusters:
  - {name: blue, cluster: {server: 'https://blue.example:443/', certificate-authority: pki/ca.crt}}
  - {name: odd, cluster: {server: 'blue.example'}}
users:
  - {name: jane, user: {tokenFile: tokens/jane, client-key: /abs/key, exec: {command: ./bin/login, args: [a]}}}
  - {name: joe, user: {exec: {command: kubelogin}}}
contexts:
  - {name: blue, context: {cluster: blue, user: jane, namespace: shop}}
  - {name: joes, context: {cluster: blue, user: joe}}
  - {name: nobody, context: {cluster: blue, user: ghost}}
  - {name: nowhere, context: {cluster: gone, user: jane}}
  - {name: odd, context: {cluster: odd}}
`;

function folderWith(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'ciliscope-kubeconfig-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

describe('reading', () => {
  test('paths are relative to the file, commands only when they have a slash', () => {
    const folder = folderWith({ config: two });
    const kubeconfig = readKubeconfig({ kubeconfig: [join(folder, 'config')] }, {});
    const jane = selectContext(kubeconfig, '');
    expect(jane).toMatchObject({ context: 'blue', namespace: 'shop', userName: 'jane', clusterName: 'blue' });
    expect(jane.cluster.server).toBe('https://blue.example:443');
    expect(jane.cluster['certificate-authority']).toBe(join(folder, 'pki/ca.crt'));
    expect(jane.user.tokenFile).toBe(join(folder, 'tokens/jane'));
    expect(jane.user['client-key']).toBe('/abs/key');
    expect(jane.user.exec).toMatchObject({ command: join(folder, 'bin/login') });
    expect(selectContext(kubeconfig, 'joes').user.exec).toMatchObject({ command: 'kubelogin' });
  });

  test('of several files the first that names something wins, and files that are not there are passed over', () => {
    const folder = folderWith({
      a: 'current-context: one\ncontexts: [{name: one, context: {cluster: c, user: u}}]\nclusters: [{name: c, cluster: {server: "https://first"}}]',
      b: 'current-context: two\ncontexts: [{name: one, context: {cluster: x}}, {name: two, context: {cluster: c}}]\nclusters: [{name: c, cluster: {server: "https://second"}}]\nusers: [{name: u, user: {token: t}}]',
    });
    const env = { KUBECONFIG: [join(folder, 'absent'), join(folder, 'a'), join(folder, 'b')].join(delimiter) };
    const kubeconfig = readKubeconfig({ kubeconfig: [] }, env);
    expect([...kubeconfig.contexts.keys()].sort()).toEqual(['one', 'two']);
    expect(selectContext(kubeconfig, '')).toMatchObject({
      context: 'one',
      cluster: { server: 'https://first' },
      user: { token: 't' },
    });
  });

  test.each([
    ['https://jane:sesame@api.example:443/', 'https://api.example:443'],
    ['https://sesame@api.example', 'https://api.example'],
    ['https://jane:ses/ame@api.example', 'api.example'],
    ['jane:sesame@api.example:443', 'api.example:443'],
    [`https://api.example/cluster${'/'.repeat(100_000)}`, 'https://api.example/cluster'],
  ])('a server %.40s is shown without name, password and slashes', (server, shown) => {
    const folder = folderWith({
      config: `clusters: [{name: c, cluster: {server: '${server}'}}]\ncontexts: [{name: c, context: {cluster: c}}]`,
    });
    const kubeconfig = readKubeconfig({ kubeconfig: [join(folder, 'config')] }, {});
    expect(kubeconfig.clusters.get('c')?.server).toBe(shown);
  });

  test('a file that others may read is named', () => {
    const folder = folderWith({ config: two });
    const file = join(folder, 'config');
    const exposed = () => selectContext(readKubeconfig({ kubeconfig: [file] }, {}), '').exposed;
    chmodSync(file, 0o600);
    expect(exposed()).toBe('');
    chmodSync(file, 0o640);
    expect(exposed()).toBe(file);
  });

  test('without flag and variable the file of the home folder is read', () => {
    const folder = folderWith({ '.kube/config': two });
    expect(readKubeconfig({ kubeconfig: [] }, { HOME: folder }).currentContext).toBe('blue');
  });
});

describe('what is wrong is said, and what to try', () => {
  const cases: { name: string; text?: string; context?: string; says: RegExp }[] = [
    { name: 'no file', says: /does not exist.*az aks get-credentials/s },
    { name: 'no YAML', text: 'a: b: c', says: /is no YAML: [^.]+ at line 1, column 4\. Repair it/ },
    { name: 'empty', text: '', says: /is empty/ },
    { name: 'a list', text: '- a', says: /is no kubeconfig/ },
    {
      name: 'no current context',
      text: 'contexts: [{name: a, context: {cluster: c}}]',
      says: /names no current context.*--context: a/s,
    },
    { name: 'unknown context', text: two, context: 'red', says: /no context "red".*There are: blue, joes, nobody/s },
    { name: 'a context for a user that is not there', text: two, context: 'nobody', says: /user "ghost"/ },
    { name: 'a context for a cluster that is not there', text: two, context: 'nowhere', says: /cluster "gone"/ },
    { name: 'a server that is no address', text: two, context: 'odd', says: /is no address: blue\.example/ },
    {
      name: 'a login by auth-provider',
      text: `clusters: [{name: c, cluster: {server: 'https://c'}}]\ncontexts: [{name: c, context: {cluster: c, user: u}}]\nusers: [{name: u, user: {auth-provider: {name: azure}}}]`,
      context: 'c',
      says: /auth-provider \(azure\).*exec plugin.*kubelogin convert-kubeconfig/s,
    },
    { name: 'no context at all', text: 'current-context: x', says: /It has none at all/ },
    { name: 'hostile names', text: 'current-context: "a\\e[31mb"', says: /no context "ab"/ },
  ];
  test.each(cases)('$name', ({ text, context, says }) => {
    const folder = folderWith(text === undefined ? {} : { config: text });
    const attempt = () => selectContext(readKubeconfig({ kubeconfig: [join(folder, 'config')] }, {}), context ?? '');
    expect(attempt).toThrow(UserError);
    expect(attempt).toThrow(says);
  });

  test('nothing anywhere', () => {
    const folder = folderWith({});
    expect(() => readKubeconfig({ kubeconfig: [] }, { HOME: folder })).toThrow(/There is no kubeconfig.*--kubeconfig/s);
  });
});
