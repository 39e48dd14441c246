import type { ContainerServiceClientOptionalParams } from '@azure/arm-containerservice';
import type { AzureApi, AzureCloud } from './azure-cloud.ts';

type Additional = NonNullable<ContainerServiceClientOptionalParams['additionalPolicies']>[number];
/** As the clients' pipelines have it; named by one of them, so that no package of their inside is imported. */
export type PipelinePolicy = Additional['policy'];

/** What every client of Microsoft's takes. */
export type AzureClientOptions = {
  endpoint: string;
  credentials: { scopes: string[] };
  /** For monitor-query, which makes a scope of it itself. */
  audience: string;
  retryOptions: { maxRetries: number; maxRetryDelayInMs: number };
  userAgentOptions: { userAgentPrefix: string };
  additionalPolicies: Additional[];
};

export function clientOptions(
  cloud: AzureCloud,
  api: AzureApi,
  userAgent: string,
  policies: readonly Additional[],
): AzureClientOptions {
  const scope = api === 'arm' ? cloud.armScope : cloud.logsScope;
  return {
    endpoint: api === 'arm' ? cloud.arm : cloud.logs,
    credentials: { scopes: [scope] },
    audience: scope.replace(/\/\.default$/, ''),
    retryOptions: { maxRetries: 2, maxRetryDelayInMs: 5_000 },
    userAgentOptions: { userAgentPrefix: userAgent },
    additionalPolicies: [...policies],
  };
}
