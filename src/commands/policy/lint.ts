import type { Command as Program } from 'commander';
import { duplicate } from '../../checks/policies/duplicate.ts';
import { type Ground, groundOf } from '../../checks/policies/ground.ts';
import { lints } from '../../checks/policies/index.ts';
import { blindness, lintAll } from '../../checks/policies/linter.ts';
import { unknownApiVersion } from '../../checks/policies/unknown-api-version.ts';
import { UserError } from '../../errors.ts';
import type { NotLookedAt } from '../../model/finding.ts';
import { text } from '../../model/objects/raw.ts';
import { NEWEST } from '../../model/policies/modes.ts';
import { createPolicyIndex } from '../../model/policies/policy-index.ts';
import { objectKey, readFacts } from '../../model/policies/read-facts.ts';
import { type ObjectRef, refText } from '../../model/ref.ts';
import type { Command, Terminal } from '../command.ts';
import { type AsciiOption, describeAscii, forTerminal } from './for-terminal.ts';
import { misspelt, type Namesakes, placeText, readLintFiles } from './lint-files.ts';
import { type LintAnswer, type LintFinding, lintText } from './lint-text.ts';
import { describeLive, describeVersion, type LiveOptions, liveConfig, liveTimeout } from './live-options.ts';
import { readLiveState } from './live-state.ts';
import type { Placed } from './manifests.ts';

/** What is wrong with policies: of files, of folders, of stdin, or of the live cluster. */
export const lint: Command = {
  name: 'lint',
  summary: 'say what is wrong with policies, in files or in the live cluster',
  describe(program: Program) {
    describeAscii(describeVersion(describeLive(program)))
      .argument('[paths...]', 'files and folders of YAML and JSON, - for stdin; none = the live cluster')
      .option('--json', 'print one JSON object')
      .option('--junit', 'print JUnit XML')
      .addHelpText(
        'after',
        '\nPods, namespaces, services and cilium-config among the files are what policies are judged in.',
      )
      .addHelpText('after', '\nExit code: 0 no error or warning, 1 some, 2 could not look.');
  },
  async run(paths, given, terminal) {
    const options = given as Options;
    if (options.json && options.junit)
      throw new UserError('--json and --junit cannot both be printed.', 'Give one of them.');
    if (paths.length > 0 && (options.kubeconfig !== undefined || options.context !== undefined))
      throw new UserError(
        'Files are judged by themselves: no cluster is asked.',
        'Leave --kubeconfig and --context out, or put the pods and namespaces among the files.',
      );
    const startedAt = Date.now();
    const answer = paths.length > 0 ? await ofFiles(paths, options, terminal) : await ofCluster(options, terminal);
    const form = options.json ? 'json' : options.junit ? 'junit' : 'text';
    const said = lintText(answer, form, startedAt);
    terminal.stdout.write(form === 'text' ? forTerminal(said, options, terminal.env) : said);
    return answer.findings.some(({ severity }) => severity !== 'note') ? 1 : 0;
  },
};

type Options = LiveOptions &
  AsciiOption & {
    json?: boolean;
    junit?: boolean;
    ciliumVersion?: string;
  };

async function ofFiles(paths: readonly string[], options: Options, { stdin }: Terminal): Promise<LintAnswer> {
  const { placed, namesakes } = await readLintFiles(paths, stdin);
  const version = options.ciliumVersion ?? NEWEST;
  const objects = placed.map(({ raw }) => raw);
  const ground = groundOf(createPolicyIndex(readFacts(objects, { version, dialect: 'cilium' })));
  const { findings, ...rest } = answerOf(ground, placed);
  return {
    ...rest,
    cluster: null,
    policies: rest.policies + namesakes.flat().length,
    findings: [...namesakes.map(namesakesFinding), ...misspelt(placed).map(misspeltFinding), ...findings],
  };
}

async function ofCluster(options: Options, { env }: Terminal): Promise<LintAnswer> {
  const state = await readLiveState(liveConfig(options, env), env, liveTimeout(options));
  const version = options.ciliumVersion ?? state.version;
  const facts = readFacts(state.objects, { version, dialect: 'cilium', live: true });
  return { ...answerOf(groundOf(createPolicyIndex(facts)), []), cluster: state.cluster };
}

function answerOf(ground: Ground, placed: readonly Placed[]): Omit<LintAnswer, 'cluster'> {
  const places = new Map(placed.map((one) => [objectKey(one.raw), one]));
  const findings = lintAll(ground).map(({ lint: { id, severity }, object, lapse: { path, text: said, next } }) => {
    const where = places.get(`${object.kind}|${object.namespace ?? ''}/${object.name}`)?.where(path);
    const title = `${refText(object)}: ${said}`;
    const evidence = path === 'policy' ? [] : [path];
    return { id, severity, title, objects: [object], evidence, reach: '', next, ...(where ? { where } : {}) };
  });
  // What policies tell by themselves was found without what is missing.
  const told = new Set(findings.map(({ id }) => id));
  const notLookedAt = lints
    .filter(({ id }) => !told.has(id))
    .map((one): NotLookedAt => ({ id: one.id, reason: blindness(one, ground) }))
    .filter(({ reason }) => reason !== '');
  const { policies, tiered } = ground.facts;
  return {
    findings,
    notLookedAt,
    policies: policies.length,
    notEvaluated: tiered.map(({ kind, name }) => `${kind} ${name}`),
  };
}

function namesakesFinding(namesakes: Namesakes): LintFinding {
  const [first] = namesakes;
  const object = refOf(first);
  return {
    id: duplicate.id,
    // Unlike two that say the same: which of them is in force depends on who applies them.
    severity: 'error',
    title: `${refText(object)}: it is written in ${namesakes.length} different ways, and none of them was judged`,
    objects: [object],
    evidence: namesakes.map((one) => placeText(one.where('metadata.name'))),
    reach: '',
    next: 'Keep one of them, or give the others names of their own.',
    where: first.where('metadata.name'),
  };
}

function refOf({ raw }: Placed): ObjectRef {
  const metadata = raw.metadata as { namespace?: unknown; name?: unknown };
  const namespace = text(metadata.namespace);
  return { kind: text(raw.kind), ...(namespace === '' ? {} : { namespace }), name: text(metadata.name) };
}

function misspeltFinding({ placed, text: said }: { placed: Placed; text: string }): LintFinding {
  const { id, severity } = unknownApiVersion;
  const object = refOf(placed);
  return {
    id,
    severity,
    title: `${refText(object)}: ${said}`,
    objects: [object],
    evidence: ['kind'],
    reach: '',
    next: 'Mend the name of the kind.',
    where: placed.where('kind'),
  };
}
