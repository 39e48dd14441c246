// What takes up ContainerNetworkLogs: with ACNS each gets a status, once the agents on the nodes log by it.
import type { KubeObject } from '../../cluster.ts';
import type { Core } from '../core.ts';
import { timeOf } from '../shapes.ts';

/** From the object to the nodes. */
const takenUp = 5_000;

type FlowLog = KubeObject & { status?: { state: string; timestamp: string } };

export function runFlowCollection(core: Core): void {
  if (!core.options.acns) return;
  core.listen((event) => {
    const { resource, type, object } = event;
    if (resource.kind !== 'ContainerNetworkLog' || type !== 'ADDED' || object['status'] !== undefined) return;
    const { name } = object.metadata;
    core.after(takenUp, () =>
      core.edit<FlowLog>('ContainerNetworkLog', '', name, 'retina-operator', undefined, (log) => {
        if (log.status !== undefined) return false;
        log.status = { state: 'CONFIGURED', timestamp: timeOf(core.now()) };
        return undefined;
      }),
    );
  });
}
