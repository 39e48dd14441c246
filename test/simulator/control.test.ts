import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scenarios } from '../../src/simulator/scenarios/index.ts';
import { type Simulator, simulate } from '../../src/simulator/simulate.ts';
import { ask } from './faults/client.ts';

let simulator: Simulator;

beforeAll(async () => {
  const scenario = scenarios.find(({ id }) => id === 'healthy');
  if (scenario === undefined) throw new Error('no scenario');
  simulator = await simulate({ scenario, nodes: 2, pods: 12, churn: 0, seed: 1, port: 0, faults: [] });
});
afterAll(() => simulator.close());

async function control(method: string, path: string, body?: unknown, token = simulator.tokens.admin) {
  const reply = await fetch(`${simulator.control}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: reply.status, text: await reply.text() };
}

const api = (path: string) => ask(simulator.url + path, { ca: simulator.ca, token: simulator.tokens.admin });

describe('the control', () => {
  it('adds faults and clears them', async () => {
    expect((await control('POST', '/faults', { id: 'forbidden', resource: 'nodes' })).status).toBe(200);
    expect((await api('/api/v1/nodes')).status).toBe(403);
    expect(JSON.parse((await control('GET', '/faults')).text)).toEqual({
      faults: [{ id: 'forbidden', resource: 'nodes' }],
    });
    expect((await control('DELETE', '/faults')).status).toBe(200);
    expect((await api('/api/v1/nodes')).status).toBe(200);
  });

  it('works while the API server is down', async () => {
    await control('POST', '/faults', { id: 'api-down' });
    await expect.poll(async () => (await api('/version')).end).toBe('refused');
    await control('DELETE', '/faults');
    expect((await api('/version')).status).toBe(200);
  });

  it('tells every request, one a line', async () => {
    await api('/api/v1/namespaces?limit=1');
    const lines = (await control('GET', '/requests')).text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.at(-1)).toMatchObject({
      verb: 'list',
      method: 'GET',
      path: '/api/v1/namespaces?limit=1',
      status: 200,
      user: 'admin',
    });
  });

  it('tells and changes what is set up in Azure, and what is under way there', async () => {
    const azure = async (body?: unknown) => {
      const { status, text } = await control(body === undefined ? 'GET' : 'POST', '/azure', body);
      return { status, ...JSON.parse(text) };
    };
    expect(await azure()).toMatchObject({
      settings: { monitoring: true, audit: 'dedicated' },
      pace: { operationSeconds: 90 },
      deviceCodes: [],
      operations: [],
    });
    expect(await azure({ audit: 'none', operationSeconds: 5 })).toMatchObject({
      settings: { audit: 'none', monitoring: true },
      pace: { operationSeconds: 5 },
    });
    const begun = simulator.azure.devices.begin('https://management.azure.com/.default');
    expect((await azure()).deviceCodes).toEqual([begun.user]);
    await azure({ approveDevice: begun.user });
    expect(simulator.azure.devices.redeem(begun.device).state).toBe('approved');
    expect(await azure({ audit: 'loud' })).toMatchObject({ status: 400, error: expect.stringContaining('"audit"') });
    expect(await azure({ tokenSeconds: -1, audit: 'dedicated' })).toMatchObject({ status: 400 });
    expect(await azure({ favourite: 1 })).toMatchObject({
      error: expect.stringContaining('no "favourite". Known: monitoring'),
    });
    // What was refused in part was refused whole.
    expect((await azure()).settings.audit).toBe('none');
    await azure({ audit: 'dedicated', operationSeconds: 90 });
  });

  it('tells requests to Azure with the others, without a token', async () => {
    const path = '/subscriptions?api-version=2022-12-01';
    await ask(simulator.azure.url + path, { ca: simulator.ca, token: 'mine' });
    const line = (await control('GET', '/requests')).text.trimEnd().split('\n').at(-1) ?? '';
    expect(JSON.parse(line)).toMatchObject({ host: 'arm', path, status: 401, headers: { authorization: 'Bearer' } });
    expect(line).not.toContain('mine');
  });

  it('changes causes, and the world follows', async () => {
    const fails = [
      {
        namespace: 'kube-system',
        labels: { 'k8s-app': 'kube-dns' },
        container: 'coredns',
        exitCode: 1,
        message: 'no such zone',
        lives: 100,
      },
    ];
    expect((await control('POST', '/causes', { fails })).status).toBe(200);
    const crashed = async () => {
      const list = JSON.parse((await api('/api/v1/namespaces/kube-system/pods?labelSelector=k8s-app%3Dkube-dns')).body);
      return list.items.every(
        (pod: { status: { containerStatuses: { lastState: { terminated?: { message: string } } }[] } }) =>
          pod.status.containerStatuses[0]?.lastState.terminated?.message === 'no such zone',
      );
    };
    await expect.poll(crashed, { timeout: 20_000 }).toBe(true);
    await control('POST', '/causes', { fails: [] });
  });

  it.each([
    ['POST', '/faults', { id: 'no-such' }, 400],
    ['POST', '/faults', {}, 400],
    ['POST', '/faults', { id: 'black-hole', count: 0 }, 400],
    ['POST', '/causes', { weather: 'bad' }, 400],
    ['POST', '/causes', { sliceDrift: 'yes' }, 400],
    ['GET', '/elsewhere', undefined, 404],
  ])('%s %s %j → %i', async (method, path, body, status) => {
    expect((await control(method, path, body)).status).toBe(status);
  });

  it.each(['reader', 'namespace', 'expired'] as const)('is not for %s', async (who) => {
    expect((await control('GET', '/requests', undefined, simulator.tokens[who])).status).toBe(401);
  });
});
