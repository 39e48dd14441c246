import { onTestFinished } from 'vitest';
import { createAuthority } from '../../../src/simulator/api/certificates.ts';
import type { PastOperation } from '../../../src/simulator/azure/arm/past-activity.ts';
import type { AzureSetUp } from '../../../src/simulator/azure/azure-pace.ts';
import { azurePlace, createLiveSettings, defaultAzureSettings } from '../../../src/simulator/azure/azure-settings.ts';
import { type Azure, startAzure } from '../../../src/simulator/azure/start-azure.ts';
import { type ActiveFaults, createActiveFaults } from '../../../src/simulator/faults/active-faults.ts';
import type { World } from '../../../src/simulator/world/world.ts';
import { type Reply, ask as send } from '../faults/client.ts';

export type RunningAzure = {
  azure: Azure;
  faults: ActiveFaults;
  /** What every client of Azure's takes to get there: nobody is asked whether the authority exists. */
  reach: {
    authorityHost: string;
    disableInstanceDiscovery: true;
    endpoint: string;
    tlsOptions: { ca: string };
    retryOptions: { maxRetries: 0 };
  };
};

/** An Azure on this machine, for one test; of no cluster, or of this world's. */
export async function runningAzure(
  setUp: AzureSetUp = {},
  world?: World,
  story: readonly PastOperation[] = [],
): Promise<RunningAzure> {
  const authority = await createAuthority();
  const faults = createActiveFaults();
  const settings = { ...defaultAzureSettings(true), delay: { agent: [0, 0], resource: [0, 0] } as const };
  const azure = await startAzure({
    authority,
    settings: createLiveSettings(settings),
    pace: { operationSeconds: 0.05, pollSeconds: 0, deviceApprovalSeconds: 0, ...setUp },
    ...(world === undefined ? {} : { world }),
    story,
    now: () => world?.now() ?? Date.now(),
    kubeconfig: () => 'kind: Config\n',
    intercept: faults.interceptAzure,
    operationFails: () => (faults.take('azure-operation-fails') ? { code: 'Broken', message: 'It broke.' } : undefined),
    logs: {
      route: async ({ path }) => ({ status: 200, body: path }),
      tables: () => [{ name: 'ContainerLogV2', plan: 'Basic', columns: [{ name: 'TimeGenerated', type: 'datetime' }] }],
    },
  });
  // The rest of the ground is a cluster's.
  const server = { refuse: never, accept: never, dropConnections() {}, endWatches() {}, present: never };
  faults.stand({ server, store: {} as never, azure });
  onTestFinished(async () => {
    await faults.clear();
    await azure.close();
  });
  const reach = {
    authorityHost: azure.url,
    disableInstanceDiscovery: true as const,
    endpoint: azure.url,
    tlsOptions: { ca: authority.ca },
    retryOptions: { maxRetries: 0 as const },
  };
  return { azure, faults, reach };
}

function never(): Promise<never> {
  throw new Error('Only Azure is here.');
}

/** Signed in as the application. */
export async function applicationCredential({ azure, reach }: RunningAzure) {
  const { ClientSecretCredential } = await import('@azure/identity');
  return new ClientSecretCredential(azurePlace.tenant, azure.application.id, azure.application.secret, reach);
}

/** A request of our own, with a token for ARM (or another audience), its answer read as JSON where it is. */
export async function ask(
  running: RunningAzure,
  path: string,
  more: { method?: string; body?: unknown; headers?: Record<string, string>; scope?: string; limitMs?: number } = {},
): Promise<Reply & { json: Any }> {
  const { scope = 'https://management.azure.com/.default', ...request } = more;
  const token = scope === '' ? '' : (await (await applicationCredential(running)).getToken(scope)).token;
  const ca = running.reach.tlsOptions.ca;
  const reply = await send(running.azure.url + path, { ca, ...(token === '' ? {} : { token }), ...request });
  return { ...reply, json: reply.end === 'clean' && reply.body.startsWith('{') ? JSON.parse(reply.body) : undefined };
}

// biome-ignore lint/suspicious/noExplicitAny: what is read of it is what the assertions check.
export type Any = any;
