/** A path of Azure Resource Manager, taken apart. Names keep their case, types and the namespace lose it. */
export type ArmPath = {
  /** As asked. */
  id: string;
  /** What stands before the provider: a subscription, a group, or the resource that an extension is about; '' = the tenant. */
  scope: string;
  subscription: string;
  resourceGroup: string;
  /** Lower case, as `microsoft.containerservice`; groups and subscriptions are `microsoft.resources`. */
  namespace: string;
  /** Types with `*` in the place of names: `managedclusters`, of one cluster `managedclusters/*`. Lower case. */
  shape: string;
  /** The names that stand in those places. */
  names: readonly string[];
  /** `Microsoft.ContainerService/managedClusters/agentPools` in the case that was asked. */
  type: string;
};

/** Undefined: not a path of ARM's. */
export function parseArmPath(path: string): ArmPath | undefined {
  const parts = path.split('/').filter((part) => part !== '');
  const provider = parts.map((part) => part.toLowerCase()).lastIndexOf('providers');
  const scope = provider === -1 ? [] : parts.slice(0, provider);
  const [namespace = '', ...rest] = provider === -1 ? ['Microsoft.Resources', ...parts] : parts.slice(provider + 1);
  if (rest.length === 0 || (provider === -1 && rest[0]?.toLowerCase() !== 'subscriptions')) return undefined;
  const types = rest.filter((_, index) => index % 2 === 0);
  return {
    id: `/${parts.join('/')}`,
    scope: scope.length === 0 ? '' : `/${scope.join('/')}`,
    subscription: after(parts, 'subscriptions'),
    resourceGroup: after(parts, 'resourcegroups'),
    namespace: namespace.toLowerCase(),
    shape: rest.map((part, index) => (index % 2 === 0 ? part.toLowerCase() : '*')).join('/'),
    names: rest.filter((_, index) => index % 2 === 1),
    type: `${namespace}/${types.join('/')}`,
  };
}

/** What the activity log and a missing role call a request: `Microsoft.ContainerService/managedClusters/write`. */
export function actionOf(method: string, { type, shape }: ArmPath): string {
  if (method === 'GET' || method === 'HEAD') return `${type}/read`;
  if (method === 'PUT' || method === 'PATCH') return `${type}/write`;
  if (method === 'DELETE') return `${type}/delete`;
  return shape.endsWith('*') ? `${type}/write` : `${type}/action`;
}

function after(parts: readonly string[], word: string): string {
  const at = parts.findIndex((part) => part.toLowerCase() === word);
  return at === -1 ? '' : (parts[at + 1] ?? '');
}
