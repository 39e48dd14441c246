import type { Asks } from '../../model/asks.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import type { ApiClient } from './api-client.ts';
import { createDiscovery } from './discovery.ts';
import type { ExecBudget } from './exec-budget.ts';
import type { ExecTarget } from './exec-socket.ts';
import { listObjects } from './list-objects.ts';
import type { LogSignsKeeper } from './log-signs.ts';
import { readEvents } from './object-events.ts';
import { runInPod } from './pod-exec.ts';
import { followInPod } from './pod-follow.ts';
import { followLog } from './pod-log.ts';
import { readCertificates } from './secret-certificates.ts';
import { followTable } from './server-table.ts';

/** What is read on demand, always of the cluster that is current when it is asked. */
export function createAsks(
  client: () => ApiClient,
  silenceMs: number,
  budget: ExecBudget,
  signs: Pick<LogSignsKeeper, 'listen'>,
): Pick<Asks, 'object' | 'objects' | 'resources' | 'table' | 'logs' | 'exec' | 'follow' | 'events' | 'certificates'> {
  const discovery = createDiscovery();
  return {
    object(resource, namespace, name, signal) {
      const root = resource.group === '' ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`;
      const scope = namespace === '' ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
      const path = `${root}${scope}/${resource.plural}/${encodeURIComponent(name)}`;
      return client().json({ verb: 'GET', resource: resource.plural, path, signal });
    },
    objects: (resource, scope, signal) => listObjects(client(), resource, scope, signal),
    resources: (signal) => discovery.resources(client(), signal),
    table: (resource, scope, signal) => followTable({ client: client(), resource, scope, silenceMs, signal }),
    logs: (request, signal) => signs.listen(request, followLog(client(), request, signal)),
    async exec(target, command, limitMs, signal) {
      // Whoever waits for a place means the cluster of when they asked.
      const of = client();
      const place = await budget.enter({ title: titleOf(target, command), goesOn: false }, signal);
      try {
        return await runInPod(of, target, command, { limitMs, silenceMs }, signal);
      } finally {
        place.leave();
      }
    },
    follow: (target, command, signal) =>
      followInPod({ client: client(), target, command, silenceMs, budget, title: titleOf(target, command) }, signal),
    events: (ref, signal) => readEvents(client(), ref, signal),
    certificates: (namespace, name, signal) => readCertificates(client(), namespace, name, signal),
  };
}

/** As `!` lists it. */
function titleOf({ pod }: ExecTarget, command: readonly string[]): string {
  return sanitiseLine(`${pod}: ${command.join(' ')}`, 200);
}
