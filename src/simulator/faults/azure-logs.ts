// What goes wrong with the Log Analytics workspace: on the way in, when it is asked, and in what somebody wrote into it.
import type { LogTroubles } from '../logs/log-troubles.ts';
import type { Fault, FaultOrder } from './fault.ts';

export const azureLogFaults: readonly Fault[] = [
  trouble('azure-late-rows', 'one row in four is taken in minutes after the others.', 'late', () => true),
  trouble('azure-duplicate-rows', 'one row in five is taken in twice.', 'duplicates', () => true),
  trouble('azure-ingestion-stopped', 'nothing is taken in any more.', 'stopped', () => true),
  trouble(
    'azure-hostile-rows',
    'rows and tables that mean harm: HostileValues_CL and its like.',
    'hostile',
    () => true,
  ),
  trouble('azure-query-throttled', 'queries are answered with HTTP 429 and Retry-After: 20.', 'throttled', times),
  trouble('azure-query-partial', 'only half of an answer comes, as a PartialError says.', 'partial', times),
  trouble('azure-query-timeout', 'queries take too long: HTTP 504.', 'timedOut', times),
];

function trouble<K extends keyof LogTroubles>(
  id: string,
  title: string,
  name: K,
  value: (order: FaultOrder) => LogTroubles[K],
): Fault {
  return {
    id,
    title: `Log Analytics: ${title}`,
    begin({ logs }, order) {
      const off = (typeof value(order) === 'number' ? 0 : false) as LogTroubles[K];
      logs?.change({ [name]: value(order) });
      return () => logs?.change({ [name]: off });
    },
  };
}

/** How many queries it touches. */
function times({ count }: FaultOrder): number {
  return count ?? Number.POSITIVE_INFINITY;
}
