import type { Config } from '../../config.ts';
import { UserError } from '../../errors.ts';
import { kinds } from '../../model/kinds.ts';
import { at } from '../../model/objects/raw.ts';
import type { ClusterTraces } from '../../sources/azure/find-cluster.ts';
import { readOnce } from '../../sources/read-once.ts';

/** Where the cluster of the kubeconfig is in Azure, as its nodes say. Throws UserError. */
export async function clusterTraces(
  config: Config,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<ClusterTraces> {
  const { group, versions, plural, kind } = kinds.nodes;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(config.requestMs)]);
  const reading = await readOnce(config, env, limit).catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(error.what, `${error.hint} Without a cluster, name the workspace with --workspace.`.trim());
  });
  try {
    const nodes = await reading.list({ group, versions, plural, kind, namespace: '', fieldSelector: '' }, limit);
    const ids = nodes.map((node) => at(node, 'spec', 'providerID')).filter((id) => typeof id === 'string');
    const { server } = reading.cluster;
    return { providerIds: ids, host: URL.canParse(server) ? new URL(server).hostname : '' };
  } finally {
    await reading.close();
  }
}
