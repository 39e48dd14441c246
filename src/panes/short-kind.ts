import type { ObjectRef } from '../model/ref.ts';

/** `CNP pay/deny-all`. In kube-system everything here is at home: its name need not be said in every line. */
export function shortObject({ kind, namespace, name }: ObjectRef): string {
  return `${shortKind(kind)} ${namespace && namespace !== 'kube-system' ? `${namespace}/` : ''}${name}`;
}

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
