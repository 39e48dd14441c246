// What a workspace says of its daily cap must not depend on the minute at which somebody looks.
import { expect, it } from 'vitest';
import { createLiveSettings, defaultAzureSettings } from '../../../src/simulator/azure/azure-settings.ts';
import { simulateLogs } from '../../../src/simulator/logs/simulated-logs.ts';
import { aWorld } from '../world/fixture.ts';

it('says that the cap is reached also when the hour has just begun', () => {
  const { world } = aWorld({ nodes: 1, pods: 2 });
  const logs = simulateLogs(world, {
    settings: createLiveSettings({ ...defaultAzureSettings(true), overDailyCap: true }),
    requests: () => [],
    activities: () => [],
    evaluate: () => Promise.reject(new Error('nothing is evaluated here')),
  });
  for (const minutes of [0, 1, 9]) {
    world.advance(minutes * 60_000);
    const operations = [...logs.lines('Operation')].map((line) => JSON.parse(line) as { Detail: string });
    expect(operations.filter(({ Detail }) => Detail.includes('Ingestion status = OverQuota'))).not.toEqual([]);
  }
});
