import { UserError } from '../../errors.ts';
import type { Asks } from '../../model/asks.ts';
import type { ApiClient } from './api-client.ts';
import { createDiscovery } from './discovery.ts';
import { readEvents } from './object-events.ts';
import { runInPod } from './pod-exec.ts';
import { followLog } from './pod-log.ts';
import { followTable } from './server-table.ts';

/** What is read on demand, always of the cluster that is current when it is asked. */
export function createAsks(
  client: () => ApiClient,
  silenceMs: number,
): Pick<Asks, 'object' | 'resources' | 'table' | 'logs' | 'exec' | 'follow' | 'events'> {
  const discovery = createDiscovery();
  return {
    object(resource, namespace, name, signal) {
      const root = resource.group === '' ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`;
      const scope = namespace === '' ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
      const path = `${root}${scope}/${resource.plural}/${encodeURIComponent(name)}`;
      return client().json({ verb: 'GET', resource: resource.plural, path, signal });
    },
    resources: (signal) => discovery.resources(client(), signal),
    table: (resource, scope, signal) => followTable({ client: client(), resource, scope, silenceMs, signal }),
    logs: (request, signal) => followLog(client(), request, signal),
    exec: (target, command, limitMs, signal) => runInPod(client(), target, command, limitMs, signal),
    // biome-ignore lint/correctness/useYield: nothing can be followed yet.
    async *follow(_target, command) {
      throw new UserError(`"${command.join(' ')}" cannot be followed yet.`);
    },
    events: (ref, signal) => readEvents(client(), ref, signal),
  };
}
