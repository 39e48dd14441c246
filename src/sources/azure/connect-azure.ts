import type { TokenCredentialOptions } from '@azure/identity';
import type { Config } from '../../config.ts';
import type { AzureLogin } from '../../model/azure/login.ts';
import { createArmClient } from './arm-client.ts';
import { azureCloud } from './azure-cloud.ts';
import type { AzureConnection } from './azure-connection.ts';
import { createAzureSignIn } from './azure-sign-in.ts';
import { type AzureRequestSeen, createAzureWire } from './azure-wire.ts';
import { clientOptions } from './client-options.ts';
import { onceMore } from './once-more.ts';

/** What is told as it happens. */
export type AzureHears = {
  /** How we stand with Azure has changed. */
  onLogin?(login: AzureLogin): void;
  /** For `!`: requests, and runs of the Azure CLI (method RUN). */
  onRequest?(seen: AzureRequestSeen): void;
  /** The same is asked again, after an attempt that ended like this. */
  onAgain?(after: AzureRequestSeen): void;
};

/**
 * Azure as this configuration and environment name it. Nothing is loaded and nobody is asked before something of it is
 * used. Fit for the worker and for commands alike; `close` ends its connections.
 */
export function connectAzure(
  config: Pick<Config, 'azure' | 'userAgent' | 'requestMs'>,
  env: Readonly<Record<string, string | undefined>>,
  hears: AzureHears = {},
): AzureConnection {
  const cloud = azureCloud(config.azure);
  const wire = createAzureWire({
    cloud,
    ca: config.azure.ca,
    env,
    onRequest: (seen) => hears.onRequest?.(seen),
    onAgain: (after) => hears.onAgain?.(after),
    onRefused: () => refused(),
  });
  const retryOptions = { maxRetries: 2, maxRetryDelayInMs: 5_000 };
  const identity: TokenCredentialOptions = {
    retryOptions,
    userAgentOptions: { userAgentPrefix: config.userAgent },
    additionalPolicies: [{ policy: wire.policy(config.requestMs, 'authority'), position: 'perRetry' }],
  };
  const { credential, login, signIn, signOut, refused } = createAzureSignIn({
    ...{ config: config.azure, cloud, env, identity },
    trouble: wire.authorityTrouble,
    onLogin: (now) => hears.onLogin?.(now),
    onRun: (path, ok, ms) => hears.onRequest?.({ method: 'RUN', host: '', path, status: ok ? 200 : 0, ms }),
  });
  const scopes = { arm: cloud.armScope, logs: cloud.logsScope } as const;
  // A query may take ten minutes; whoever asks Log Analytics says how long.
  const limit = { arm: config.requestMs, logs: 0 } as const;
  const options: AzureConnection['options'] = (api) =>
    clientOptions(cloud, api, config.userAgent, [
      { policy: wire.policy(limit[api], 'service'), position: 'perRetry' },
      {
        policy: onceMore(credential, scopes[api], (method) => method === (api === 'arm' ? 'GET' : 'POST')),
        position: 'perCall',
      },
    ]);
  return {
    cloud,
    credential,
    options,
    arm: createArmClient(credential, options('arm')),
    login,
    signIn,
    signOut,
    tryAgain: credential.tryAgain,
    async close() {
      wire.close();
    },
  };
}
