/** Names one object of the cluster as people name it. `namespace` is absent for cluster-scoped kinds. */
export type ObjectRef = { kind: string; namespace?: string; name: string };

/** `Pod shop/web-0`, `Node aks-np1-000000`. */
export function refText(ref: ObjectRef): string {
  return `${ref.kind} ${ref.namespace ? `${ref.namespace}/` : ''}${ref.name}`;
}

/** The key under which two references to the same object are equal. */
export function refKey(ref: ObjectRef): string {
  return `${ref.kind}|${ref.namespace ?? ''}|${ref.name}`;
}
