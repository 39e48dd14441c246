import type { TokenCredential } from '@azure/identity';
import type { AzureLogin } from '../../model/azure/login.ts';
import type { ArmClient } from './arm-client.ts';
import type { AzureApi, AzureCloud } from './azure-cloud.ts';
import type { AzureClientOptions } from './client-options.ts';

/** Azure as one person or application: where it is, whose tokens are used, and the clients' settings. Nothing is loaded by making one. */
export type AzureConnection = {
  cloud: AzureCloud;
  /** One cache of tokens for all clients. Rejects with an AzureProblem, 'signed-out' where nobody is signed in. */
  credential: TokenCredential;
  /** What every client of Microsoft's takes as its options. MetricsQueryClient and LogsQueryClient take `audience`, too. */
  options(api: AzureApi): AzureClientOptions;
  /** ARM, raw, with ContainerServiceClient's own pipeline. */
  arm: ArmClient;
  login(): AzureLogin;
  /** By device code: resolves when somebody has signed in, rejects when the code ran out, was refused or `signal` came. */
  signIn(signal: AbortSignal): Promise<void>;
  /** Forgets every token, and asks for none until the next sign-in. */
  signOut(): void;
  /** Failures are no longer remembered: the next question asks for a token anew. */
  tryAgain(): void;
  close(): Promise<void>;
};
