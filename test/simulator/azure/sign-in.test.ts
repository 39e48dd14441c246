import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeviceCodeCredential, type TokenCredential, WorkloadIdentityCredential } from '@azure/identity';
import { describe, expect, it, onTestFinished } from 'vitest';
import { azurePlace } from '../../../src/simulator/azure/azure-settings.ts';
import { type Any, applicationCredential, ask, runningAzure } from './running-azure.ts';

const arm = 'https://management.azure.com/.default';
const claims = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Any;
const refusalOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'signed in',
    (error: Error) => error.message,
  );
const clients = '/subscriptions?api-version=2022-12-01';

describe('an application', () => {
  it('signs in with its secret, for the audience that it asks for', async () => {
    const running = await runningAzure({ tokenSeconds: 600 });
    const credential = await applicationCredential(running);
    const { token, expiresOnTimestamp } = await credential.getToken(arm);
    expect(claims(token)).toMatchObject({
      aud: 'https://management.azure.com',
      tid: azurePlace.tenant,
      appid: running.azure.application.id,
    });
    expect(Math.abs(expiresOnTimestamp - Date.now() - 600_000)).toBeLessThan(5_000);
    const [discovery, asked] = running.azure.requests();
    expect(discovery).toMatchObject({ host: 'authority', method: 'GET', status: 200, audience: '' });
    expect(discovery?.path).toBe(`/${azurePlace.tenant}/v2.0/.well-known/openid-configuration`);
    expect(asked).toMatchObject({
      method: 'POST',
      status: 200,
      form: { grant_type: 'client_credentials', client_id: running.azure.application.id },
    });
    expect(asked?.form?.['scope']).toContain(arm);
  });

  it('signs in with the token of a workload', async () => {
    const running = await runningAzure();
    const folder = mkdtempSync(join(tmpdir(), 'token-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const tokenFilePath = join(folder, 'token');
    writeFileSync(tokenFilePath, 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzeXN0ZW0ifQ.c2ln');
    const { id: clientId } = running.azure.application;
    const identity = { tenantId: azurePlace.tenant, clientId, tokenFilePath };
    const credential: TokenCredential = new WorkloadIdentityCredential({ ...identity, ...running.reach });
    expect(claims((await credential.getToken(arm))?.token ?? '').appid).toBe(clientId);
    writeFileSync(tokenFilePath, 'no token at all');
    const again = new WorkloadIdentityCredential({ ...identity, ...running.reach });
    expect(await refusalOf(again.getToken(arm))).toContain('AADSTS50027');
  });

  const refusals: [what: string, change: { tenant?: string; secret?: string; id?: string }, words: string][] = [
    ['a secret that is none', { secret: 'guess' }, 'AADSTS7000215'],
    ['an application that nobody knows', { id: '00000000-0000-0000-0000-000000000001' }, 'AADSTS700016'],
    ['a tenant that nobody knows', { tenant: '00000000-0000-0000-0000-000000000002' }, 'AADSTS90002'],
  ];
  it.each(refusals)('is refused with %s', async (_what, { tenant, secret, id }, words) => {
    const { azure, reach } = await runningAzure();
    const { ClientSecretCredential } = await import('@azure/identity');
    const { application } = azure;
    const credential = new ClientSecretCredential(
      tenant ?? azurePlace.tenant,
      id ?? application.id,
      secret ?? application.secret,
      reach,
    );
    const refusal = await refusalOf(credential.getToken(arm));
    // Of an unknown tenant the library itself says that its addresses could not be resolved.
    expect(refusal).toMatch(tenant === undefined ? new RegExp(words) : /endpoints_resolution_error|AADSTS90002/);
  });

  const faults: [id: string, words: string][] = [
    ['azure-secret-expired', 'AADSTS7000222'],
    ['azure-second-factor', 'AADSTS50076'],
    ['azure-blocked-by-policy', 'AADSTS53003'],
    ['azure-wrong-tenant', 'AADSTS50020'],
    ['azure-refresh-expired', 'AADSTS700082'],
  ];
  it.each(faults)('is refused by the fault %s', async (id, words) => {
    const running = await runningAzure();
    running.faults.add({ id });
    const credential = await applicationCredential(running);
    expect(await refusalOf(credential.getToken(arm))).toContain(words);
  });
});

describe('a person with a device code', () => {
  const signIn = async (setUp: Any, then: (running: Any, code: string) => void) => {
    const running = await runningAzure(setUp);
    const credential = new DeviceCodeCredential({
      ...running.reach,
      tenantId: azurePlace.tenant,
      clientId: '04b07795-8ddb-461a-bbee-02f9e1bf7b46',
      disableAutomaticAuthentication: true,
      userPromptCallback: ({ userCode }) => then(running, userCode),
    });
    return { running, credential };
  };

  it('is signed in once the code was typed, and for other audiences without another one', async () => {
    const { running, credential } = await signIn({}, ({ azure }, code) => {
      expect(azure.devices.pending()).toEqual([code]);
      expect(azure.devices.approve('OTHER')).toBe(0);
      expect(azure.devices.approve(code)).toBe(1);
    });
    const account = await credential.authenticate('https://api.loganalytics.io/.default');
    expect(account).toMatchObject({ username: 'mara.lind@contoso.example', tenantId: azurePlace.tenant });
    const { token } = await credential.getToken(arm);
    expect(claims(token)).toMatchObject({ aud: 'https://management.azure.com', upn: 'mara.lind@contoso.example' });
    const grants = running.azure.requests().flatMap(({ form }) => form?.['grant_type'] ?? []);
    expect([grants[0], grants.at(-1)]).toEqual(['device_code', 'refresh_token']);
  });

  it('may look at the address that is shown', async () => {
    const running = await runningAzure();
    const page = await ask(running, '/devicelogin', { scope: '' });
    expect([page.status, page.body]).toEqual([200, expect.stringContaining('approveDevice')]);
  });

  it('is refused when somebody declines', async () => {
    const { credential } = await signIn({}, ({ azure }) => azure.devices.decline());
    expect(await refusalOf(credential.authenticate(arm))).toContain('authorization_declined');
  });

  it('has only so long', async () => {
    const { credential } = await signIn({ deviceCodeSeconds: 2 }, () => {});
    expect(await refusalOf(credential.authenticate(arm))).toMatch(/expired/);
  });

  it('is approved by itself where nobody is there to do it', async () => {
    const { credential } = await signIn({ deviceApprovalSeconds: 0.1 }, () => {});
    expect((await credential.authenticate(arm))?.username).toBe('mara.lind@contoso.example');
  });
});

describe('a token', () => {
  const other: [what: string, scope: string, path: string, status: number, code: string][] = [
    ['of Resource Manager', 'https://api.loganalytics.io/.default', clients, 401, 'InvalidAuthenticationTokenAudience'],
    ['of Log Analytics', arm, '/v1/workspaces/x/query', 403, 'InvalidAuthenticationTokenAudience'],
    ['of another address', 'https://example.com/.default', clients, 401, 'InvalidAuthenticationTokenAudience'],
    ['that is missing', '', clients, 401, 'AuthenticationFailed'],
  ];
  it.each(other)('for another audience than that %s is refused', async (_what, scope, path, status, code) => {
    const running = await runningAzure();
    const reply = await ask(running, path, { scope, method: path.startsWith('/v1') ? 'POST' : 'GET' });
    expect([reply.status, reply.json.error.code]).toEqual([status, code]);
  });

  it.each([
    'https://management.usgovcloudapi.net/.default',
    'https://management.core.windows.net//.default',
    'https://management.chinacloudapi.cn/.default',
  ])('of every cloud is taken: %s', async (scope) => {
    const running = await runningAzure();
    expect((await ask(running, clients, { scope })).status).toBe(200);
  });

  it.each(['https://api.loganalytics.us/.default', 'https://api.loganalytics.azure.com/.default'])(
    'for Log Analytics in every cloud is taken: %s',
    async (scope) => {
      const running = await runningAzure();
      expect((await ask(running, '/v1/workspaces/x/query', { scope, method: 'POST' })).status).toBe(200);
    },
  );

  it('ends with its time, or when all are ended', async () => {
    const running = await runningAzure();
    const { token } = await (await applicationCredential(running)).getToken(arm);
    const by = (authorization: string) => ask(running, clients, { scope: '', headers: { authorization } });
    expect((await by(`Bearer ${token}`)).status).toBe(200);
    running.azure.expireTokens();
    const late = await by(`Bearer ${token}`);
    expect([late.status, late.json.error.code]).toEqual([401, 'ExpiredAuthenticationToken']);
    expect(late.headers['www-authenticate']).toContain('error="invalid_token"');
    const forged = token.replace(/\.[^.]+$/, `.${'A'.repeat(43)}`);
    expect((await by(`Bearer ${forged}`)).json.error.code).toBe('InvalidAuthenticationToken');
  });
});

it('is not in the log of requests, nor is any secret', async () => {
  const running = await runningAzure();
  const { token } = await (await applicationCredential(running)).getToken(arm);
  await ask(running, clients);
  await ask(running, '/v1/workspaces/x/query', { scope: 'https://api.loganalytics.io/.default', method: 'POST' });
  const log = JSON.stringify(running.azure.requests());
  expect(log).toContain('"authorization":"Bearer"');
  for (const secret of [token, token.split('.')[2] ?? token, running.azure.application.secret, 'client_secret'])
    expect(log).not.toContain(secret);
});
