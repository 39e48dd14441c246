import { expect, test } from 'vitest';
import { proxyFor } from '../../../src/sources/kubernetes/proxy.ts';

const cases: [name: string, server: string, env: Record<string, string>, wanted: string][] = [
  ['none', 'https://api.example', {}, ''],
  ['https', 'https://api.example', { HTTPS_PROXY: 'http://p:1' }, 'http://p:1'],
  ['lower case', 'https://api.example', { https_proxy: 'http://p:1' }, 'http://p:1'],
  ['without a scheme', 'https://api.example', { HTTPS_PROXY: 'p:1' }, 'http://p:1'],
  ['http has its own', 'http://api.example', { HTTPS_PROXY: 'http://p:1' }, ''],
  ['loopback name', 'https://localhost:6443', { HTTPS_PROXY: 'http://p:1' }, ''],
  ['loopback address', 'https://127.0.0.1:6443', { HTTPS_PROXY: 'http://p:1' }, ''],
  ['loopback IPv6', 'https://[::1]:6443', { HTTPS_PROXY: 'http://p:1' }, ''],
  ['everything excepted', 'https://api.example', { HTTPS_PROXY: 'http://p:1', NO_PROXY: '*' }, ''],
  ['the name excepted', 'https://api.example', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'a, api.example' }, ''],
  ['its domain excepted', 'https://api.example', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'example' }, ''],
  ['its domain with a dot', 'https://api.example', { HTTPS_PROXY: 'http://p:1', no_proxy: '.example' }, ''],
  ['a dot means below only', 'https://example', { HTTPS_PROXY: 'http://p:1', NO_PROXY: '.example' }, 'http://p:1'],
  [
    'another name that ends so',
    'https://api.notexample',
    { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'example' },
    'http://p:1',
  ],
  [
    'another port',
    'https://api.example:6443',
    { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'api.example:443' },
    'http://p:1',
  ],
  ['the port', 'https://api.example', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'api.example:443' }, ''],
  ['a network', 'https://10.1.2.3', { HTTPS_PROXY: 'http://p:1', NO_PROXY: '10.0.0.0/8' }, ''],
  ['another network', 'https://11.1.2.3', { HTTPS_PROXY: 'http://p:1', NO_PROXY: '10.0.0.0/8' }, 'http://p:1'],
  ['an address', 'https://10.1.2.3', { HTTPS_PROXY: 'http://p:1', NO_PROXY: '10.1.2.3' }, ''],
  ['an IPv6 network', 'https://[fd00::1]', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'fd00::/8' }, ''],
];

test.each(cases)('%s', (_name, server, env, wanted) => {
  expect(proxyFor({ server }, env)).toBe(wanted);
});

test("the cluster's own wins, whatever the environment says", () => {
  const cluster = { server: 'https://api.example', 'proxy-url': 'socks5://own:1080' };
  expect(proxyFor(cluster, { HTTPS_PROXY: 'http://p:1', NO_PROXY: '*' })).toBe('socks5://own:1080');
});
