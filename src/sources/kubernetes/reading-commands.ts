/**
 * What may be run in a container: commands that only look, each with the arguments it may have. Anything that is not
 * written here is not run, whoever asks. No word is free: what follows a command may be an order (`encrypt flush`), in
 * this version or in another.
 */
const reading: Readonly<Record<string, readonly Shape[]>> = {
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
    shape('map list', ['--verbose']),
    shape('map get', [], /^cilium_[a-z0-9_]{1,60}$/),
    shape('identity list', []),
    shape('identity get', [], /^\d{1,10}$/),
    shape('service list', []),
    shape('node list', []),
    shape('ip list', ['-n', '--numeric', '--verbose']),
    shape('metrics list', [/^--match-pattern=[\w.*^$|-]{1,200}$/]),
    shape('encrypt status', []),
    shape('fqdn cache list', []),
  ],
  'cilium-health': [shape('status', ['--succinct', '--verbose'])],
  hubble: [shape('status', [])],
};

type Shape = { words: readonly string[]; flags: readonly (string | RegExp)[]; subject: RegExp | undefined };

/** `words`, then any of `flags` and an output format, and where there is a `subject` at most one word of that form. */
function shape(words: string, flags: readonly (string | RegExp)[], subject?: RegExp): Shape {
  return { words: words.split(' '), flags, subject };
}

/** By number, or by another name it is known under, as the agent writes them. */
function endpoint(): RegExp {
  return /^(\d{1,10}|(cep-name|pod-name|container-id|container-name|cni-attachment-id|ipv4|ipv6):[\w.:/-]{1,253})$/;
}

export function isReading(command: readonly string[]): boolean {
  const [program = '', ...args] = command;
  // The tool's name before 1.15.
  const name = program === 'cilium' ? 'cilium-dbg' : program;
  if (!Object.hasOwn(reading, name)) return false;
  const shapes = reading[name] ?? [];
  return shapes.some(({ words, flags, subject }) => {
    if (words.some((word, index) => args[index] !== word)) return false;
    const rest = withoutFormat(args.slice(words.length));
    const named = rest.filter((argument) => !argument.startsWith('-'));
    return (
      rest.every((argument) => !argument.startsWith('-') || flags.some((flag) => matches(flag, argument))) &&
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

function matches(flag: string | RegExp, argument: string): boolean {
  return typeof flag === 'string' ? flag === argument : flag.test(argument);
}
