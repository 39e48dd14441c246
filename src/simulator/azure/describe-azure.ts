import { writeFileSync } from 'node:fs';
import { azurePlace, workspaceId } from './azure-settings.ts';
import { type Azure, azureEnvironment } from './start-azure.ts';

/** What `simulate` says of its Azure in its first line; the authority's certificate is written to `ca`. */
export function describeAzure(azure: Azure, certificate: string, ca: string) {
  writeFileSync(ca, certificate, { mode: 0o600 });
  const { tenant, subscription, resourceGroup, cluster, workspaceGuid } = azurePlace;
  return {
    authority: azure.url,
    arm: azure.url,
    logs: azure.url,
    ca,
    ...{ tenant, subscription, resourceGroup, cluster },
    workspace: workspaceGuid,
    workspaceId: workspaceId(),
    env: azureEnvironment(azure, ca),
  };
}
