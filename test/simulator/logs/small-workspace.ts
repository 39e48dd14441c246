// A workspace over a small world whose clock moves only when a test says so.
import { parse } from 'yaml';
import type { RequestEntry } from '../../../src/simulator/api/intercept.ts';
import {
  type AzureSettings,
  createLiveSettings,
  defaultAzureSettings,
} from '../../../src/simulator/azure/azure-settings.ts';
import type { KubeObject } from '../../../src/simulator/cluster.ts';
import { simulateLogs } from '../../../src/simulator/logs/simulated-logs.ts';
import { aWorld } from '../world/fixture.ts';

// biome-ignore lint/suspicious/noExplicitAny: rows as a client would get them
export type LogLine = Record<string, any> & { ingested: string; TimeGenerated: string };

export function smallWorkspace(settings: Partial<AzureSettings> = {}, options: Parameters<typeof aWorld>[0] = {}) {
  const requests: RequestEntry[] = [];
  const live = createLiveSettings({ ...defaultAzureSettings(true), monitoring: false, audit: 'none' });
  const help = aWorld({ acns: true, ...options });
  const logs = simulateLogs(help.world, {
    settings: live,
    requests: () => requests,
    activities: () => [],
    evaluate: () => Promise.reject(new Error('nothing is evaluated here')),
  });
  // What is set up now has no past, which would only take time to write.
  const { audit, monitoring } = defaultAzureSettings(true);
  live.change({ audit, monitoring, delay: { agent: [1, 2], resource: [200, 300] }, ...settings });
  return {
    ...help,
    settings: live,
    logs,
    requests,
    pass: (seconds: number) => help.world.advance(seconds * 1000),
    write: (text: string, manager = 'kubectl-create') => help.store.create(parse(text) as KubeObject, manager),
    lines: (table: string) => [...logs.lines(table)].map((line) => JSON.parse(line) as LogLine),
  };
}
