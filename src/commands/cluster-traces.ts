import type { Config } from '../config.ts';
import { UserError } from '../errors.ts';
import { kinds } from '../model/kinds.ts';
import { at } from '../model/objects/raw.ts';
import type { ClusterTraces } from '../sources/azure/find-cluster.ts';
import { readOnce } from '../sources/read-once.ts';

/** Where the cluster of the kubeconfig is in Azure, as its nodes say. Throws UserError, with what would do `otherwise`. */
export async function clusterTraces(
  config: Config,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
  otherwise: string,
): Promise<ClusterTraces> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(config.requestMs)]);
  const worded = (error: unknown): never => {
    if (error instanceof UserError) throw new UserError(error.what, `${error.hint} ${otherwise}`.trim());
    if (!limit.aborted || signal.aborted) throw error;
    throw new UserError('The API server did not say in time which nodes the cluster has.', otherwise);
  };
  const reading = await readOnce(config, env, limit).catch(worded);
  try {
    const { group, versions, plural, kind } = kinds.nodes;
    const nodes = await reading
      .list({ group, versions, plural, kind, namespace: '', fieldSelector: '' }, limit)
      .catch(worded);
    const ids = nodes.map((node) => at(node, 'spec', 'providerID')).filter((id) => typeof id === 'string');
    const { server } = reading.cluster;
    return { providerIds: ids, host: URL.canParse(server) ? new URL(server).hostname : '' };
  } finally {
    await reading.close();
  }
}
