import type { Config } from '../../config.ts';
import type { AzureLogin } from '../../model/azure/login.ts';
import { azureCloud } from './azure-cloud.ts';
import type { AzureConnection } from './azure-connection.ts';
import { AzureProblem } from './azure-problem.ts';
import { clientOptions } from './client-options.ts';

/** What is told as it happens. */
export type AzureHears = {
  /** How we stand with Azure has changed. */
  onLogin?(login: AzureLogin): void;
  /** One attempt of one request came to its end; status 0 = no answer. For `!`. */
  onRequest?(request: { method: string; path: string; status: number; ms: number }): void;
};

/** Makes a connection; nothing is loaded and nobody is asked before something of it is used. Fit for the worker and for commands alike. */
export function connectAzure(
  config: Pick<Config, 'azure' | 'userAgent' | 'requestMs'>,
  _env: Readonly<Record<string, string | undefined>>,
  _hears: AzureHears = {},
): AzureConnection {
  const cloud = azureCloud(config.azure);
  const absent = () => new AzureProblem('signed-out', 'Nobody is signed in to Azure.', 'Run `az login`.');
  return {
    cloud,
    credential: { getToken: () => Promise.reject(absent()) },
    options: (api) =>
      clientOptions(cloud, api, config.userAgent, { name: 'ciliscope', sendRequest: (request, next) => next(request) }),
    arm: { send: () => Promise.reject(absent()), list: () => Promise.reject(absent()) },
    login: () => ({
      ...{ state: 'none', cloud: cloud.name, credential: '', account: '', tenant: '', expires: 0, problems: [] },
      state: 'none',
    }),
    signIn: () => Promise.reject(absent()),
    signOut() {},
    close: () => Promise.resolve(),
  };
}
