import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createChecks } from '../../src/checks/run.ts';
import { type Config, readConfig } from '../../src/config.ts';
import type { Change } from '../../src/model/change.ts';
import type { SourceId } from '../../src/model/link.ts';
import { apply, emptySnapshot, type Snapshot } from '../../src/model/snapshot.ts';
import { scenarios } from '../../src/simulator/scenarios/index.ts';
import type { Scenario } from '../../src/simulator/scenarios/scenario.ts';
import { type Simulator, type SimulatorOptions, simulate } from '../../src/simulator/simulate.ts';
import { connect, type Sources } from '../../src/sources/connect.ts';
import { sources as watched } from '../../src/sources/kubernetes/sources.ts';
import { createEndpoint, seed } from './seed.ts';

/** A small simulated cluster and our own data layer watching it, in this process. */
export type WatchedCluster = {
  simulator: Simulator;
  config: Config;
  sources: Sources;
  snapshot(): Snapshot;
  /** Every change since the beginning, in order. */
  changes: readonly Change[];
  /** Resolves when the snapshot is so; fails with what the links say when it is not within `limitMs`. */
  until(what: string, holds: (snapshot: Snapshot) => boolean, limitMs?: number): Promise<number>;
  allLive(limitMs?: number): Promise<number>;
  /** What the server was asked since `from` (an index of its log), as `LIST pods`. */
  asked(from?: number): Promise<string[]>;
  mark(): Promise<number>;
  close(): Promise<void>;
};

export type WatchedClusterOptions = {
  scenario?: string;
  /** Where it is otherwise than the scenario says. */
  changed?: Partial<Scenario>;
  pods?: number;
  faults?: readonly { id: string; verb?: string; resource?: string; count?: number; seconds?: number }[];
  config?: Partial<Config>;
  context?: string;
  env?: Record<string, string>;
  churn?: number;
  /** CiliumEndpoints beyond the few of `seed`. */
  extraEndpoints?: number;
  /** What the kubeconfig should say instead. */
  kubeconfig?(text: string): string;
  voices?: SimulatorOptions['voices'];
  /** Faults of the server itself need a moment to take hold before we connect. */
  settleFaultsMs?: number;
};

export async function watchCluster(options: WatchedClusterOptions = {}): Promise<WatchedCluster> {
  const found = scenarios.find((one) => one.id === (options.scenario ?? 'empty'));
  if (found === undefined) throw new Error(`no scenario ${options.scenario}`);
  const scenario = { ...found, ...options.changed };
  const simulator = await simulate({
    scenario,
    nodes: 3,
    pods: options.pods ?? 20,
    churn: options.churn ?? 0,
    seed: 7,
    port: 0,
    faults: options.faults ?? [],
    ...(options.voices === undefined ? {} : { voices: options.voices }),
  });
  if (scenario.id === 'empty') seed(simulator.cluster.store);
  for (let i = 0; i < (options.extraEndpoints ?? 0); i++) createEndpoint(simulator.cluster.store, 'shop', `extra-${i}`);
  await sleep(options.settleFaultsMs ?? 0);
  const folder = mkdtempSync(join(tmpdir(), 'ciliscope-wire-'));
  const file = join(folder, 'kubeconfig');
  writeFileSync(file, options.kubeconfig?.(simulator.kubeconfig) ?? simulator.kubeconfig, { mode: 0o600 });
  const config: Config = {
    ...readConfig({ kubeconfig: file, context: options.context ?? '' }, { HOME: folder }, '0.0.0-test'),
    metricsPerSecond: 0,
    ...options.config,
  };
  let snapshot = emptySnapshot(Date.now());
  const changes: Change[] = [];
  const sources = connect(
    config,
    { HOME: folder, PATH: process.env.PATH ?? '', ...options.env },
    (batch) => {
      changes.push(...batch);
      snapshot = apply(snapshot, batch, Date.now());
    },
    () => snapshot,
    (standMs) => createChecks({ standMs, everyLook: true }),
  );

  async function until(what: string, holds: (snapshot: Snapshot) => boolean, limitMs = 15_000): Promise<number> {
    const started = Date.now();
    while (!holds(snapshot)) {
      if (Date.now() - started > limitMs)
        throw new Error(`not within ${limitMs} ms: ${what}\n${describeLinks(snapshot)}`);
      await sleep(10);
    }
    return Date.now() - started;
  }

  await sources.start().catch(async (error) => {
    await sources.close();
    await simulator.close();
    throw error;
  });
  return {
    simulator,
    config,
    sources,
    snapshot: () => snapshot,
    changes,
    until,
    allLive: (limitMs) =>
      until(
        'every link live or missing',
        (now) => watched.every(({ id }) => isSettled(now.links.get(id)?.phase)),
        limitMs,
      ),
    asked: async (from = 0) =>
      (await requestLog(simulator))
        .slice(from)
        .map((entry) => `${(entry.verb || entry.method).toUpperCase()} ${resourceOf(entry.path)}`),
    mark: async () => (await requestLog(simulator)).length,
    async close() {
      await sources.close();
      await simulator.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function phaseOf(snapshot: Snapshot, source: SourceId): string {
  return snapshot.links.get(source)?.phase ?? 'unknown';
}

function isSettled(phase: string | undefined): boolean {
  return phase === 'live' || phase === 'missing';
}

export function describeLinks(snapshot: Snapshot): string {
  return [...snapshot.links].map(([id, link]) => `  ${id}: ${link.phase} ${link.problem ?? ''}`).join('\n');
}

async function requestLog(simulator: Simulator): Promise<{ verb: string; method: string; path: string }[]> {
  const headers = { authorization: `Bearer ${simulator.tokens.admin}` };
  const text = await (await fetch(`${simulator.control}/requests`, { headers })).text();
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

function resourceOf(path: string): string {
  const parts = (path.split('?')[0] ?? '').split('/').filter((part) => part !== '');
  if (parts[0] !== 'api' && parts[0] !== 'apis') return parts.join('/');
  const rest = parts[0] === 'api' ? parts.slice(2) : parts.slice(3);
  return (rest[0] === 'namespaces' && rest.length > 2 ? rest.slice(2) : rest).join('/');
}
