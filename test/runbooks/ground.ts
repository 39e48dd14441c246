import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createJudge } from '../../src/checks/judge.ts';
import { createChecks } from '../../src/checks/run.ts';
import { findScenario } from '../../src/commands/find-scenario.ts';
import { readConfig } from '../../src/config.ts';
import type { Asks } from '../../src/model/asks.ts';
import { livePolicies } from '../../src/model/policies/live-policies.ts';
import { serverTime } from '../../src/model/server-time.ts';
import { apply, emptySnapshot, type Snapshot } from '../../src/model/snapshot.ts';
import type { LookAsks } from '../../src/runbooks/runbook.ts';
import { azureEnvironment } from '../../src/simulator/azure/start-azure.ts';
import type { Scenario } from '../../src/simulator/scenarios/scenario.ts';
import { type Simulator, simulate } from '../../src/simulator/simulate.ts';
import { connect } from '../../src/sources/connect.ts';
import { sources as watched } from '../../src/sources/kubernetes/sources.ts';
import { answerPolicies } from '../../src/state/policy-answers.ts';

/** A user of the simulated cluster, with what `ciliscope check` would judge by that user's rights. */
export type Onlooker = { snapshot(): Snapshot; now(): number; asks: LookAsks & Pick<Asks, 'rights'> };

export type Also = 'azure' | 'metrics';

/** One simulated cluster that many runbooks are run on. */
export type Ground = {
  simulator: Simulator;
  /** Contexts of the kubeconfig: `admin`, `reader` (no exec), `namespace`. Connected once. */
  as(context: string, also?: readonly Also[]): Promise<Onlooker>;
  close(): Promise<void>;
};

export async function stand(named: string | Scenario): Promise<Ground> {
  const scenario = typeof named === 'string' ? await findScenario(named) : named;
  const simulator = await simulate({ scenario, churn: 0, seed: 7, port: 0, faults: [] });
  const folder = mkdtempSync(join(tmpdir(), 'ciliscope-runbooks-'));
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, simulator.kubeconfig, { mode: 0o600 });
  const onlookers = new Map<string, ReturnType<typeof look>>();

  const ca = join(folder, 'azure.pem');
  writeFileSync(ca, simulator.ca);

  function as(context: string, also: readonly Also[]) {
    const key = [context, ...also].join(' ');
    const azure = also.includes('azure') ? azureEnvironment(simulator.azure, ca) : undefined;
    const known = onlookers.get(key) ?? look(kubeconfig, folder, context, azure, also.includes('metrics'));
    onlookers.set(key, known);
    return known;
  }

  return {
    simulator,
    as: async (context, also = []) => (await as(context, also)).onlooker,
    async close() {
      for (const one of onlookers.values()) await (await one).close();
      await simulator.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Everything is read once and judged, and judged again as after the time that a suspect must stand. */
async function look(
  kubeconfig: string,
  folder: string,
  context: string,
  azure: Record<string, string> | undefined,
  withMetrics: boolean,
) {
  const env = { HOME: folder, PATH: process.env.PATH ?? '', ...azure };
  const config = { ...readConfig({ kubeconfig, context }, env, '0.0.0-test'), metricsPerSecond: withMetrics ? 50 : 0 };
  let snapshot = emptySnapshot(Date.now());
  const sources = connect(
    { ...config, azure: { ...config.azure, use: azure === undefined ? 'off' : 'quiet' } },
    env,
    (changes) => {
      snapshot = apply(snapshot, changes, Date.now());
    },
    () => snapshot,
    (standMs) => createChecks({ standMs, everyLook: true }),
  );
  await sources.start();
  const open = () => [
    ...watched.filter(({ id }) => isOpen(snapshot.links.get(id)?.phase)).map(({ id }) => id),
    ...(snapshot.cluster.kubernetesVersion === '' ? ['version'] : []),
  ];
  for (const began = Date.now(); open().length > 0; await sleep(20)) {
    if (Date.now() - began > 60_000) throw new Error(`not read: ${open()}`);
  }
  const facts = () => [
    ...(azure === undefined ? [] : azureFacts.filter((id) => isOpen(snapshot.facts[id]?.link.phase))),
    ...(withMetrics && !isRead(snapshot) ? ['agentMetrics'] : []),
  ];
  for (const began = Date.now(); facts().length > 0; await sleep(20)) {
    if (Date.now() - began > 60_000) throw new Error(`not told: ${facts()}`);
  }
  const now = () => serverTime(snapshot, Date.now());
  const checks = createChecks({ standMs: 1_000, everyLook: true });
  checks.judge(snapshot, now() - 1_000);
  const judgement = checks.judge(snapshot, now());
  const policies = answerPolicies(() => livePolicies(snapshot), createJudge(), now);
  const onlooker: Onlooker = {
    snapshot: () => ({ ...snapshot, judgement }),
    now,
    asks: { ...sources.asks, policies },
  };
  return { onlooker, close: () => sources.close() };
}

/** Those by which runbooks go. */
const azureFacts = ['arm', 'workspace', 'armDiagnostics', 'armCollection', 'armUpgrades'] as const;

function isOpen(phase: string | undefined): boolean {
  return phase === undefined || phase === 'connecting' || phase === 'loading';
}

/** Every pod once. */
function isRead({ facts: { agentMetrics } }: Snapshot): boolean {
  const { read = 0, of = 1, unread = [] } = agentMetrics?.value ?? {};
  return agentMetrics?.link.phase === 'forbidden' || read + unread.length >= of;
}
