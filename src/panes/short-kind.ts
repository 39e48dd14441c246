import type { ObjectRef } from '../model/ref.ts';

/** `CNP pay/deny-all`. In kube-system everything here is at home: its name need not be said in every line. */
export function shortObject({ kind, namespace, name }: ObjectRef): string {
  return `${shortKind(kind)} ${namespace && namespace !== 'kube-system' ? `${namespace}/` : ''}${name}`;
}

/** `8 Deployments in identity`, `6 Nodes aks-np2-25562055-vmss…`: how many, and what their names or namespaces share. */
export function shortObjects(refs: readonly ObjectRef[]): string {
  const [first] = refs;
  if (first === undefined) return '';
  if (refs.length === 1) return shortObject(first);
  const kind = shortKind(first.kind);
  const many = `${refs.length} ${kind}${/[A-Zy]$/.test(kind) ? '' : 's'}`;
  const names = commonStart(refs.map(({ name }) => name));
  const namespaces = [...new Set(refs.map(({ namespace = '' }) => namespace))];
  const [namespace = ''] = namespaces;
  const inside = namespaces.length > 1 ? `${namespaces.length} namespaces` : namespace;
  const where = inside === '' || inside === 'kube-system' ? '' : ` in ${inside}`;
  return `${many}${names.length > 3 ? ` ${names}…` : ''}${where}`;
}

function commonStart(names: readonly string[]): string {
  const [first = '', ...others] = names;
  let length = 0;
  while (length < first.length && others.every((name) => name[length] === first[length])) length += 1;
  return first.slice(0, length).toWellFormed();
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
