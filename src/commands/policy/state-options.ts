import { statSync } from 'node:fs';
import type { Command as Program } from 'commander';
import { UserError } from '../../errors.ts';
import type { RawObject } from '../../model/objects/row.ts';
import { NEWEST } from '../../model/policies/modes.ts';
import { type FactsOptions, readFacts } from '../../model/policies/read-facts.ts';
import { createEngine, type Engine } from '../../model/policies/verdict.ts';
import { readText } from './input-text.ts';
import { describeLive, describeVersion, type LiveOptions, liveConfig, liveTimeout } from './live-options.ts';
import { type ReadCluster, readLiveState } from './live-state.ts';
import { parseManifests } from './manifests.ts';
import { readFolder } from './state-folder.ts';

/** What is judged: files, or the live cluster. */
export type StateOptions = LiveOptions & { state?: string; ciliumVersion?: string };

export function describeState(program: Program): Program {
  const live = describeLive(program);
  return describeVersion(
    live.option('--state <folder>', 'read the cluster’s objects from the *.json and *.yaml files of a folder'),
  );
}

/** The engine for the folder that is given, else for the live cluster. Throws UserError. */
export async function readEngine(
  options: StateOptions,
  env: NodeJS.ProcessEnv,
): Promise<{ engine: Engine; cluster: ReadCluster | null }> {
  const { state, ciliumVersion } = options;
  if (state !== undefined)
    return { engine: engineOf(readPath(state), { version: ciliumVersion ?? NEWEST }), cluster: null };
  const live = await readLiveState(liveConfig(options, env), env, liveTimeout(options));
  const engine = engineOf(live.objects, { version: ciliumVersion ?? live.version, live: true });
  return { engine, cluster: live.cluster };
}

/** Throws a UserError where two different objects have one name. */
export function engineOf(objects: readonly RawObject[], options: Omit<FactsOptions, 'dialect'>): Engine {
  const facts = readFacts(objects, { ...options, dialect: 'cilium' });
  const [problem] = facts.problems;
  if (problem !== undefined) throw new UserError(`In what is given ${problem}.`, 'Mend that, or leave it out.');
  return createEngine(facts);
}

/** The objects of a file, or of the files of a folder. */
export function readPath(path: string): readonly RawObject[] {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return readFolder(path);
  return parseManifests(readText(path), path);
}
