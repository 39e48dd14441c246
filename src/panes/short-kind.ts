/** A kind as it is called on a screen where room is short; others keep their name. */
export function shortKind(kind: string): string {
  return shortKinds[kind] ?? kind;
}

const shortKinds: Readonly<Record<string, string>> = {
  CiliumNetworkPolicy: 'CNP',
  CiliumClusterwideNetworkPolicy: 'CCNP',
  CiliumEndpoint: 'CEP',
  CiliumEndpointSlice: 'CES',
  CiliumIdentity: 'CID',
  CiliumNodeConfig: 'CNC',
  NetworkPolicy: 'NP',
  NodeNetworkConfig: 'NNC',
};
