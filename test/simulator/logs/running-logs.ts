// The workspace of a small world on the wire, for one file of tests. The world stands still but where a test moves it.
import { ClientSecretCredential } from '@azure/identity';
import { LogsQueryClient } from '@azure/monitor-query';
import { createAuthority } from '../../../src/simulator/api/certificates.ts';
import {
  type AzureSettings,
  azurePlace,
  createLiveSettings,
  defaultAzureSettings,
} from '../../../src/simulator/azure/azure-settings.ts';
import { startAzure } from '../../../src/simulator/azure/start-azure.ts';
import { createActiveFaults } from '../../../src/simulator/faults/active-faults.ts';
import type { FaultOrder } from '../../../src/simulator/faults/fault.ts';
import { evaluateKql } from '../../../src/simulator/kql/evaluate-kql.ts';
import { simulateLogs } from '../../../src/simulator/logs/simulated-logs.ts';
import { ask, type Reply } from '../faults/client.ts';
import { aWorld } from '../world/fixture.ts';

export const path = `/v1/workspaces/${azurePlace.workspaceGuid}`;

export async function runningLogs(hasWorld = true) {
  const authority = await createAuthority();
  const faults = createActiveFaults();
  const help = aWorld({ acns: true, nodes: 3, pods: 60 });
  const settings = createLiveSettings({ ...defaultAzureSettings(true), monitoring: false, audit: 'none' });
  const logs = simulateLogs(hasWorld ? help.world : undefined, {
    settings,
    requests: () => [],
    activities: () => [],
    evaluate: async (...asked) => evaluateKql(...asked),
  });
  const { audit, monitoring } = defaultAzureSettings(true);
  settings.change({ audit, monitoring, delay: { agent: [1, 30], resource: [1, 2] } });
  const azure = await startAzure({
    ...{ authority, settings, logs, now: help.world.now, intercept: faults.interceptAzure },
    kubeconfig: () => '',
    operationFails: () => undefined,
  });
  faults.stand({ server: {} as never, store: {} as never, azure, logs: logs.troubles });
  const audience = 'https://api.loganalytics.io';
  const reach = { endpoint: azure.url, tlsOptions: { ca: authority.ca }, retryOptions: { maxRetries: 0 } };
  const { id, secret } = azure.application;
  const credential = new ClientSecretCredential(azurePlace.tenant, id, secret, {
    ...{ authorityHost: azure.url, disableInstanceDiscovery: true },
    tlsOptions: { ca: authority.ca },
  });
  const client = new LogsQueryClient(credential, { ...reach, audience });
  const token = (await credential.getToken(`${audience}/.default`)).token;
  return {
    ...help,
    settings,
    logs,
    client,
    azure,
    faults,
    ca: authority.ca,
    pass: (seconds: number) => help.world.advance(seconds * 1000),
    /** For the time of `during`. */
    async with(order: FaultOrder | Partial<AzureSettings>, during: () => Promise<void>) {
      const before = settings.now();
      if ('id' in order) faults.add(order as FaultOrder);
      else settings.change(order);
      await during().finally(async () => {
        await faults.clear();
        settings.change(before);
      });
    },
    post: (where: string, body: unknown, headers: Record<string, string> = {}): Promise<Reply> =>
      ask(azure.url + where, { method: 'POST', ca: authority.ca, token, headers, body, limitMs: 40_000 }),
    close: azure.close,
  };
}
