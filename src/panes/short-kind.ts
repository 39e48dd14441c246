import type { ObjectRef } from '../model/ref.ts';

/** `CNP pay/deny-all`. In kube-system everything here is at home: its name need not be said in every line. */
function shortObject(ref: ObjectRef): string {
  return `${shortKind(ref.kind)} ${inNamespace(ref)}`;
}

function inNamespace({ namespace, name }: ObjectRef): string {
  return `${namespace && namespace !== 'kube-system' ? `${namespace}/` : ''}${name}`;
}

function nodesText(nodes: readonly string[]): string {
  if (nodes.length === 1) return nodes[0] ?? '';
  const names = commonStart(nodes).replace(SCALE_SET, '-');
  return `${nodes.length} nodes${names.length > 3 ? ` ${names}…` : ''}`;
}

/** The same with shorter words, where a name would be cut otherwise: `deploy identity/api`, `26 pods, 4 ns`. */
export function tightObject(text: string): string {
  const kind = text.replace(
    /^(\d+ )?(Deployment|StatefulSet|DaemonSet|ConfigMap)(s?) /,
    (_, count = '', name: string) => `${count}${tightKinds[name]} `,
  );
  return kind.replace(/^(\d+) Pods /, '$1 pods ').replace(/ in (\d+) namespaces$/, ', $1 ns');
}

const tightKinds: Readonly<Record<string, string>> = {
  Deployment: 'deploy',
  StatefulSet: 'sts',
  DaemonSet: 'ds',
  ConfigMap: 'cm',
};

type Whose = Readonly<{ owner?: ObjectRef; nodes?: readonly string[] }>;

/**
 * How many, and what they share: `azure-cns: 6 pods` by the workload they are of, `42 Pods on 2 nodes aks-np2-…` where
 * they have only these in common, `8 Deployments in identity`, `6 Nodes aks-np2-…` by their namespace or names.
 */
export function shortObjects(refs: readonly ObjectRef[], { owner, nodes = [] }: Whose = {}): string {
  const [first] = refs;
  if (first === undefined) return '';
  if (refs.length === 1) return shortObject(first);
  if (owner !== undefined) return `${inNamespace(owner)}: ${refs.length} pods`;
  const kind = shortKind(first.kind);
  const many = `${refs.length} ${kind}${/[A-Zy]$/.test(kind) ? '' : 's'}`;
  const scattered = first.kind === 'Pod' && refs.some(({ namespace }) => namespace !== first.namespace);
  if (scattered && nodes.length > 0) return `${many} on ${nodesText(nodes)}`;
  const names = commonStart(refs.map(({ name }) => name))
    .replace(POD_TEMPLATE_HASH, '-')
    .replace(SCALE_SET, '-');
  const namespaces = [...new Set(refs.map(({ namespace = '' }) => namespace))];
  const [namespace = ''] = namespaces;
  const inside = namespaces.length > 1 ? `${namespaces.length} namespaces` : namespace;
  const said = inside === '' || (inside === 'kube-system' && names.length > 3);
  const where = said ? '' : ` in ${inside}`;
  return `${many}${names.length > 3 ? ` ${names}…` : ''}${where}`;
}

/** Kubernetes writes these hashes without vowels and look-alikes; they tell a reader nothing. */
const POD_TEMPLATE_HASH = /-[bcdfghjklmnpqrstvwxz2456789]{8,10}-[bcdfghjklmnpqrstvwxz2456789]*$/;

/** The pool's name before it is what a reader of an AKS node's name looks for. */
const SCALE_SET = /-\d{8}-vmss\w*$/;

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
