import type { Command as Program } from 'commander';
import { UserError } from '../../errors.ts';
import { record, text } from '../../model/objects/raw.ts';
import type { RawObject } from '../../model/objects/row.ts';
import { type ChangedPair, compareVerdicts, type PolicyDifference } from '../../model/policies/difference.ts';
import { NEWEST } from '../../model/policies/modes.ts';
import { objectKey } from '../../model/policies/read-facts.ts';
import { policyText, type Spec } from '../../model/policies/rule.ts';
import { toItsEnd } from '../../model/policies/turns.ts';
import type { Engine } from '../../model/policies/verdict.ts';
import { WRITTEN_KINDS } from '../../model/policies/written.ts';
import type { Command } from '../command.ts';
import { describeLive, describeVersion, type LiveOptions, liveConfig, liveTimeout } from './live-options.ts';
import { readLiveState } from './live-state.ts';
import { portText } from './reach-rows.ts';
import { engineOf, readPath } from './state-options.ts';
import { tableText } from './table-text.ts';

/** What becomes possible and impossible between workloads when the policies of one place give way to another's. */
export const diff: Command = {
  name: 'diff',
  summary: 'which pairs of workloads a change of policies newly allows and denies',
  describe(program: Program) {
    program.argument('<paths...>', 'BEFORE and AFTER: files or folders; with --live AFTER alone, or both');
    describeVersion(describeLive(program))
      .option('--live', 'pods and all else from the live cluster; of it BEFORE too, where one path is given')
      .option('--replace', 'with --live and one path: its policies instead of the cluster’s, not on top of them')
      .option('-n, --namespace <name>', 'where policies go that name no namespace', 'default')
      .option('--json', 'print one JSON object')
      .addHelpText('after', '\nA place without pods takes those, and all else but policies, of the other place.')
      .addHelpText('after', 'Asked are the ports that containers declare; of a pod that declares none every port that')
      .addHelpText('after', 'a policy names, and one (*, in JSON 0) for all others.')
      .addHelpText('after', '\nExit code: 0 no verdict differs, 1 some do, 2 could not compare.');
  },
  async run(paths, given, { stdout, stderr, env }) {
    const options = given as Options;
    const startedAt = new Date().toISOString();
    const { before, after } = await readBoth(paths, options, env);
    const found = toItsEnd(compareVerdicts(before, after));
    const { onlyBefore, onlyAfter } = found.pods;
    if (onlyBefore + onlyAfter > 0)
      stderr.write(`ciliscope: not compared: ${onlyBefore} pods only before, ${onlyAfter} only after\n`);
    for (const words of newlyRejected(before, after)) stderr.write(`ciliscope: not in force: ${words}\n`);
    for (const words of selectingNobody(before, after)) stderr.write(`ciliscope: about no pod: ${words}\n`);
    stdout.write(options.json ? differenceJson(found, startedAt) : differenceText(found));
    return found.pairs.length + found.outside.length === 0 ? 0 : 1;
  },
};

type Options = LiveOptions & {
  namespace: string;
  live?: boolean;
  replace?: boolean;
  ciliumVersion?: string;
  json?: boolean;
};

async function readBoth(
  paths: readonly string[],
  options: Options,
  env: NodeJS.ProcessEnv,
): Promise<{ before: Engine; after: Engine }> {
  const [one = '', two] = paths;
  if (paths.length > 2 || (two === undefined && !options.live))
    throw new UserError('What is compared with what?', 'Give BEFORE and AFTER, or --live and AFTER.');
  if (options.replace && (!options.live || two !== undefined))
    throw new UserError('--replace goes with --live and one path.', 'Leave it out.');
  const placed = (path: string) => readPath(path).map((raw) => placedIn(raw, options.namespace));
  const [first, second] = [placed(one), two === undefined ? undefined : placed(two)];
  if (!options.live) {
    const version = options.ciliumVersion ?? NEWEST;
    const [before, after] = withSurroundings(first, second ?? []);
    return { before: engineOf(before, { version }), after: engineOf(after, { version }) };
  }
  const live = await readLiveState(liveConfig(options, env), env, liveTimeout(options));
  const reading = { version: options.ciliumVersion ?? live.version, live: true };
  const others = live.objects.filter((raw) => !isWritten(raw));
  if (second !== undefined)
    return {
      before: engineOf([...others, ...first.filter(isWritten)], reading),
      after: engineOf([...others, ...second.filter(isWritten)], reading),
    };
  const written = first.filter(isWritten);
  if (written.length === 0 && !options.replace)
    throw new UserError(`There is no policy in ${one}.`, 'Give what comes on top of the live policies.');
  const replaced = new Set(written.map(objectKey));
  const kept = options.replace ? others : live.objects.filter((raw) => !replaced.has(objectKey(raw)));
  return { before: engineOf(live.objects, reading), after: engineOf([...kept, ...written], reading) };
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
function newlyRejected(before: Engine, after: Engine): readonly string[] {
  const said = ({ index }: Engine) =>
    index.facts.policies.flatMap((policy) => {
      const reason = policy.served ? policy.rejected[0] : 'this version of it is not served';
      return reason === undefined ? [] : [`${policyText(policy.ref)}: ${reason}`];
    });
  const known = new Set(said(before));
  return said(after).filter((text) => !known.has(text));
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

function sorts(pairs: readonly ChangedPair[]) {
  return {
    newlyAllowed: pairs.filter(({ after }) => after === 'allow'),
    newlyDenied: pairs.filter(({ after }) => after === 'deny'),
    nowUnknown: pairs.filter(({ after }) => after === 'unknown'),
  };
}

function differenceJson({ pairs, outside, unchanged }: PolicyDifference, startedAt: string): string {
  const lists = (these: readonly ChangedPair[]) =>
    Object.fromEntries(Object.entries(sorts(these)).map(([name, list]) => [name, list.map(pairJson)]));
  const answer = { version: 1, command: 'policy diff', startedAt, ...lists(pairs), unchanged, outside: lists(outside) };
  return `${JSON.stringify(answer, null, 2)}\n`;
}

function pairJson({ from, to, port, before, pods }: ChangedPair) {
  return { from, to, port: port.other ? 0 : port.port, protocol: port.protocol, pods, before };
}

const TITLES = { newlyAllowed: 'newly allowed', newlyDenied: 'newly denied', nowUnknown: 'now unknown' } as const;

function differenceText({ pairs, outside, unchanged }: PolicyDifference): string {
  const parts = Object.entries(sorts([...pairs, ...outside])).flatMap(([sort, list]) => {
    if (list.length === 0) return [];
    const rows = list.map(({ from, to, port, before, pods: [n, m] }) => {
      const counts = [n, m].map((count) => (count === 0 ? '–' : String(count))).join(' → ');
      return ['', from, '→', to, portText(port), `${counts} pods`, `was ${before}`];
    });
    return [`${TITLES[sort as keyof typeof TITLES]}: ${list.length}\n${tableText(rows)}`];
  });
  return `${parts.join('')}unchanged: ${unchanged} pairs\n`;
}
