import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createChecks } from '../../../src/checks/run.ts';
import { planBundle } from '../../../src/model/bundle/bundle-plan.ts';
import type { Judgement } from '../../../src/model/finding.ts';
import { serverTime } from '../../../src/model/server-time.ts';
import { readBundle } from '../../../src/sources/bundle/read-bundle.ts';
import { watchCluster } from '../../wire/watched-cluster.ts';

const settleMs = 3_000;
const judgeOf = (standMs: number) => createChecks({ standMs, everyLook: true });

// Lists that are read one after the other disagree wherever something changes meanwhile: only what still stands when it is
// read once more may be told, by the bundle as by the live check.
// A server that sends us away now and then loses nothing by it.
it.each(['services-broken', 'api-server-throttled'])(
  'finds in a bundle of a cluster that changes all the time what the live check finds: %s',
  async (scenario) => {
    const cluster = await watchCluster({ scenario, churn: 20, config: { metricsPerSecond: 0 } });
    const folder = mkdtempSync(join(tmpdir(), 'ciliscope-bundle-'));
    try {
      await cluster.allLive();
      await cluster.until('version', ({ cluster: { kubernetesVersion } }) => kubernetesVersion !== '');
      const judge = judgeOf(settleMs);
      const now = () => serverTime(cluster.snapshot(), Date.now());
      judge.judge(cluster.snapshot(), now());
      const path = join(folder, 'b.tar.gz');
      const plan = planBundle(cluster.snapshot(), nothing, { nodes: [], sinceMs: 60_000 }, now());
      const request = { plan, path, program: 'test', settleMs, timeline: cluster.snapshot().timeline, texts: [] };
      for await (const event of cluster.sources.asks.takeBundle(request, new AbortController().signal)) {
        if (event.type === 'end') expect(event.gaps).toEqual([]);
      }
      await sleep(Math.max(0, settleMs - 1_000));
      judge.judge(cluster.snapshot(), now());
      const objects = judge.unvouched().flatMap(({ ripe, suspect }) => (ripe ? (suspect.reread ?? []) : []));
      await cluster.sources.asks.reread(objects, new AbortController().signal);
      const live = judge.judge(cluster.snapshot(), now());
      const { judgement } = await readBundle(path, judgeOf);
      expect(live.findings.length).toBeGreaterThan(scenario === 'services-broken' ? 0 : -1);
      expect(judgement.notLookedAt).toEqual([]);
      expect(judgement.findings.map(essence)).toEqual(live.findings.map(essence));
    } finally {
      rmSync(folder, { recursive: true });
      await cluster.close();
    }
  },
  60_000,
);

const nothing: Judgement = {
  ...{ findings: [], notLookedAt: [], notAsked: [], looked: 0, of: 0 },
  ...{ waiting: [], cleared: [], since: 0, at: 0 },
};

function essence({ id, title, objects, severity }: Judgement['findings'][number]) {
  return { id, title, severity, objects };
}
