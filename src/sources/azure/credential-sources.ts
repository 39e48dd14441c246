import type { TokenCredential, TokenCredentialOptions } from '@azure/identity';
import type { AzureConfig } from '../../config.ts';
import { type AzureCloud, azureCloud } from './azure-cloud.ts';

/** Somewhere tokens may come from without anybody being asked. */
export type CredentialSource = {
  /** As people know it, for the fact and for messages. */
  name: string;
  make(): Promise<TokenCredential>;
};

type Environment = Readonly<Record<string, string | undefined>>;

/** The Azure CLI may take this long: it is Python, and a cold start over a slow disk is seconds. */
const processTimeoutInMs = 10_000;

/**
 * What could give tokens here, in the order of asking: workload identity, Azure CLI, environment, and this machine's own
 * identity where that is wanted (without one, asking takes seconds to fail). Not by DefaultAzureCredential, which probes
 * for the machine's identity and starts PowerShell.
 */
export function credentialSources(
  config: AzureConfig,
  cloud: AzureCloud,
  env: Environment,
  options: TokenCredentialOptions,
  onRun: (command: string, ok: boolean, ms: number) => void,
): readonly CredentialSource[] {
  const tenantId = config.tenant;
  const clientId = env.AZURE_CLIENT_ID ?? '';
  const authority = authorityOptions(config, cloud);
  const sources: CredentialSource[] = [];
  const tokenFilePath = env.AZURE_FEDERATED_TOKEN_FILE ?? '';
  if (tokenFilePath !== '' && clientId !== '' && tenantId !== '') {
    sources.push({
      name: 'workload identity',
      async make() {
        const { WorkloadIdentityCredential } = await import('@azure/identity');
        return new WorkloadIdentityCredential({ ...options, ...authority, tenantId, clientId, tokenFilePath });
      },
    });
  }
  // It signs in at its own cloud, never at an authority of ours: its tokens are no use there and none of its business.
  if (authority.disableInstanceDiscovery !== true) {
    sources.push({
      name: 'Azure CLI',
      async make() {
        const { AzureCliCredential } = await import('@azure/identity');
        const told = tenantId === '' ? {} : { tenantId };
        return counted(new AzureCliCredential({ ...told, processTimeoutInMs }), onRun);
      },
    });
  }
  const secret = env.AZURE_CLIENT_SECRET ?? '';
  const certificatePath = env.AZURE_CLIENT_CERTIFICATE_PATH ?? '';
  if (tenantId !== '' && clientId !== '' && (secret !== '' || certificatePath !== '')) {
    sources.push({
      name: 'environment',
      async make() {
        const { ClientSecretCredential, ClientCertificateCredential } = await import('@azure/identity');
        const told = { ...options, ...authority };
        if (secret !== '') return new ClientSecretCredential(tenantId, clientId, secret, told);
        const certificatePassword = env.AZURE_CLIENT_CERTIFICATE_PASSWORD;
        return new ClientCertificateCredential(
          tenantId,
          clientId,
          { certificatePath, ...(certificatePassword === undefined ? {} : { certificatePassword }) },
          told,
        );
      },
    });
  }
  if (config.managedIdentity) {
    sources.push({
      name: 'managed identity',
      async make() {
        const { ManagedIdentityCredential } = await import('@azure/identity');
        return clientId === ''
          ? new ManagedIdentityCredential(options)
          : new ManagedIdentityCredential({ ...options, clientId });
      },
    });
  }
  return sources;
}

/** Every token is a run of az. */
function counted(
  credential: TokenCredential,
  onRun: (command: string, ok: boolean, ms: number) => void,
): TokenCredential {
  return {
    async getToken(scopes, asked) {
      const started = performance.now();
      let ok = false;
      try {
        const token = await credential.getToken(scopes, asked);
        ok = token !== null;
        return token;
      } finally {
        onRun('az account get-access-token', ok, performance.now() - started);
      }
    },
  };
}

/** Only Microsoft's own authorities are in the list that is asked whether an authority is one. */
export function authorityOptions(
  config: AzureConfig,
  cloud: AzureCloud,
): { authorityHost: string; disableInstanceDiscovery?: true } {
  const own = azureCloud({ ...config, authority: '' }).authority;
  return { authorityHost: cloud.authority, ...(cloud.authority === own ? {} : { disableInstanceDiscovery: true }) };
}
