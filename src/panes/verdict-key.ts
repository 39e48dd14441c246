import type { ObjectRef } from '../model/ref.ts';
import type { Binding } from '../ui/keys/binding.ts';
import type { Frame, View } from '../ui/pane.ts';
import { policyKinds } from './policy-kinds.ts';
import { policyView, reachView } from './views.ts';

type Context<R> = Readonly<{ row: R | undefined; frame: Frame }>;

/**
 * `v` on what opens or takes connections: who may reach it, and from there why. On any other object it says why not; where
 * there is none it is the verdict on the cluster, as everywhere.
 */
export function verdictKey<R>(refOf: (row: R) => ObjectRef | undefined): Binding<Context<R>> {
  const on = ({ row }: Context<R>) => (row === undefined ? undefined : refOf(row));
  return {
    keys: ['v'],
    title: 'who may reach it',
    rank: 7,
    applies: (context) => on(context) !== undefined,
    unless(context) {
      const ref = on(context);
      return ref && viewOf(ref) === undefined ? `a ${plainKind(ref)} has no connections of its own` : undefined;
    },
    run(context) {
      const ref = on(context);
      const view = ref && viewOf(ref);
      if (view !== undefined) context.frame.go(view);
    },
  };
}

/** A policy has a page of its own that tells whom it concerns. */
function viewOf(ref: ObjectRef): View | undefined {
  const policy = policyKinds.find(({ kind }) => kind === plainKind(ref));
  if (policy !== undefined) return policyView({ kind: policy.kind, namespace: ref.namespace ?? '', name: ref.name });
  const end = endName(ref);
  return end === undefined ? undefined : reachView(end);
}

/** How a question names the object as an end of a connection; undefined where it is none. */
export function endName(ref: ObjectRef): string | undefined {
  if (ref.kind === 'Node') return `node/${ref.name}`;
  const prefix = prefixes[plainKind(ref)];
  return prefix === undefined ? undefined : `${prefix}${ref.namespace ?? ''}/${ref.name}`;
}

/** A Cilium endpoint is called like its pod. */
const prefixes: Readonly<Record<string, string>> = {
  Pod: 'pod/',
  CiliumEndpoint: 'pod/',
  Service: 'svc/',
  Deployment: 'deploy/',
  StatefulSet: 'sts/',
  DaemonSet: 'ds/',
  ReplicaSet: 'rs/',
  Job: 'job/',
};

/** `Deployment.apps` is a Deployment. */
function plainKind({ kind }: ObjectRef): string {
  return kind.split('.')[0] ?? kind;
}
