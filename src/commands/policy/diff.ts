import type { Command as Program } from 'commander';
import { UserError } from '../../errors.ts';
import { record, text } from '../../model/objects/raw.ts';
import type { RawObject } from '../../model/objects/row.ts';
import { type ChangedPair, compareVerdicts, type PolicyDifference } from '../../model/policies/difference.ts';
import { NEWEST } from '../../model/policies/modes.ts';
import { objectKey } from '../../model/policies/read-facts.ts';
import { type Policy, type PolicyRef, policyText, type Spec } from '../../model/policies/rule.ts';
import { toItsEnd } from '../../model/policies/turns.ts';
import type { Engine } from '../../model/policies/verdict.ts';
import { WRITTEN_KINDS } from '../../model/policies/written.ts';
import type { Command, Terminal } from '../command.ts';
import { answerText } from './answer-json.ts';
import { differenceText, MOST_ROWS, sorts } from './diff-text.ts';
import { type AsciiOption, describeAscii, forTerminal } from './for-terminal.ts';
import { readStream } from './input-text.ts';
import { describeLive, describeVersion, type LiveOptions, liveConfig, liveTimeout } from './live-options.ts';
import { type ReadCluster, readLiveState } from './live-state.ts';
import { parseManifests } from './manifests.ts';
import { engineOf, readPath } from './state-options.ts';
import { refJson } from './verdict-json.ts';

/** What becomes possible and impossible between workloads when the policies of one place give way to another's. */
export const diff: Command = {
  name: 'diff',
  summary: 'which pairs of workloads a change of policies newly allows and denies',
  describe(program: Program) {
    program.argument('<paths...>', 'BEFORE and AFTER: files, folders or - for stdin; with --live AFTER alone, or both');
    describeAscii(describeVersion(describeLive(program)))
      .option('--live', 'pods and all else from the live cluster; of it BEFORE too, where one path is given')
      .option('--replace', 'with --live and one path: its policies instead of the cluster’s, not on top of them')
      .option('-n, --namespace <name>', 'where policies go that name no namespace', 'default')
      .option('--all', `each pair, also where there are more than ${MOST_ROWS}`)
      .option('--json', 'print one JSON object')
      .addHelpText('after', '\nA place without pods takes those, and all else but policies, of the other place.')
      .addHelpText('after', 'Asked are the ports that containers declare; of a pod that declares none every port that')
      .addHelpText('after', 'a policy names, and one (*, in JSON 0) for all others.')
      .addHelpText('after', '\nExit code: 0 no verdict differs, 1 some do, 2 could not compare, or nothing')
      .addHelpText('after', 'that is given would be in force.');
  },
  async run(paths, given, terminal) {
    const { stdout, stderr, env } = terminal;
    const options = given as Options;
    const startedAt = new Date().toISOString();
    const { before, after, cluster, given: written } = await readBoth(paths, options, terminal);
    const found = toItsEnd(compareVerdicts(before, after));
    const { onlyBefore, onlyAfter } = found.pods;
    if (onlyBefore + onlyAfter > 0)
      stderr.write(`ciliscope: not compared: ${onlyBefore} pods only before, ${onlyAfter} only after\n`);
    const notInForce = newlyRejected(before, after);
    for (const { words } of notInForce) stderr.write(`ciliscope: not in force: ${words}\n`);
    for (const words of selectingNobody(before, after)) stderr.write(`ciliscope: about no pod: ${words}\n`);
    if (options.json) {
      const refused = notInForce.map(({ ref, reason }) => ({ ...refJson(ref), reason }));
      const answer = { ...differenceJson(found), notInForce: refused };
      stdout.write(answerText({ command: 'diff', cluster, startedAt }, answer));
    } else stdout.write(forTerminal(differenceText(found, options.all ?? false), options, env));
    if (isAllRefused(after, written)) {
      stderr.write('ciliscope: Nothing that is given would be in force: this is no answer about it.\n');
      return 2;
    }
    return found.pairs.length + found.outside.length === 0 ? 0 : 1;
  },
};

type Options = LiveOptions &
  AsciiOption & {
    namespace: string;
    live?: boolean;
    replace?: boolean;
    all?: boolean;
    ciliumVersion?: string;
    json?: boolean;
  };

type Both = {
  before: Engine;
  after: Engine;
  cluster: ReadCluster | null;
  /** What AFTER is given as. */
  given: readonly RawObject[];
};

async function readBoth(paths: readonly string[], options: Options, { env, stdin }: Terminal): Promise<Both> {
  const [one = '', two] = paths;
  if (paths.length > 2 || (two === undefined && !options.live))
    throw new UserError('What is compared with what?', 'Give BEFORE and AFTER, or --live and AFTER.');
  if (options.replace && (!options.live || two !== undefined))
    throw new UserError('--replace goes with --live and one path.', 'Leave it out.');
  if (one === '-' && two === '-') throw new UserError('Both places are stdin.', 'Give one of them as a file.');
  const placed = async (path: string) => {
    const objects = path === '-' ? parseManifests(await readStream(stdin, 'stdin'), 'stdin') : readPath(path);
    return objects.map((raw) => placedIn(raw, options.namespace));
  };
  const first = await placed(one);
  const second = two === undefined ? undefined : await placed(two);
  if (!options.live) {
    const version = options.ciliumVersion ?? NEWEST;
    const [before, after] = withSurroundings(first, second ?? []);
    return { before: engineOf(before, { version }), after: engineOf(after, { version }), cluster: null, given: after };
  }
  const live = await readLiveState(liveConfig(options, env), env, liveTimeout(options));
  const reading = { version: options.ciliumVersion ?? live.version, live: true };
  const { cluster } = live;
  const others = live.objects.filter((raw) => !isWritten(raw));
  if (second !== undefined)
    return {
      before: engineOf([...others, ...first.filter(isWritten)], reading),
      after: engineOf([...others, ...second.filter(isWritten)], reading),
      cluster,
      given: second,
    };
  const written = first.filter(isWritten);
  if (written.length === 0 && !options.replace)
    throw new UserError(`There is no policy in ${one}.`, 'Give what comes on top of the live policies.');
  const replaced = new Set(written.map(objectKey));
  const kept = options.replace ? others : live.objects.filter((raw) => !replaced.has(objectKey(raw)));
  const after = engineOf([...kept, ...written], reading);
  return { before: engineOf(live.objects, reading), after, cluster, given: written };
}

/** As kubectl apply -n does it: without a namespace a policy is not about all of them. */
function placedIn(raw: RawObject, namespace: string): RawObject {
  const metadata = record(raw.metadata);
  const placeless = raw.kind === 'NetworkPolicy' || raw.kind === 'CiliumNetworkPolicy';
  return placeless && text(metadata.namespace) === '' ? { ...raw, metadata: { ...metadata, namespace } } : raw;
}

function withSurroundings(before: readonly RawObject[], after: readonly RawObject[]) {
  const hasPods = (objects: readonly RawObject[]) => objects.some(({ kind }) => kind === 'Pod');
  if (!hasPods(before) && !hasPods(after))
    throw new UserError('There is no pod in either place.', 'Give --live, or pods and namespaces in one of them.');
  const fill = (own: readonly RawObject[], other: readonly RawObject[]) =>
    hasPods(own) ? own : [...other.filter((raw) => !isWritten(raw)), ...own.filter(isWritten)];
  return [fill(before, after), fill(after, before)] as const;
}

function isWritten({ kind }: RawObject): boolean {
  return WRITTEN_KINDS.includes(String(kind));
}

/** What a policy brings that nobody takes is nothing: that is not the same as no change. */
function newlyRejected(before: Engine, after: Engine): readonly Refused[] {
  const said = ({ index }: Engine) =>
    index.facts.policies.flatMap((policy) => {
      const reason = reasonOf(policy);
      return reason === '' ? [] : [{ ref: policy.ref, reason, words: `${policyText(policy.ref)}: ${reason}` }];
    });
  const known = new Set(said(before).map(({ words }) => words));
  return said(after).filter(({ words }) => !known.has(words));
}

type Refused = { ref: PolicyRef; reason: string; words: string };

/** Why a policy is not in force, '' where it is. */
function reasonOf({ served, rejected }: Policy): string {
  return served ? (rejected[0] ?? '') : 'this version of it is not served';
}

function isAllRefused({ index }: Engine, given: readonly RawObject[]): boolean {
  const keys = new Set(given.map(objectKey));
  const own = index.facts.policies.filter(({ ref }) => keys.has(`${ref.kind}|${ref.namespace}/${ref.name}`));
  return own.length > 0 && own.every((policy) => reasonOf(policy) !== '');
}

/** Of the policies that are not there before: a namespace that was left out is easily the wrong one. */
function selectingNobody(before: Engine, after: Engine): readonly string[] {
  const known = new Set(before.index.facts.policies.map(({ ref }) => policyText(ref)));
  return after.index.facts.policies
    .filter(({ ref, specs }) => specs.length > 0 && !known.has(policyText(ref)) && isIdle(after, specs, ref.namespace))
    .map(({ ref }) => policyText(ref));
}

function isIdle({ index }: Engine, specs: readonly Spec[], namespace: string): boolean {
  return specs.every(
    ({ subject }) => subject.type === 'pods' && index.classesOf(subject.selector, namespace).length === 0,
  );
}

function differenceJson({ pairs, outside, unchanged }: PolicyDifference): object {
  const lists = (these: readonly ChangedPair[]) =>
    Object.fromEntries(Object.entries(sorts(these)).map(([name, list]) => [name, list.map(pairJson)]));
  return { ...lists(pairs), unchanged, outside: lists(outside) };
}

function pairJson({ from, to, port, before, pods }: ChangedPair) {
  return { from, to, port: port.other ? 0 : port.port, protocol: port.protocol, pods, before };
}
