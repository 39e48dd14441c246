import { UserError } from '../errors.ts';
import { record } from '../model/objects/raw.ts';
import type { Action } from './action.ts';
import { counted } from './names.ts';
import { planOf } from './plan-of.ts';
import { otherNodes, readNode, schedulableRequest, seenSchedulable } from './schedulable.ts';
import { sendPlanned } from './send-planned.ts';

export const cordon: Action<{ node: string }> = {
  id: 'cordon',
  title: 'cordon a node',
  says: 'Marks one node as unschedulable: no new pods come onto it, those that are there stay. Pods of DaemonSets come all the same. :undo takes the mark away again.',
  dangerous: false,
  rights: [{ verb: 'patch', group: '', plural: 'nodes', namespace: '' }],
  async plan({ node }, world, signal) {
    const live = await readNode(world, node, signal);
    if (record(live.spec).unschedulable === true) {
      throw new UserError(`${node} is cordoned already: no new pods come onto it.`, 'Drain it, or uncordon it.');
    }
    const snapshot = world.snapshot();
    const others = otherNodes(snapshot, node).length;
    const here = snapshot.tables.pods.by('node', node).length;
    return planOf({
      action: 'cordon',
      title: `cordon Node ${node}`,
      request: schedulableRequest(node, live, false),
      live,
      reach: [
        `${counted(here, 'pod')} on it ${here === 1 ? 'stays' : 'stay'}; ${counted(others, 'other node')} ready for new ones`,
      ],
      warnings: others === 0 ? ['No other node takes new pods: whatever must be scheduled from now on waits.'] : [],
      world,
      signal,
      own: {
        sentence: `Lets no new pods onto Node ${node}.`,
        undo: ':undo lets new pods onto it again.',
        verify: 'Done when the watch shows the node as unschedulable.',
        done: (now) => seenSchedulable(now, node, false),
      },
    });
  },
  run: sendPlanned,
};
