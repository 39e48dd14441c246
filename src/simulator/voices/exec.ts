import type { ExecSession, KubeObject } from '../cluster.ts';
import { type AgentCommand, type Asked, askedOf } from './commands/command.ts';
import { healthCommands, hubbleCommands } from './commands/health.ts';
import { agentCommands } from './commands/index.ts';
import { isRunning } from './run.ts';
import { atLeast, type Scene, versionOf } from './scene.ts';
import type { Pod } from './shapes.ts';

/** Runs a command in a container. Undefined: the container does not run. */
export function runCommand(
  scene: Scene,
  object: KubeObject,
  container: string,
  command: readonly string[],
): ExecSession | undefined {
  const pod = object as Pod;
  if (!isRunning(pod, container)) return undefined;
  const [path = '', ...words] = command;
  const specs = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])];
  const image = specs.find((spec) => spec.name === container)?.image ?? '';
  // A program may be given by its path; the images have theirs in /usr/bin.
  const program = path.replace(/^\/usr\/(local\/)?bin\//, '');
  const run = container === 'cilium-agent' ? agentProgram(program, image) : workloadProgram(container, program);
  if (run === undefined) return { error: notFound(path), run: async () => 127 };
  return run(askedOf(scene, pod, image, words), words);
}

type Start = (asked: Asked, words: readonly string[]) => ExecSession;

function agentProgram(program: string, image: string): Start | undefined {
  const renamed = atLeast(versionOf(image), 15);
  switch (program) {
    case 'cilium-dbg':
      return renamed ? (asked, words) => choose('cilium-dbg', agentCommands, asked, words) : undefined;
    case 'cilium':
      return (asked, words) => choose('cilium', agentCommands, asked, words);
    case 'cilium-health':
      return (asked, words) => choose('cilium-health', healthCommands, asked, words);
    case 'hubble':
      return (asked, words) => choose('hubble', hubbleCommands, asked, words);
    default:
      return undefined;
  }
}

/** The little an application's image has. Images of kube-system are distroless and have nothing. */
function workloadProgram(container: string, program: string): Start | undefined {
  if (/^(cilium|azure|konnectivity|coredns|cns|ama|csi|metrics|hubble|autoscaler|kube)/.test(container))
    return undefined;
  switch (program) {
    case 'hostname':
      return (asked) => said(`${asked.pod.metadata.name}\n`);
    case 'date':
      return (asked) => said(`${new Date(asked.scene.now()).toUTCString()}\n`);
    case 'echo':
      return (_, words) => said(`${words.join(' ')}\n`);
    case 'true':
      return () => said('');
    case 'cat':
      return (asked, words) => readFile(asked, words[0] ?? '');
    default:
      return undefined;
  }
}

function readFile(asked: Asked, path: string): ExecSession {
  const { metadata, status } = asked.pod;
  if (path === '/etc/hostname') return said(`${metadata.name}\n`);
  if (path === '/etc/resolv.conf') {
    return said(
      `search ${metadata.namespace}.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.0.0.10\noptions ndots:5\n`,
    );
  }
  if (path === '/etc/hosts') return said(`127.0.0.1\tlocalhost\n${status?.podIP ?? ''}\t${metadata.name}\n`);
  return ended({ stderr: `cat: ${path}: No such file or directory\n`, exitCode: 1 });
}

/** Picks the command whose words the line begins with, the longest first, and runs it. */
function choose(
  program: string,
  commands: readonly AgentCommand[],
  asked: Asked,
  words: readonly string[],
): ExecSession {
  const line = asked.rest.join(' ');
  const command = [...commands]
    .sort((a, b) => b.words.length - a.words.length)
    .find((each) => line === each.words || line.startsWith(`${each.words} `));
  if (command === undefined) {
    const [first = ''] = words;
    return ended({
      stderr: `Error: unknown command "${first}" for "${program}"\nRun '${program} --help' for usage.\n`,
      exitCode: 1,
    });
  }
  const own: Asked = { ...asked, rest: asked.rest.slice(command.words.split(' ').length) };
  if (command.stream !== undefined) {
    const { stream } = command;
    return { goesOn: true, run: (write, signal) => stream(own, (text) => write('stdout', text), signal) };
  }
  return {
    async run(write) {
      const { stdout = '', stderr = '', exitCode = 0 } = command.answer?.(own) ?? {};
      if (stdout !== '') write('stdout', stdout);
      if (stderr !== '') write('stderr', stderr);
      return exitCode;
    },
  };
}

function said(text: string): ExecSession {
  return ended({ stdout: text });
}

function ended({
  stdout = '',
  stderr = '',
  exitCode = 0,
}: {
  stdout?: string;
  stderr?: string;
  exitCode?: number;
}): ExecSession {
  return {
    async run(write) {
      if (stdout !== '') write('stdout', stdout);
      if (stderr !== '') write('stderr', stderr);
      return exitCode;
    },
  };
}

function notFound(path: string): string {
  const cause = path.includes('/') ? 'no such file or directory' : 'executable file not found in $PATH';
  return `exec: ${JSON.stringify(path)}: ${path.includes('/') ? `stat ${path}: ${cause}` : cause}`;
}
