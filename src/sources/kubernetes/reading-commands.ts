/**
 * What may be run in a container: commands that only look, each with the arguments it may have. Anything that is not
 * written here is not run, whoever asks. No word is free: what follows a command may be an order (`encrypt flush`), in
 * this version or in another. Commands that end by themselves, and commands that go on until they are stopped.
 */
const ending: Readonly<Record<string, readonly Shape[]>> = {
  'cilium-dbg': [
    shape('status', ['--brief', '--verbose']),
    shape('endpoint list', []),
    shape('endpoint get', [], endpoint()),
    shape('endpoint health', [], endpoint()),
    shape('endpoint log', [], endpoint()),
    shape('policy get', []),
    shape('policy selectors', []),
    shape('bpf policy get', ['--all', '-n', '--numeric'], /^\d{1,10}$/),
    shape('bpf ipcache list', []),
    shape('bpf endpoint list', []),
    shape('bpf lb list', ['--backends', '--frontends']),
    shape('bpf metrics list', []),
    shape('map list', ['--verbose']),
    shape('map get', [], /^cilium_[a-z0-9_]{1,60}$/),
    shape('identity list', []),
    shape('identity get', [], /^\d{1,10}$/),
    shape('service list', []),
    shape('node list', []),
    shape('nodeid list', []),
    shape('lrp list', []),
    shape('ip list', ['-n', '--numeric', '--verbose']),
    shape('metrics list', [/^--match-pattern=[\w.*^$|-]{1,200}$/]),
    shape('encrypt status', []),
    shape('fqdn cache list', []),
    shape('fqdn names', []),
    shape('bgp peers', []),
    shape('bgp routes available ipv4 unicast', []),
    shape('bgp routes advertised ipv4 unicast', []),
    shape('version', []),
  ],
  'cilium-health': [shape('status', ['--succinct', '--verbose'])],
  hubble: [
    shape('status', []),
    shape('list nodes', []),
    // Without a bound it tells all that its ring holds.
    { ...shape('observe', observing()), needs: [/^--(last|since)=/] },
  ],
};

const goingOn: Readonly<Record<string, readonly Shape[]>> = {
  'cilium-dbg': [
    {
      ...shape('monitor', [
        flag('--type', '-t', /^(drop|policy-verdict|l7)(,(drop|policy-verdict|l7))*$/),
        flag('--related-to', '', /^\d{1,5}$/),
        flag('--from', '', /^\d{1,5}$/),
        flag('--to', '', /^\d{1,5}$/),
        '-j',
        '--json',
        '-n',
        '--numeric',
      ]),
      // Of every packet it would tell as many lines as there are packets.
      needs: [/^--type=/],
    },
  ],
  hubble: [{ ...shape('observe', ['--follow', '-f', ...observing()]), needs: [/^(--follow|-f)$/] }],
};

export function isReading(command: readonly string[]): boolean {
  return isOf(ending, command);
}

/** Reads, and does not end by itself. */
export function isFollowing(command: readonly string[]): boolean {
  return isOf(goingOn, command);
}

type Flag = string | RegExp | ValueFlag;
type ValueFlag = { name: string; short: string; value: RegExp };
type Shape = {
  words: readonly string[];
  flags: readonly Flag[];
  subject: RegExp | undefined;
  /** One argument of each must be there, in its long form. */
  needs?: readonly RegExp[];
};

/** `words`, then any of `flags` and an output format, and where there is a `subject` at most one word of that form. */
function shape(words: string, flags: readonly Flag[], subject?: RegExp): Shape {
  return { words: words.split(' '), flags, subject };
}

/** `--name value`, `--name=value`, `-n value`. */
function flag(name: string, short: string, value: RegExp): ValueFlag {
  return { name, short, value };
}

/** By number, or by another name it is known under, as the agent writes them. */
function endpoint(): RegExp {
  return /^(\d{1,10}|(cep-name|pod-name|container-id|container-name|cni-attachment-id|ipv4|ipv6):[\w.:/-]{1,253})$/;
}

/** Which flows: no flag that names another server, a file, a certificate or a form of output with colours. */
function observing(): readonly Flag[] {
  const name = /^[\w.-]{1,253}(\/[\w.-]{0,253})?$/;
  const address = /^[\da-fA-F.:]{2,45}(\/\d{1,3})?$/;
  const either = (what: string, value: RegExp) =>
    [what, `from-${what}`, `to-${what}`].map((one) => flag(`--${one}`, '', value));
  return [
    flag('--output', '-o', /^(jsonpb|json)$/),
    flag('--last', '', /^\d{1,5}$/),
    flag('--since', '', /^\d{1,5}[smh]$/),
    flag('--until', '', /^\d{1,5}[smh]$/),
    flag('--type', '-t', /^(drop|policy-verdict|l7|trace|capture)(,(drop|policy-verdict|l7|trace|capture))*$/),
    flag('--verdict', '', /^(FORWARDED|DROPPED|AUDIT|REDIRECTED|ERROR|TRACED|TRANSLATED)$/),
    flag('--protocol', '', /^[a-zA-Z0-9]{2,10}$/),
    flag('--drop-reason-desc', '', /^[A-Z0-9_]{2,60}$/),
    flag('--node-name', '', /^[\w./*-]{1,253}$/),
    flag('--http-status', '', /^\d{1,3}\+?$/),
    flag('--namespace', '-n', /^[\w.-]{1,253}$/),
    ...['from-namespace', 'to-namespace'].map((one) => flag(`--${one}`, '', /^[\w.-]{1,253}$/)),
    ...either('pod', name),
    ...either('service', name),
    ...either('ip', address),
    ...either('port', /^\d{1,5}$/),
    ...either('identity', /^(\d{1,10}|[a-z-]{2,40})$/),
    ...either('label', /^[\w.,:=/-]{1,253}$/),
    ...either('fqdn', /^[\w.*-]{1,253}$/),
    '--numeric',
  ];
}

function isOf(allowed: typeof ending, command: readonly string[]): boolean {
  const [program = '', ...args] = command;
  // The tool's name before 1.15.
  const name = program === 'cilium' ? 'cilium-dbg' : program;
  if (!Object.hasOwn(allowed, name)) return false;
  const shapes = allowed[name] ?? [];
  return shapes.some(({ words, flags, subject, needs = [] }) => {
    if (words.some((word, index) => args[index] !== word)) return false;
    const rest = withValues(withoutFormat(args.slice(words.length)), flags);
    const named = rest.filter((argument) => !argument.startsWith('-'));
    return (
      rest.every((argument) => !argument.startsWith('-') || flags.some((each) => matches(each, argument))) &&
      needs.every((need) => rest.some((argument) => need.test(argument))) &&
      named.length <= (subject === undefined ? 0 : 1) &&
      named.every((argument) => subject?.test(argument) === true)
    );
  });
}

/** Every command can answer in JSON. */
function withoutFormat(args: readonly string[]): readonly string[] {
  const at = args.findIndex((argument) => /^(-o|--output)(=json)?$/.test(argument));
  if (at === -1) return args;
  if (args[at]?.includes('=')) return args.toSpliced(at, 1);
  return args[at + 1] === 'json' ? args.toSpliced(at, 2) : args;
}

/** `--type drop` and `-t drop` as `--type=drop`; a value that begins like a flag is none. */
function withValues(args: readonly string[], flags: readonly Flag[]): readonly string[] {
  const joined: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? '';
    const known = flags.find(
      (each) => isValueFlag(each) && (each.name === word || (each.short !== '' && each.short === word)),
    );
    const value = args[i + 1];
    if (known !== undefined && isValueFlag(known) && value !== undefined && !value.startsWith('-')) {
      joined.push(`${known.name}=${value}`);
      i += 1;
    } else joined.push(word);
  }
  return joined;
}

function isValueFlag(each: Flag): each is ValueFlag {
  return typeof each === 'object' && !(each instanceof RegExp);
}

function matches(each: Flag, argument: string): boolean {
  if (typeof each === 'string') return each === argument;
  if (each instanceof RegExp) return each.test(argument);
  const [name, ...value] = argument.split('=');
  return name === each.name && each.value.test(value.join('='));
}
