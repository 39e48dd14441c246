import { logPatterns } from './index.ts';
import type { LogPattern, LogProgram } from './log-pattern.ts';
import { noise } from './noise.ts';
import { type LogLevel, readLogLine } from './read-log-line.ts';

/** What a line means, and what was read of it. */
export type ClassifiedLine = { pattern: LogPattern; level: LogLevel; message: string };

/**
 * Which of the known patterns a line of a program's log (or a message of an event: `kubelet`) is; undefined for an
 * ordinary line and for noise. The level does not matter: some of the worst are said at level info. A line that
 * is none costs some microseconds.
 */
export function classifyLine(line: string, program: LogProgram): ClassifiedLine | undefined {
  if (!anySubstring.test(line)) return undefined;
  const read = readLogLine(line);
  if (noise.some((text) => read.message.includes(text))) return undefined;
  const said = read.error === '' ? read.message : `${read.message}\n${read.error}`;
  const found = soughtTexts.find(
    ({ pattern: { programs, besides }, texts }) =>
      programs.includes(program) &&
      texts.some((text) => said.includes(text)) &&
      (besides === undefined || besides.test(line)),
  );
  return found && { pattern: found.pattern, level: read.level, message: read.message };
}

/** Go begins a message with a capital and an error, which is wrapped into another, without. */
function withOtherCase(text: string): string {
  const [first = ''] = text;
  const other = first === first.toLowerCase() ? first.toUpperCase() : first.toLowerCase();
  return other + text.slice(1);
}

const soughtTexts = logPatterns.map((pattern) => ({
  pattern,
  texts: pattern.substrings.flatMap((text) => [text, withOtherCase(text)]),
}));

/** Everything that is looked for but its first letter, in one pass. A quote may stand escaped in the line as it is written. */
const anySubstring = new RegExp(
  logPatterns
    .flatMap(({ substrings }) => substrings)
    .map((text) =>
      text
        .slice(1)
        .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
        .replaceAll('"', '\\\\*"'),
    )
    .join('|'),
);

/** The program whose log a container of the given name writes; undefined where no pattern is known for it. */
export function programOfContainer(container: string): LogProgram | undefined {
  if (container === 'cilium-agent') return 'agent';
  if (container.startsWith('cilium-operator')) return 'operator';
  if (container === 'cns-container' || container === 'azure-cns') return 'cns';
  if (container === 'cilium-envoy') return 'envoy';
  if (container === 'hubble-relay') return 'relay';
  return agentInitContainers.has(container) ? 'init' : undefined;
}

/** Domain §4.2. */
const agentInitContainers: ReadonlySet<string> = new Set([
  'iptables-blocker-init',
  'azure-iptables-monitor-init',
  'install-cni-binaries',
  'mount-cgroup',
  'apply-sysctl-overwrites',
  'mount-bpf-fs',
  'clean-cilium-state',
  'block-wireserver',
  'config',
  'wait-for-node-init',
  'wait-for-kube-proxy',
]);
