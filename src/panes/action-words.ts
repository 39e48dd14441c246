import type { Action } from '../actions/action.ts';
import { captureFlows } from '../actions/capture-flows.ts';
import { cordon } from '../actions/cordon.ts';
import { deleteStaleSlice } from '../actions/delete-stale-slice.ts';
import { drain } from '../actions/drain.ts';
import { endCapture } from '../actions/end-capture.ts';
import { labelExclusion } from '../actions/label-exclusion.ts';
import { recreatePod } from '../actions/recreate-pod.ts';
import { removeStuckTaint } from '../actions/remove-stuck-taint.ts';
import { restartAgent } from '../actions/restart-agent.ts';
import { restartOperator } from '../actions/restart-operator.ts';
import { rolloutRestart } from '../actions/rollout-restart.ts';
import { uncordon } from '../actions/uncordon.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Frame, Word } from '../ui/pane.ts';
import { act } from './act.tsx';
import type { PaneProps } from './pane-props.ts';
import { actionsView } from './views.ts';

/** A `:` word for each change: it leads to the same plan as its key. */
export function actionWords({ store, road }: Pick<PaneProps, 'store' | 'road'>): readonly Word[] {
  const names = (list: (snapshot: Snapshot) => readonly string[]) => (typed: readonly string[]) =>
    list(store.get())
      .filter((name) => name.startsWith(typed.at(-1) ?? ''))
      .sort();
  const nodes = names(({ tables }) => [...tables.nodes.rows.values()].map(({ name }) => name));
  const begin = <T>(action: Action<T>, target: T, frame: Frame) => act(action, target, { road }, frame);
  /** Without its argument it says what it takes. */
  const word = (name: string, title: string, args: string, more: Pick<Word, 'complete' | 'run'>): Word => ({
    word: name,
    title,
    args,
    ...more,
    run(given, frame) {
      if (given.length === 0) frame.flash(`:${name} takes ${args}`, 'warning');
      else more.run(given, frame);
    },
  });
  return [
    word('restart-agent', restartAgent.title, 'NODE', {
      complete: nodes,
      run: ([node = ''], frame) => begin(restartAgent, { node }, frame),
    }),
    word('restart-operator', restartOperator.title, 'leader | all', {
      complete: () => ['leader', 'all'],
      run([which = ''], frame) {
        if (which === 'leader' || which === 'all') begin(restartOperator, { which }, frame);
        else frame.flash(':restart-operator takes leader or all', 'warning');
      },
    }),
    word('recreate-pod', recreatePod.title, 'NAMESPACE/NAME', {
      complete: names(({ tables }) => [...tables.pods.rows.values()].map((pod) => `${pod.namespace}/${pod.name}`)),
      run([pod = ''], frame) {
        const [namespace = '', name = ''] = pod.split('/');
        begin(recreatePod, { namespace, name }, frame);
      },
    }),
    word('resync', 'the ladder of what brings a slice back in step', 'SLICE', {
      complete: names(sliceNames),
      run: ([name = ''], frame) => frame.go(actionsView({ kind: 'CiliumEndpointSlice', name })),
    }),
    word('delete-slice', deleteStaleSlice.title, 'SLICE', {
      complete: names(sliceNames),
      run: ([name = ''], frame) => begin(deleteStaleSlice, { name }, frame),
    }),
    word('remove-taint', removeStuckTaint.title, 'NODE', {
      complete: nodes,
      run: ([node = ''], frame) => begin(removeStuckTaint, { node }, frame),
    }),
    word('cordon', cordon.title, 'NODE', {
      complete: nodes,
      run: ([node = ''], frame) => begin(cordon, { node }, frame),
    }),
    word('uncordon', uncordon.title, 'NODE', {
      complete: names(({ tables }) =>
        [...tables.nodes.rows.values()].filter((row) => row.unschedulable).map(({ name }) => name),
      ),
      run: ([node = ''], frame) => begin(uncordon, { node }, frame),
    }),
    word('drain', drain.title, 'NODE', {
      complete: nodes,
      run: ([node = ''], frame) => begin(drain, { node }, frame),
    }),
    word('exclude-label', labelExclusion.title, 'KEY …', {
      run: (keys, frame) => begin(labelExclusion, { keys }, frame),
    }),
    word('capture-flows', captureFlows.title, 'NAMESPACE [10m]', {
      complete: names(({ tables }) => [...tables.namespaces.rows.values()].map(({ name }) => name)),
      run: ([namespace = '', minutes = '10'], frame) =>
        begin(captureFlows, { namespace, minutes: Number(minutes.replace(/m(in)?$/, '')) }, frame),
    }),
    word('end-capture', endCapture.title, 'NAME', {
      complete: names(({ tables }) => [...tables.containerNetworkLogs.rows.values()].map(({ name }) => name)),
      run: ([name = ''], frame) => begin(endCapture, { name }, frame),
    }),
    { word: 'restart-agents', title: rolloutRestart.title, run: (_args, frame) => begin(rolloutRestart, {}, frame) },
  ];
}

function sliceNames({ tables }: Snapshot): readonly string[] {
  return [...tables.ciliumEndpointSlices.rows.values()].map(({ name }) => name);
}
