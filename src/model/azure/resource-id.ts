// Names inside resource IDs (/subscriptions/…/resourceGroups/…): their segments come in any case.

/** What follows this segment: `partOf(id, 'resourceGroups')`; '' where it is not there. */
export function partOf(id: string, segment: string): string {
  const parts = id.split('/');
  const wanted = segment.toLowerCase();
  const found = parts.findIndex((part) => part.toLowerCase() === wanted);
  return found < 0 ? '' : (parts[found + 1] ?? '');
}

/** Each part encoded, as a request has it. */
export function managedClusterPath(of: { subscription: string; resourceGroup: string; name: string }): string {
  const [subscription, group, name] = [of.subscription, of.resourceGroup, of.name].map(encodeURIComponent);
  return `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.ContainerService/managedClusters/${name}`;
}

/** What people call it: the last segment. */
export function nameOfResource(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

/** Two IDs of one thing: Azure answers with one case here and another there. */
export function isSameResource(a: string, b: string): boolean {
  const plain = (id: string) => id.toLowerCase().replace(/\/+$/, '');
  return a !== '' && plain(a) === plain(b);
}
