import type { Config } from '../../config.ts';
import { UserError } from '../../errors.ts';
import { type KindId, kinds } from '../../model/kinds.ts';
import { list, record, text } from '../../model/objects/raw.ts';
import type { RawObject } from '../../model/objects/row.ts';
import { versionOfImage } from '../../model/versions.ts';
import { type Listed, type Reading, readOnce } from '../../sources/read-once.ts';

/** The objects of a live cluster that verdicts rest on, and the version of its Cilium, '' where nobody knows. */
export type LiveState = { objects: readonly RawObject[]; version: string; cluster: ReadCluster };
/** The context it was reached by, and its address. */
export type ReadCluster = Reading['cluster'];

/** Reads the cluster once. Throws a UserError when any of it cannot be read: a verdict without it could be wrong. */
export async function readLiveState(config: Config, env: NodeJS.ProcessEnv, timeoutMs: number): Promise<LiveState> {
  const { lists, cluster } = await readLists([...surroundings, ...policies], config, env, timeoutMs);
  const agents = (lists[0] ?? []).filter((raw) => record(raw.metadata).name === 'cilium');
  return { objects: lists.flat(), version: agents.map(versionOf).find((version) => version !== '') ?? '', cluster };
}

/** What people write of it: the policies and the groups they name. Throws as `readLiveState` does. */
export async function readLivePolicies(
  config: Config,
  env: NodeJS.ProcessEnv,
  timeoutMs: number,
): Promise<Pick<LiveState, 'objects' | 'cluster'>> {
  const { lists, cluster } = await readLists(policies, config, env, timeoutMs);
  return { objects: lists.flat(), cluster };
}

async function readLists(
  wanted: readonly Listed[],
  config: Config,
  env: NodeJS.ProcessEnv,
  timeoutMs: number,
): Promise<{ lists: readonly (readonly RawObject[])[]; cluster: ReadCluster }> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const reading = await readOnce(config, env, signal);
    try {
      const results = await Promise.allSettled(wanted.map((one) => reading.list(one, signal)));
      signal.throwIfAborted();
      refuseFailed(results.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : [])));
      return {
        lists: results.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])),
        cluster: reading.cluster,
      };
    } finally {
      await reading.close();
    }
  } catch (error) {
    // Whatever broke off then, it was the time.
    if (signal.aborted) throw new UserError('The cluster did not answer in time.', 'Give it longer with --timeout 2m.');
    throw error;
  }
}

/** All the rights that are missing at once: asking for them takes days. Anything else that failed comes first. */
function refuseFailed(reasons: readonly unknown[]): void {
  const missing = reasons.filter((one) => one instanceof UserError).filter(({ kind }) => kind === 'forbidden');
  const other = reasons.find((one) => !(one instanceof UserError && one.kind === 'forbidden'));
  if (other !== undefined) throw other;
  const [first] = missing;
  if (missing.length === 1 && first) throw first;
  if (missing.length > 0)
    throw new UserError(
      `No permission: ${missing.map(({ what }) => what.replace(/^No permission: |\.$/g, '')).join(', ')}.`,
      'Ask for these rights: policies are judged in the whole cluster.',
      'forbidden',
    );
}

/** A kind that the console watches, too. */
function watched(id: KindId, more: Partial<Listed> = {}): Listed {
  const { group, versions, plural, kind } = kinds[id];
  return { group, versions, plural, kind, namespace: '', fieldSelector: '', ...more };
}

function other(group: string, versions: readonly string[], plural: string, kind: string): Listed {
  return { group, versions, plural, kind, namespace: '', fieldSelector: '' };
}

const system = { namespace: 'kube-system' };

const surroundings: readonly Listed[] = [
  watched('daemonSets', system),
  watched('configMaps', { ...system, fieldSelector: 'metadata.name=cilium-config' }),
  watched('nodes'),
  watched('namespaces'),
  watched('pods'),
  watched('services'),
  watched('endpointSlices'),
  watched('ciliumEndpoints'),
  watched('ciliumIdentities'),
  other('policy.networking.k8s.io', ['v1alpha2'], 'clusternetworkpolicies', 'ClusterNetworkPolicy'),
  other('policy.networking.k8s.io', ['v1alpha1'], 'adminnetworkpolicies', 'AdminNetworkPolicy'),
  other('policy.networking.k8s.io', ['v1alpha1'], 'baselineadminnetworkpolicies', 'BaselineAdminNetworkPolicy'),
];

const policies: readonly Listed[] = [
  watched('networkPolicies'),
  watched('ciliumNetworkPolicies'),
  watched('ciliumClusterwideNetworkPolicies'),
  other('cilium.io', ['v2', 'v2alpha1'], 'ciliumcidrgroups', 'CiliumCIDRGroup'),
];

/** By the image of the agent's DaemonSet (domain §2.1). */
function versionOf(agents: RawObject): string {
  const spec = record(record(record(agents.spec).template).spec);
  const images = list(spec.containers).map((container) => text(record(container).image, 500));
  return images.map((image) => versionOfImage(image)?.version ?? '').find((version) => version !== '') ?? '';
}
