import { statSync } from 'node:fs';
import type { Command as Program } from 'commander';
import { groundOf } from '../../checks/policies/ground.ts';
import { lints } from '../../checks/policies/index.ts';
import { lintAll } from '../../checks/policies/linter.ts';
import { UserError } from '../../errors.ts';
import type { Finding } from '../../model/finding.ts';
import type { RawObject } from '../../model/objects/row.ts';
import { NEWEST } from '../../model/policies/modes.ts';
import { objectKey, readFacts } from '../../model/policies/read-facts.ts';
import { createEngine } from '../../model/policies/verdict.ts';
import { refText } from '../../model/ref.ts';
import { asJunit } from '../check/as-junit.ts';
import type { Command, Terminal } from '../command.ts';
import { describeLive, type LiveOptions, liveConfig, liveTimeout } from './live-options.ts';
import { readLiveState } from './live-state.ts';
import { type Place, type Placed, placeManifests } from './manifests.ts';
import { filesIn, readText } from './state-folder.ts';

/** What is wrong with policies: of files, of folders, of stdin, or of the live cluster. */
export const lint: Command = {
  name: 'lint',
  summary: 'say what is wrong with policies, in files or in the live cluster',
  describe(program: Program) {
    describeLive(program)
      .argument('[paths...]', 'files and folders of YAML and JSON, - for stdin; none = the live cluster')
      .option('--json', 'print one JSON object')
      .option('--junit', 'print JUnit XML')
      .option('--cilium-version <version>', `which Cilium is asked about (live: the one that runs; else ${NEWEST})`)
      .addHelpText('after', '\nPods, namespaces and services among the files are what the policies are judged in.')
      .addHelpText('after', '\nExit code: 0 no error or warning, 1 some, 2 could not look.');
  },
  async run(paths, given, terminal) {
    const options = given as Options;
    if (options.json && options.junit) {
      throw new UserError('--json and --junit cannot both be printed.', 'Give one of them.');
    }
    const startedAt = Date.now();
    const state = await stateOf(paths, options, terminal);
    const findings = findingsOf(state);
    terminal.stdout.write(print(findings, startedAt, options));
    return findings.some(({ severity }) => severity !== 'note') ? 1 : 0;
  },
};

type Options = LiveOptions & {
  json?: boolean;
  junit?: boolean;
  ciliumVersion?: string;
};

type State = { placed: readonly Placed[]; objects: readonly RawObject[]; version: string };
type LintFinding = Finding & { where?: Place };

async function stateOf(paths: readonly string[], options: Options, { stdin, env }: Terminal): Promise<State> {
  if (paths.length > 0) {
    const placed: Placed[] = [];
    for (const path of paths) {
      if (path === '-') placed.push(...placeManifests(await textOf(stdin), 'stdin'));
      else
        for (const file of isFolder(path) ? filesIn(path) : [path])
          placed.push(...placeManifests(readText(file), file));
    }
    return { placed, objects: placed.map(({ raw }) => raw), version: options.ciliumVersion ?? NEWEST };
  }
  const live = await readLiveState(liveConfig(options, env), env, liveTimeout(options));
  return { placed: [], objects: live.objects, version: options.ciliumVersion ?? live.version };
}

function findingsOf({ placed, objects, version: cilium }: State): readonly LintFinding[] {
  const facts = readFacts(objects, { version: cilium, dialect: 'cilium' });
  const [problem] = facts.problems;
  if (problem !== undefined) throw new UserError(`In what is given ${problem}.`, 'Leave one of them out.');
  const { index } = createEngine(facts);
  const places = new Map(placed.map((one) => [objectKey(one.raw), one]));
  return lintAll(groundOf(index)).map(
    ({ lint: { id, severity }, object, lapse: { path, text, next } }): LintFinding => {
      const where = places.get(`${object.kind}|${object.namespace ?? ''}/${object.name}`)?.where(path);
      const title = `${refText(object)}: ${text}`;
      return { id, severity, title, objects: [object], evidence: [path], reach: '', next, ...(where ? { where } : {}) };
    },
  );
}

function print(findings: readonly LintFinding[], startedAt: number, options: Options): string {
  if (options.junit) {
    const judgement = {
      findings,
      notLookedAt: [],
      looked: lints.length,
      of: lints.length,
      pending: 0,
      waiting: [],
      at: Date.now(),
    };
    return asJunit(judgement, lints, startedAt, 'policy lint');
  }
  if (options.json) {
    const shown = findings.map(({ reach: _, ...finding }) => finding);
    const started = new Date(startedAt).toISOString();
    return `${JSON.stringify({ version: 1, command: 'policy lint', startedAt: started, findings: shown }, null, 2)}\n`;
  }
  const lines = findings.flatMap(({ id, severity, title, evidence, next, where }) => [
    `${where ? `${where.file}:${where.line}:${where.column}: ` : ''}${severity}: ${title} (${id})`,
    `  ${evidence.join(', ')} · ${next}`,
  ]);
  return lines.length === 0 ? 'nothing wrong\n' : `${lines.join('\n')}\n`;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

async function textOf(stdin: NodeJS.ReadStream): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stdin) parts.push(Buffer.from(part as Buffer));
  return Buffer.concat(parts).toString('utf8');
}
