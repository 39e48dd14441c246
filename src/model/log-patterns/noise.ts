/** Warnings that Cilium's own tests ignore (domain §5, last line): never shown as classified. */
export const noise: readonly string[] = [
  'Unable to get node resource',
  ' PodCIDR not available',
  'service not found',
  'retrieved nil details for Service',
  'v1 Endpoints is deprecated in v1.33+',
  'Failed to get identity labels for endpoint',
  'using fallback value for env var',
];
