import { at, list, text } from '../../model/objects/raw.ts';
import { type Kubeconfig, parseKubeconfig } from '../kubernetes/kubeconfig.ts';
import { apiVersions } from './api-versions.ts';
import type { ArmClient } from './arm-client.ts';
import { AzureProblem } from './azure-problem.ts';

/**
 * The user credentials of a managed cluster, as `az aks get-credentials` would write them; they stay in memory. Rejects
 * with an AzureProblem.
 */
export async function askUserKubeconfig(arm: ArmClient, clusterId: string, signal?: AbortSignal): Promise<Kubeconfig> {
  const { body } = await arm.send(
    {
      ...{ method: 'POST', path: `${clusterId}/listClusterUserCredential`, apiVersion: apiVersions.containerService },
      ...{ asked: 'get the user credentials of the cluster', role: 'Azure Kubernetes Service Cluster User Role' },
    },
    signal,
  );
  const [first] = list(at(body, 'kubeconfigs'), 10);
  const value = at(first, 'value');
  if (typeof value !== 'string') {
    throw new AzureProblem('server', "Azure's answer makes no sense: it brings no kubeconfig.");
  }
  // Whoever may ask for credentials is not asked for a folder: a path in it could only be of another machine.
  return parseKubeconfig(Buffer.from(value, 'base64').toString(), `that Azure gave (${text(at(first, 'name'))})`, '/');
}
