import { UserError } from '../errors.ts';
import { list, record, text } from '../model/objects/raw.ts';
import type { RawObject } from '../model/objects/row.ts';
import type { Action } from './action.ts';
import { planOf } from './plan-of.ts';
import { readNode, schedulableRequest, seenSchedulable } from './schedulable.ts';
import { sendPlanned } from './send-planned.ts';

export const uncordon: Action<{ node: string }> = {
  id: 'uncordon',
  title: 'uncordon a node',
  says: 'Takes the mark off a cordoned node, so that new pods come onto it again. Nothing moves back by itself. :undo cordons it again.',
  dangerous: false,
  rights: [{ verb: 'patch', group: '', plural: 'nodes', namespace: '' }],
  async plan({ node }, world, signal) {
    const live = await readNode(world, node, signal);
    if (record(live.spec).unschedulable !== true) {
      throw new UserError(`${node} is not cordoned: nothing keeps new pods off it but what its taints say.`);
    }
    const snapshot = world.snapshot();
    return planOf({
      action: 'uncordon',
      title: `uncordon Node ${node}`,
      request: schedulableRequest(node, live, true),
      live,
      reach: ['Pods that left it do not come back by themselves; the scheduler counts with it from now on.'],
      warnings: [
        ...(snapshot.tables.nodes.named('', node)?.ready === 'True'
          ? []
          : ['The node is not Ready: pods on it would not start.']),
        ...keptOff(live),
      ],
      world,
      signal,
      own: {
        sentence: `Lets new pods onto Node ${node} again.`,
        undo: ':undo cordons it again.',
        verify: 'Done when the watch shows the node as schedulable.',
        done: (now) => seenSchedulable(now, node, true),
      },
    });
  },
  run: sendPlanned,
};

/** Its own mark is a taint, too, and goes with it. */
function keptOff(live: RawObject): readonly string[] {
  const taints = list(record(live.spec).taints)
    .map(record)
    .filter(({ effect, key }) => effect !== 'PreferNoSchedule' && key !== 'node.kubernetes.io/unschedulable')
    .map(({ key }) => text(key));
  return taints.length === 0 ? [] : [`Its taints keep pods off all the same: ${taints.join(', ')}.`];
}
