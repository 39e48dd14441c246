import type { ObjectRef } from '../model/ref.ts';
import type { Binding } from '../ui/keys/binding.ts';
import type { Frame, View } from '../ui/pane.ts';
import { actionsKey } from './actions-key.ts';
import { runbooksAbout } from './runbooks-for.ts';
import { treeKey, truthKey } from './truth-key.ts';
import { logView, objectView, queryView, runbookAbout } from './views.ts';

type Context<R> = Readonly<{ row: R | undefined; frame: Frame }>;

/** The keys every list of objects shares: YAML, describe, its logs where it is a pod, its node, copy its name, what can be done to it. */
export function objectKeys<R>(
  refOf: (row: R) => ObjectRef | undefined,
  more: {
    pod?(row: R): { namespace: string; name: string } | undefined;
    node?(row: R): string | undefined;
    /** Of whom the truth is asked, where that is another: of an agent its node. */
    realised?(row: R): ObjectRef | undefined;
  } = {},
): readonly Binding<Context<R>>[] {
  const on = (row: R | undefined) => (row === undefined ? undefined : refOf(row));
  const none = ({ row }: Context<R>) => (on(row) === undefined ? 'there is no object under the cursor' : undefined);
  const pod = ({ row }: Context<R>) => (row === undefined ? undefined : more.pod?.(row));
  const noPod = (context: Context<R>) =>
    none(context) ?? (pod(context) === undefined ? 'only pods have logs' : undefined);
  const openLog = (context: Context<R>, run: 'current' | 'previous') => {
    const target = pod(context);
    if (target) context.frame.go(logView(target.namespace, target.name, '', run));
  };
  return [
    { keys: ['y'], title: 'YAML', rank: 20, unless: none, run: ({ row, frame }) => go(frame, on(row), 'yaml') },
    { keys: ['d'], title: 'describe', rank: 21, unless: none, run: ({ row, frame }) => go(frame, on(row), 'describe') },
    { keys: ['l'], title: 'logs', unless: noPod, run: (context) => openLog(context, 'current') },
    { keys: ['p'], title: 'previous logs', unless: noPod, run: (context) => openLog(context, 'previous') },
    {
      keys: ['o'],
      title: 'its node',
      unless: ({ row }) => (row === undefined || !more.node?.(row) ? 'it stands on no node' : undefined),
      run: ({ row, frame }) => {
        const node = row === undefined ? undefined : more.node?.(row);
        if (node) frame.go(objectView({ kind: 'Node', name: node }, 'describe'));
      },
    },
    {
      keys: ['F'],
      title: 'its flows',
      word: 'flows',
      unless: ({ row }) => {
        const ref = on(row);
        return ref !== undefined && hasFlows(ref) ? undefined : 'flows are of pods, endpoints and nodes';
      },
      run: ({ row, frame }) => {
        const ref = on(row);
        if (ref !== undefined) frame.go(flowsView(ref));
      },
    },
    {
      keys: ['r'],
      title: 'runbooks about it',
      unless: ({ row }) => {
        const ref = on(row);
        if (ref === undefined) return 'there is no object under the cursor';
        return runbooksAbout(ref).length === 0 ? `no runbook is about a ${ref.kind}` : undefined;
      },
      run: ({ row, frame }) => {
        const ref = on(row);
        if (ref) frame.go(runbookAbout('', ref));
      },
    },
    {
      keys: ['c'],
      title: 'copy name',
      unless: none,
      run: ({ row, frame }) => {
        const ref = on(row);
        if (ref) frame.copy(ref.namespace ? `${ref.namespace}/${ref.name}` : ref.name);
      },
    },
    truthKey<R>(more.realised ?? refOf),
    treeKey<R>(refOf),
    actionsKey<R>(refOf),
  ];
}

/** A Cilium endpoint is called like its pod. */
function hasFlows({ kind }: ObjectRef): boolean {
  return kind === 'Pod' || kind === 'Node' || kind.startsWith('CiliumEndpoint');
}

function flowsView({ kind, namespace = '', name }: ObjectRef): View {
  return kind === 'Node'
    ? queryView('flows', `node=${name}`)
    : queryView('flows', `namespace=${namespace}`, `pod=${name}`);
}

function go(frame: Frame, ref: ObjectRef | undefined, tab: 'yaml' | 'describe'): void {
  if (ref) frame.go(objectView(ref, tab));
}
