/**
 * What may be run in a container: commands that only look (domain of cilium-dbg, cilium-health and hubble). Anything
 * that is not written here is not run, whoever asks.
 */
const reading: Readonly<Record<string, readonly string[]>> = {
  'cilium-dbg': [
    'status',
    'endpoint list',
    'endpoint get',
    'endpoint health',
    'endpoint log',
    'policy get',
    'policy selectors',
    'bpf policy get',
    'bpf policy list',
    'bpf ipcache list',
    'bpf ipcache get',
    'bpf ct list',
    'bpf nat list',
    'bpf lb list',
    'bpf metrics list',
    'bpf nodeid list',
    'bpf endpoint list',
    'map list',
    'map get',
    'identity list',
    'identity get',
    'service list',
    'service get',
    'node list',
    'ip list',
    'ip get',
    'monitor',
    'metrics list',
    'encrypt status',
    'fqdn cache list',
    'fqdn names',
    'bgp peers',
    'bgp routes',
    'lrp list',
    'cgroups list',
    'nodeid list',
    'loadinfo',
    'build-config',
    'debuginfo',
    'version',
  ],
  'cilium-health': ['status', 'get'],
  hubble: ['status', 'observe', 'list nodes', 'version'],
};

/** Flags that narrow or format an answer. Anything else could write a file or reach another agent. */
const flags =
  /^(-o|--output|-j|--json|--brief|-v|--verbose|--all|--all-[a-z-]+|--type|-t|--related-to|--from|--to|-p|--match-pattern|-n|--numeric|--last|--since|--succinct|--probe|--timeout)(=[\w.:@/,*^$|-]*)?$/;
const plainArgument = /^[\w.:@/,*^$|=-]{1,253}$/;

export function isReading(command: readonly string[]): boolean {
  const [program = '', ...args] = command;
  const known = reading[program === 'cilium' ? 'cilium-dbg' : program];
  if (known === undefined) return false;
  const line = args.join(' ');
  const verb = known.find((entry) => line === entry || line.startsWith(`${entry} `));
  if (verb === undefined) return false;
  const rest = args.slice(verb.split(' ').length);
  return rest.every((argument) => (argument.startsWith('-') ? flags.test(argument) : plainArgument.test(argument)));
}
