import type { ContainerServiceClient } from '@azure/arm-containerservice';
import { count, record, text } from '../../model/objects/raw.ts';
import type { AgreedChange } from '../../model/plans/operation.ts';
import type { AzureConnection } from './azure-connection.ts';
import type { PipelinePolicy } from './client-options.ts';

/** How far an operation is, as its own address says. */
export type Progress = { status: string; percent: number | undefined };

/**
 * Sends the whole cluster, once: no attempt is repeated here whatever comes back, as only looking tells whether an answer
 * that was lost means that nothing happened. The body goes as it is: Azure's own serializer drops every field that it
 * does not know, and what is not in a PUT is gone. Resolves, when Azure took it, with what `followCluster` needs. Rejects as Azure's clients do.
 */
export async function putCluster(
  connection: AzureConnection,
  change: AgreedChange,
  onProgress: (progress: Progress) => void,
): Promise<string> {
  const { target, body, etag, before } = change;
  const client = await clientFor(connection, target.subscription, [asItIs(JSON.stringify(body)), hear(onProgress)], 0);
  const poller = client.managedClusters.createOrUpdate(
    target.resourceGroup,
    target.name,
    { location: text(body.location) },
    before === null ? { ifNoneMatch: '*' } : { ifMatch: etag },
  );
  await poller.submitted();
  return poller.serialize();
}

/** Asks how far an operation is, of whatever process began it: as often as Azure wants it, else so often. */
export async function followCluster(
  connection: AzureConnection,
  subscription: string,
  state: string,
  onProgress: (progress: Progress) => void,
  { signal, everyMs }: { signal: AbortSignal; everyMs: number },
): Promise<void> {
  const { restorePoller } = await import('@azure/arm-containerservice');
  const client = await clientFor(connection, subscription, [hear(onProgress)]);
  const poller = restorePoller(client, state, client.managedClusters.createOrUpdate, {
    abortSignal: signal,
    updateIntervalInMs: everyMs,
  });
  await poller.pollUntilDone({ abortSignal: signal });
}

async function clientFor(
  connection: AzureConnection,
  subscription: string,
  policies: readonly PipelinePolicy[],
  retries?: number,
): Promise<ContainerServiceClient> {
  const client = await import('@azure/arm-containerservice');
  const options = connection.options('arm');
  return new client.ContainerServiceClient(connection.credential, subscription, {
    ...options,
    ...(retries === undefined ? {} : { retryOptions: { maxRetries: retries } }),
    additionalPolicies: [
      ...options.additionalPolicies,
      ...policies.map((policy) => ({ policy, position: 'perCall' as const })),
    ],
  });
}

function asItIs(body: string): PipelinePolicy {
  return {
    name: 'whole-body',
    sendRequest(request, next) {
      if (request.method === 'PUT') request.body = body;
      return next(request);
    },
  };
}

/** The poller tells a state, but not the percentage that AKS may say with it. */
function hear(onProgress: (progress: Progress) => void): PipelinePolicy {
  return {
    name: 'hear-progress',
    async sendRequest(request, next) {
      const response = await next(request);
      if (request.method !== 'GET' || response.status >= 300) return response;
      const body = bodyOf(response.bodyAsText);
      const status = text(body['status']);
      const percent = body['percentComplete'];
      if (status !== '') onProgress({ status, percent: percent === undefined ? undefined : count(percent) });
      return response;
    },
  };
}

function bodyOf(body: string | null | undefined) {
  try {
    return record(JSON.parse(body ?? '{}'));
  } catch {
    return {};
  }
}
