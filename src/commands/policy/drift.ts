import type { Command as Program } from 'commander';
import { createTwoFilesPatch } from 'diff';
import { UserError } from '../../errors.ts';
import { record, text } from '../../model/objects/raw.ts';
import type { RawObject } from '../../model/objects/row.ts';
import { type Difference, type Drift, findDrift } from '../../model/policies/drift.ts';
import { readFacts } from '../../model/policies/read-facts.ts';
import { WRITTEN_KINDS } from '../../model/policies/written.ts';
import { yamlOf } from '../../model/policies/written-yaml.ts';
import { sanitiseLine, sanitiseText } from '../../model/sanitise.ts';
import type { Command } from '../command.ts';
import { answerText } from './answer-json.ts';
import { describeLive, type LiveOptions, liveConfig, liveTimeout } from './live-options.ts';
import { readLivePolicies } from './live-state.ts';
import { readFolder } from './state-folder.ts';

/** Whether the cluster's policies are what a folder of files says. */
export const drift: Command = {
  name: 'drift',
  summary: 'say where the cluster’s policies differ from a folder of YAML',
  describe(program: Program) {
    program.argument('<folder>', 'YAML and JSON files, as export writes them or anybody else');
    describeLive(program)
      .option('--json', 'print one JSON object')
      .addHelpText('after', '\nWhat the server adds, and what it fills in when it is left out, is no difference.')
      .addHelpText('after', '\nExit code: 0 the same, 1 they differ, 2 could not compare.');
  },
  async run([folder = ''], given, { stdout, env }) {
    const options = given as Options;
    const startedAt = new Date().toISOString();
    const written = readFolder(folder, 'skip');
    const [problem] = readFacts(written, { version: '', dialect: 'cilium' }).problems;
    if (problem !== undefined) throw new UserError(`In the folder ${problem}.`, 'Mend that, or leave it out.');
    if (!written.some(({ kind }) => WRITTEN_KINDS.includes(String(kind))))
      throw new UserError(
        `There is no policy in ${sanitiseLine(folder, 500)}.`,
        'Give a folder as policy export writes it.',
      );
    const { objects, cluster } = await readLivePolicies(liveConfig(options, env), env, liveTimeout(options));
    const found = findDrift(written, objects);
    const asked = { command: 'drift', cluster, startedAt };
    stdout.write(options.json ? answerText(asked, driftJson(found)) : driftText(found));
    return found.onlyInCluster.length + found.onlyInFolder.length + found.differ.length === 0 ? 0 : 1;
  },
};

type Options = LiveOptions & { json?: boolean };

function driftJson({ onlyInCluster, onlyInFolder, differ }: Drift): object {
  return {
    onlyInCluster: onlyInCluster.map(refOf),
    onlyInFolder: onlyInFolder.map(refOf),
    differ: differ.map((one) => ({ object: refOf(one.cluster), fields: one.fields, difference: patchOf(one) })),
  };
}

function driftText({ onlyInCluster, onlyInFolder, differ }: Drift): string {
  const parts = [
    ...onlyInCluster.map((one) => `only in the cluster: ${nameOf(one)}\n`),
    ...onlyInFolder.map((one) => `only in the folder: ${nameOf(one)}\n`),
    ...differ.map((one) => `differs: ${nameOf(one.cluster)} at ${one.fields.join(', ')}\n${patchOf(one)}`),
  ];
  return parts.length === 0 ? 'no drift\n' : parts.join('');
}

/** From what is in the folder to what is in the cluster, as a unified difference of their YAML. */
function patchOf({ folder, cluster }: Difference): string {
  const patch = createTwoFilesPatch('folder', 'cluster', yamlOf(folder), yamlOf(cluster), undefined, undefined, {
    context: 3,
  });
  // A ruler stands above it.
  return sanitiseText(patch.replace(/^=+\n/, ''), 1_000_000);
}

function refOf(raw: RawObject): { kind: string; namespace?: string; name: string } {
  const { namespace, name } = record(raw.metadata);
  const kind = text(raw.kind);
  return namespace === undefined ? { kind, name: text(name) } : { kind, namespace: text(namespace), name: text(name) };
}

function nameOf(raw: RawObject): string {
  const { kind, namespace, name } = refOf(raw);
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}
