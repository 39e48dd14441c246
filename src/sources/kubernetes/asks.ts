import { UserError } from '../../errors.ts';
import type { Asks } from '../../model/asks.ts';
import type { ApiClient } from './api-client.ts';
import { createDiscovery } from './discovery.ts';
import { listObjects } from './list-objects.ts';
import type { LogSignsKeeper } from './log-signs.ts';
import { readEvents } from './object-events.ts';
import { followLog } from './pod-log.ts';
import { readCertificates } from './secret-certificates.ts';
import { followTable } from './server-table.ts';

/** What is read on demand, always of the cluster that is current when it is asked. */
export function createAsks(
  client: () => ApiClient,
  silenceMs: number,
  signs: Pick<LogSignsKeeper, 'listen'>,
): Pick<Asks, 'object' | 'objects' | 'resources' | 'table' | 'logs' | 'events' | 'certificates'> {
  const discovery = createDiscovery();
  return {
    async object(resource, namespace, name, signal) {
      // Its path is that of the list, which is answered with something else.
      if (name === '') throw new UserError('No object is named.');
      const root = resource.group === '' ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`;
      const scope = namespace === '' ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
      const path = `${root}${scope}/${resource.plural}/${encodeURIComponent(name)}`;
      return client().json({ verb: 'GET', resource: resource.plural, path, signal });
    },
    objects: (resource, scope, signal) => listObjects(client(), resource, scope, signal),
    resources: (signal) => discovery.resources(client(), signal),
    table: (resource, scope, signal) => followTable({ client: client(), resource, scope, silenceMs, signal }),
    logs: (request, signal) => signs.listen(request, followLog(client(), request, signal)),
    events: (ref, signal) => readEvents(client(), ref, signal),
    certificates: (namespace, name, signal) => readCertificates(client(), namespace, name, signal),
  };
}
