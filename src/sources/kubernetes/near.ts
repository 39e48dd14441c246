/** On this machine, or in the cluster we run in: bytes are cheaper than the time to unpack them. */
export function isNear(server: string): boolean {
  const { hostname } = new URL(server);
  return /^(localhost$|127\.|\[::1\])/.test(hostname) || isInCluster(server);
}

function isInCluster(server: string): boolean {
  return server === `https://${process.env.KUBERNETES_SERVICE_HOST}:${process.env.KUBERNETES_SERVICE_PORT}`;
}
