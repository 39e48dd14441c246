import type { ObjectRef } from '../model/ref.ts';
import type { TruthTarget } from '../model/truth/truth.ts';
import type { Binding } from '../ui/keys/binding.ts';
import type { Frame, View } from '../ui/pane.ts';

type Context<R> = Readonly<{ row: R | undefined; frame: Frame }>;

/** `=`: is what the agents have realised what is intended? Of pods, which endpoints are called like, and of nodes. */
export function truthKey<R>(refOf: (row: R) => ObjectRef | undefined): Binding<Context<R>> {
  const target = ({ row }: Context<R>) => {
    const ref = row === undefined ? undefined : refOf(row);
    return ref === undefined ? undefined : truthTarget(ref);
  };
  return {
    keys: ['='],
    title: 'truth check',
    unless: (context) =>
      target(context) === undefined ? 'only pods and nodes can be checked against their agent' : undefined,
    run(context) {
      const about = target(context);
      if (about) context.frame.go(truthView(about));
    },
  };
}

/** `u`: everything a pod's network rests on. */
export function treeKey<R>(refOf: (row: R) => ObjectRef | undefined): Binding<Context<R>> {
  const pod = ({ row }: Context<R>) => {
    const target = row === undefined ? undefined : truthTarget(refOf(row) ?? { kind: '', name: '' });
    return target?.kind === 'Pod' ? target : undefined;
  };
  return {
    keys: ['u'],
    title: 'what it rests on',
    word: 'rests-on',
    unless: (context) => (pod(context) === undefined ? 'only of pods is told what they rest on' : undefined),
    run(context) {
      const about = pod(context);
      if (about) context.frame.go({ pane: 'tree', args: ['pod', `${about.namespace}/${about.name}`] });
    },
  };
}

export function truthTarget({ kind, namespace = '', name }: ObjectRef): TruthTarget | undefined {
  if (kind === 'Node' || kind === 'CiliumNode') return { kind: 'Node', name };
  return kind === 'Pod' || kind === 'CiliumEndpoint' ? { kind: 'Pod', namespace, name } : undefined;
}

function truthView(target: TruthTarget): View {
  if (target.kind === 'Node') return { pane: 'truth', args: ['node', target.name] };
  return { pane: 'truth', args: ['pod', `${target.namespace}/${target.name}`] };
}
