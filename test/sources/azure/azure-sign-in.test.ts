import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { readConfig } from '../../../src/config.ts';
import type { AzureLogin } from '../../../src/model/azure/login.ts';
import { connectAzure } from '../../../src/sources/azure/connect-azure.ts';
import { jwt, type Reply, type Seen, type SmallAzure, startProxy, startSmallAzure, tokenFor } from './small-azure.ts';

const tenant = '11111111-2222-3333-4444-555555555555';
const ending: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
  for (const end of ending.splice(0).reverse()) await end();
});

async function azure(...certificate: Parameters<typeof startSmallAzure>): Promise<SmallAzure> {
  const started = await startSmallAzure(...certificate);
  ending.push(started.close);
  started.answer(({ path }) => (path === '/subscriptions' ? { body: { value: [] } } : undefined));
  return started;
}

function connection(url: string, ca: string, more: Record<string, string> = {}, flags = {}) {
  const env = {
    ...{ AZURE_AUTHORITY_HOST: url, CILISCOPE_AZURE_ARM: url, CILISCOPE_AZURE_LOGS: url, CILISCOPE_AZURE_CA: ca },
    ...{ AZURE_TENANT_ID: tenant },
    ...more,
  };
  const states: AzureLogin[] = [];
  const made = connectAzure(readConfig(flags, env, '9.9.9'), env, { onLogin: (login) => states.push(login) });
  ending.push(made.close);
  return { ...made, states, ask: () => made.arm.send(subscriptions) };
}

const subscriptions = {
  method: 'GET',
  path: '/subscriptions',
  apiVersion: '2022-12-01',
  asked: 'list the subscriptions',
  role: 'Reader',
} as const;
const secret = { AZURE_CLIENT_ID: 'app-1', AZURE_CLIENT_SECRET: 'sesame' };

/** The authority's side of a device code: what each further question for the token is answered. */
function deviceCodes(small: SmallAzure, ...answers: readonly (string | Record<string, unknown>)[]): void {
  const left = [...answers];
  small.answer(({ path, body }): Reply | undefined => {
    if (path.endsWith('/devicecode')) {
      const told = { user_code: 'F7K29QX4', device_code: 'd', verification_uri: 'https://example.test/device' };
      return { body: { ...told, expires_in: 600, interval: 0, message: 'go there' } };
    }
    const asked = new URLSearchParams(body);
    if (!path.endsWith('/token') || asked.get('grant_type') === 'client_credentials') return undefined;
    const next = left.length > 1 ? left.shift() : left[0];
    if (typeof next === 'string') {
      return { status: 400, body: { error: next, error_description: `AADSTS70000: ${next}`, error_codes: [70016] } };
    }
    return { body: personToken(asked, next) };
  });
}

function personToken(asked: URLSearchParams, more: Record<string, unknown> = {}): unknown {
  const person = {
    preferred_username: 'jane@contoso.test',
    oid: 'o',
    tid: tenant,
    sub: 's',
    aud: 'x',
    iss: 'y',
    ver: '2.0',
  };
  const info = Buffer.from(JSON.stringify({ uid: 'o', utid: tenant })).toString('base64url');
  const token = tokenFor(asked, tenant, { upn: 'jane@contoso.test' }) as object;
  return {
    ...token,
    scope: asked.get('scope'),
    refresh_token: 'again',
    id_token: jwt(person),
    client_info: info,
    ...more,
  };
}

test('a device code is told and never printed; who typed it is signed in for every service', async () => {
  const small = await azure();
  deviceCodes(small, 'authorization_pending', 'authorization_pending', {});
  const printed = vi.spyOn(console, 'log').mockImplementation(() => {});
  const { signIn, states, login, ask, credential, cloud } = connection(small.url, small.ca);
  await signIn(new AbortController().signal);
  const code = states.find(({ state }) => state === 'code')?.code;
  expect(code).toMatchObject({ userCode: 'F7K29QX4', address: 'https://example.test/device' });
  expect(Math.abs((code?.until ?? 0) - Date.now() - 600_000)).toBeLessThan(10_000);
  expect(login()).toMatchObject({
    state: 'signed-in',
    credential: 'device code',
    account: 'jane@contoso.test',
    tenant,
  });
  expect(login().code).toBeUndefined();
  await ask();
  // The other service's token needs nobody.
  await credential.getToken(cloud.logsScope);
  expect(small.seen.filter(({ path }) => path.endsWith('/devicecode'))).toHaveLength(1);
  expect(grantsOf(small.seen).at(-1)).toEqual(['refresh_token', cloud.logsScope]);
  expect(printed).not.toHaveBeenCalled();
  printed.mockRestore();
});

test('a refused token is renewed without asking again the person who typed the code', async () => {
  const small = await azure();
  deviceCodes(small, {});
  const { signIn, ask } = connection(small.url, small.ca);
  await signIn(new AbortController().signal);
  const refusals = [401];
  small.answer(({ path }) => {
    if (path !== '/subscriptions') return undefined;
    const status = refusals.pop();
    return status === undefined ? { body: { value: [] } } : { status, body: { error: { code: 'ExpiredToken' } } };
  });
  await ask();
  expect(grantsOf(small.seen).map(([grant]) => grant)).toEqual([
    expect.stringContaining('device_code'),
    'refresh_token',
  ]);
  await ask();
  expect(grantsOf(small.seen)).toHaveLength(2);
});

function grantsOf(seen: readonly Seen[]): [string, string][] {
  return seen
    .filter(({ path }) => path.endsWith('/token'))
    .map(({ body }) => new URLSearchParams(body))
    .map((asked) => [asked.get('grant_type') ?? '', (asked.get('scope') ?? '').split(' ')[0] ?? '']);
}

test.each([
  ['authorization_declined', 'The sign-in was declined. Ask for another code to try again.'],
  ['expired_token', 'The code ran out before anybody typed it. Ask for another one.'],
])('a device code that ends with %s: said, and nobody is signed in', async (answer, words) => {
  const small = await azure();
  deviceCodes(small, answer);
  const { signIn, login } = connection(small.url, small.ca);
  await expect(signIn(new AbortController().signal)).rejects.toThrow(words);
  expect(login()).toMatchObject({ state: 'none', problems: [words] });
});

test('a device code that is given up is asked about no more', async () => {
  const small = await azure();
  deviceCodes(small, 'authorization_pending');
  const { signIn, states, login } = connection(small.url, small.ca);
  const stop = new AbortController();
  const signing = signIn(stop.signal);
  signing.catch(() => {});
  await vi.waitFor(() => expect(grantsOf(small.seen).length).toBeGreaterThan(1), { timeout: 10_000 });
  stop.abort();
  await expect(signing).rejects.toThrow(/abort/i);
  expect(login().state).toBe('none');
  expect(states.at(-1)?.code).toBeUndefined();
  // One question may have been on its way; then a second passes in which there would be hundreds.
  await new Promise((resolve) => setTimeout(resolve, 100));
  const after = small.seen.length;
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(small.seen).toHaveLength(after);
});

test('signing out forgets the tokens at once, also those that a client holds', async () => {
  const small = await azure();
  const { ask, signOut, login } = connection(small.url, small.ca, secret);
  await ask();
  signOut();
  expect(login()).toMatchObject({ state: 'none', account: '', expires: 0 });
  await expect(ask()).rejects.toThrow('You have signed out of Azure. :login signs in again.');
  deviceCodes(small, {});
  const { signIn } = connection(small.url, small.ca);
  await signIn(new AbortController().signal);
});

test('an expired sign-in is said, and signing in again happens in place', async () => {
  const small = await azure();
  deviceCodes(small, {});
  small.answer(({ path, body }) => {
    if (!path.endsWith('/token') || !body.includes('grant_type=refresh_token')) return undefined;
    const text = 'AADSTS700082: The refresh token has expired due to inactivity. Trace ID: 1 Correlation ID: 2';
    return { status: 400, body: { error: 'invalid_grant', error_description: text, error_codes: [700082] } };
  });
  const { signIn, ask, login } = connection(small.url, small.ca);
  await signIn(new AbortController().signal);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_700_000 });
  await expect(ask()).rejects.toThrow('Device code: the sign-in has expired (AADSTS700082). Sign in again.');
  expect(login()).toMatchObject({ state: 'failed', problems: [expect.stringContaining('the sign-in has expired')] });
  deviceCodes(small, {});
  await signIn(new AbortController().signal);
  expect((await ask()).status).toBe(200);
  expect(login()).toMatchObject({ state: 'signed-in', problems: [] });
});

const refusals: [string, string, string][] = [
  [
    'a wrong tenant',
    "AADSTS90002: Tenant 'x' not found. Check to make sure",
    'there is no such tenant in this cloud (AADSTS90002). Check --tenant and --azure-cloud.',
  ],
  [
    'a foreign account',
    "AADSTS50020: User account 'x' does not exist in tenant",
    'this account is no member of the tenant (AADSTS50020). Check --tenant, or sign in with another account.',
  ],
  [
    'a wrong secret',
    'AADSTS7000215: Invalid client secret provided. Trace ID: 9',
    'the secret is wrong (AADSTS7000215). Check $AZURE_CLIENT_SECRET: its value, not its ID.',
  ],
  [
    'what nobody knows',
    'AADSTS99999: The moon \u001b[31mis wrong.\r\nTrace ID: 9',
    'AADSTS99999: The moon is wrong. Sign in again.',
  ],
];
test.each(refusals)('%s: in words, once, and without the secret', async (_name, text, words) => {
  const small = await azure();
  small.answer(({ path }) =>
    path.endsWith('/token') ? { status: 401, body: { error: 'invalid_client', error_description: text } } : undefined,
  );
  const { ask, login } = connection(small.url, small.ca, secret);
  await expect(ask()).rejects.toThrow(`The AZURE_* variables: ${words}`);
  expect(login().state).toBe('failed');
  expect(JSON.stringify(login())).not.toContain('sesame');
  const before = small.seen.length;
  await expect(ask()).rejects.toThrow(words);
  expect(small.seen).toHaveLength(before);
});

test('a workload identity signs in with its token file, before anything else', async () => {
  const small = await azure();
  const folder = mkdtempSync(join(tmpdir(), 'ciliscope-workload-'));
  ending.push(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'token');
  writeFileSync(file, 'federated');
  const { ask, login } = connection(small.url, small.ca, { ...secret, AZURE_FEDERATED_TOKEN_FILE: file });
  await ask();
  expect(login()).toMatchObject({ state: 'signed-in', credential: 'workload identity' });
  const asked = new URLSearchParams(small.seen.find(({ path }) => path.endsWith('/token'))?.body);
  expect(asked.get('client_assertion')).toBe('federated');
  expect(asked.get('scope')).toBe('https://management.azure.com/.default');
});

/** Azure's own authority is never reached in these: az is asked first, and ARM is ours. */
function withAz(small: SmallAzure, script: string | undefined) {
  const folder = mkdtempSync(join(tmpdir(), 'ciliscope-az-'));
  ending.push(() => rmSync(folder, { recursive: true }));
  if (script !== undefined) {
    writeFileSync(join(folder, 'az'), `#!/bin/sh\necho "$@" >> ${join(folder, 'asked')}\n${script}\n`);
    chmodSync(join(folder, 'az'), 0o755);
  }
  vi.stubEnv('PATH', script === undefined ? folder : `${folder}:/bin:/usr/bin`);
  return {
    ...connection(small.url, small.ca, { AZURE_AUTHORITY_HOST: '', AZURE_TENANT_ID: '' }),
    asked: () => readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n'),
  };
}

test('the Azure CLI is asked once for a scope, however many ask for it', async () => {
  const small = await azure();
  const token = jwt({ upn: 'jane@contoso.test', tid: tenant });
  const expires = Math.floor(Date.now() / 1_000) + 3_600;
  const answer = JSON.stringify({ accessToken: token, expires_on: expires, tokenType: 'Bearer' });
  const { ask, login, asked } = withAz(small, `echo '${answer}'`);
  await Promise.all([ask(), ask(), ask()]);
  await ask();
  expect(asked()).toEqual(['account get-access-token --output json --resource https://management.azure.com']);
  expect(login()).toMatchObject({ state: 'signed-in', credential: 'Azure CLI', account: 'jane@contoso.test', tenant });
});

const troubles: [string, string | undefined, AzureLogin['state'], string][] = [
  [
    'not installed',
    undefined,
    'none',
    'Azure CLI: az is not installed here. Install it, or sign in with :login in the console.',
  ],
  [
    'not logged in',
    'echo "ERROR: Please run \'az login\' to setup account." >&2; exit 1',
    'none',
    'Azure CLI: nobody is logged in, or the login has expired. Run `az login` (or `az login --use-device-code`).',
  ],
  [
    'expired',
    'echo "ERROR: AADSTS700082: The refresh token has expired. Please run: az login" >&2; exit 1',
    'none',
    'Azure CLI: nobody is logged in, or the login has expired. Run `az login`',
  ],
  ['odd', 'echo nonsense; exit 0', 'failed', 'Azure CLI:'],
];
test.each(troubles)(
  'the Azure CLI, %s: one sentence, and not asked again at once',
  async (_name, script, state, words) => {
    const small = await azure();
    const { ask, login, asked } = withAz(small, script);
    await expect(ask()).rejects.toThrow();
    expect(login().state).toBe(state);
    expect(login().problems[0]).toContain(words);
    await expect(ask()).rejects.toThrow();
    if (script !== undefined) expect(asked()).toHaveLength(1);
  },
);

test('no network: what cannot be resolved is named', async () => {
  const { ask, login } = connection('https://nowhere.invalid', '', secret);
  await expect(ask()).rejects.toThrow(
    'The name nowhere.invalid cannot be resolved. Check the network, the VPN and its DNS.',
  );
  expect(login().state).toBe('failed');
}, 30_000);

test('a certificate of nobody we know: refused, with what to set', async () => {
  const small = await azure('unknown-authority');
  const { ask } = connection(small.url, small.ca, secret);
  await expect(ask()).rejects.toThrow(
    /The certificate of 127\.0\.0\.1:\d+ is not to be trusted .*\$CILISCOPE_AZURE_CA/,
  );
});

test('an authority that cannot be read from its file is named by its variable', async () => {
  const small = await azure();
  const { ask } = connection(small.url, '/nowhere/ca.pem', secret);
  await expect(ask()).rejects.toThrow(
    /The certificate authority for Azure cannot be read: ENOENT.*Check \$CILISCOPE_AZURE_CA\./,
  );
});

test('a sign-in that is given up leaves whoever was signed in', async () => {
  const small = await azure();
  const { ask, signIn, login } = connection(small.url, small.ca, secret);
  await ask();
  deviceCodes(small, 'authorization_pending');
  const stop = new AbortController();
  const signing = signIn(stop.signal);
  signing.catch(() => {});
  await vi.waitFor(() => expect(login().state).toBe('code'), { timeout: 10_000 });
  stop.abort();
  await expect(signing).rejects.toThrow(/abort/i);
  expect(login()).toMatchObject({ state: 'signed-in', credential: 'environment', account: 'application app-1' });
  expect((await ask()).status).toBe(200);
});

test('a proxy that refuses: named as the one in the way', async () => {
  const small = await azure();
  const proxy = await startProxy(0, '403 Forbidden');
  ending.push(proxy.close);
  const { ask } = connection(small.namedUrl, small.ca, { ...secret, HTTPS_PROXY: proxy.url });
  await expect(ask()).rejects.toThrow(
    /The proxy does not let us through to kubernetes\.default\.svc:\d+ .*HTTPS_PROXY/,
  );
}, 30_000);

test.each([
  ['us-government', 'login.microsoftonline.us', 'https://management.usgovcloudapi.net', 'https://api.loganalytics.us'],
  [
    'china',
    'login.partner.microsoftonline.cn',
    'https://management.chinacloudapi.cn',
    'https://api.loganalytics.azure.cn',
  ],
])(
  '%s: its own authority, its own scopes, its own addresses',
  async (azureCloud, authority, arm, logs) => {
    const proxy = await startProxy(0, '403 Forbidden');
    ending.push(proxy.close);
    const own = { AZURE_AUTHORITY_HOST: '', CILISCOPE_AZURE_ARM: '', CILISCOPE_AZURE_LOGS: '', HTTPS_PROXY: proxy.url };
    const bare = connection('', '', { ...own, ...secret }, { azureCloud });
    vi.stubEnv('PATH', '/nowhere');
    await expect(bare.ask()).rejects.toThrow();
    expect(new Set(proxy.asked)).toEqual(new Set([`CONNECT ${authority}:443 HTTP/1.1`]));
    expect([bare.options('arm').endpoint, bare.options('logs').endpoint]).toEqual([arm, logs]);

    const small = await azure();
    const { ask, credential, cloud } = connection(small.url, small.ca, secret, { azureCloud });
    await ask();
    await credential.getToken(cloud.logsScope);
    expect(grantsOf(small.seen)).toEqual([
      ['client_credentials', `${arm}/.default`],
      ['client_credentials', `${logs}/.default`],
    ]);
  },
  30_000,
);

test('with --no-azure nothing is asked, whoever asks', async () => {
  const small = await azure();
  const { ask, signIn, login } = connection(small.url, small.ca, secret, { azure: false });
  await expect(ask()).rejects.toThrow('Azure is not asked. Start without --no-azure.');
  await expect(signIn(new AbortController().signal)).rejects.toThrow('Azure is not asked.');
  expect([login().state, small.seen.length]).toEqual(['off', 0]);
});

test('two sign-ins given up leave what was there before the first, and nobody is told to wait any longer', async () => {
  const small = await azure();
  small.answer(({ path, body }) =>
    path.endsWith('/token') && body.includes('client_credentials')
      ? { status: 401, body: { error: 'invalid_client', error_description: 'AADSTS7000215: Invalid secret.' } }
      : undefined,
  );
  const { ask, signIn, login } = connection(small.url, small.ca, secret);
  await expect(ask()).rejects.toThrow('the secret is wrong');
  const before = login();
  deviceCodes(small, 'authorization_pending');
  const stops = [new AbortController(), new AbortController()] as const;
  for (const { signal } of stops) {
    signIn(signal).catch(() => {});
    await vi.waitFor(() => expect(login().state).toBe('code'), { timeout: 10_000 });
  }
  await expect(ask()).rejects.toThrow('the secret is wrong');
  for (const stop of stops) stop.abort();
  await vi.waitFor(() => expect(login()).toEqual(before));
  await expect(ask()).rejects.toThrow('the secret is wrong');
});

test('somebody who typed the code and got no token is not shown as who was signed in before', async () => {
  const small = await azure();
  const { ask, signIn, login } = connection(small.url, small.ca, secret);
  await ask();
  deviceCodes(small, { expires_in: 1 });
  small.answer(({ path, body }) =>
    path.endsWith('/token') && body.includes('grant_type=refresh_token')
      ? { status: 400, body: { error: 'invalid_grant', error_description: 'AADSTS700082: It has expired.' } }
      : undefined,
  );
  await expect(signIn(new AbortController().signal)).rejects.toThrow('AADSTS700082');
  expect(login()).toMatchObject({ state: 'failed', credential: 'device code', account: '' });
});
