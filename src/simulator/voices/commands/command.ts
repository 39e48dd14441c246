import { ciliumConfig, listOf, type Scene, versionOf } from '../scene.ts';
import type { Pod } from '../shapes.ts';

/** A command line of one of the agent's programs, taken apart. */
export type Asked = {
  scene: Scene;
  pod: Pod;
  /** Of the agent's image. */
  version: string;
  config: Record<string, string>;
  /** Positional arguments after the command's own words. */
  rest: readonly string[];
  flags: ReadonlyMap<string, string>;
  /** `-o json`. */
  json: boolean;
};

export type Answer = { stdout?: string; stderr?: string; exitCode?: number };

/** One command that reads. `words` as typed after the program: `endpoint list`. */
export type AgentCommand = {
  words: string;
  answer?(asked: Asked): Answer;
  /** Commands that go on until they are stopped. Resolves to the exit code. */
  stream?(asked: Asked, write: (text: string) => void, signal: AbortSignal): Promise<number>;
};

/** The two forms every listing command has: an indented JSON document, or aligned columns. */
export function listing(
  asked: Asked,
  value: unknown,
  header: readonly string[],
  rows: readonly (readonly string[])[],
): Answer {
  return { stdout: asked.json ? `${JSON.stringify(value, null, 2)}\n` : columns([header, ...rows]) };
}

export function document(value: unknown): Answer {
  return { stdout: `${JSON.stringify(value, null, 2)}\n` };
}

export function refusal(text: string, exitCode = 1): Answer {
  return { stderr: `${text}\n`, exitCode };
}

export function columns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  }
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, index) => cell.padEnd(widths[index] ?? 0))
          .join('   ')
          .trimEnd()}\n`,
    )
    .join('');
}

// Flags that take no value; of any other the next word is its value.
const switches = new Set([
  'follow',
  'f',
  'brief',
  'verbose',
  'all',
  'j',
  'json',
  'v',
  'n',
  'no-headers',
  'help',
  'h',
  'all-addresses',
  'all-controllers',
  'all-health',
  'all-nodes',
  'all-redirects',
  'numeric',
  'probe',
]);

/** Splits words into positional arguments and flags: `--type drop`, `--type=drop`, `-o json`, `-ojson`. */
export function askedOf(scene: Scene, pod: Pod, image: string, words: readonly string[]): Asked {
  const rest: string[] = [];
  const flags = new Map<string, string>();
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    const long = /^--([^=]+)(?:=(.*))?$/.exec(word);
    const short = /^-(\w)(.*)$/.exec(word);
    const name = long?.[1] ?? short?.[1];
    const attached = long === null ? short?.[2] || undefined : long[2];
    if (name === undefined) rest.push(word);
    else if (attached !== undefined) flags.set(name, attached.replace(/^=/, ''));
    else if (switches.has(name)) flags.set(name, 'true');
    else flags.set(name, words[++i] ?? '');
  }
  const json = (flags.get('output') ?? flags.get('o')) === 'json' || flags.has('j') || flags.has('json');
  return { scene, pod, version: versionOf(image), config: ciliumConfig(scene), rest, flags, json };
}

/** A number that grows with each policy change, the same for every agent. */
export function policyRevision(scene: Scene): number {
  const kinds = ['NetworkPolicy', 'CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy'];
  const policies = kinds.flatMap((kind) => listOf(scene, kind));
  return 1 + policies.reduce((sum, policy) => sum + (policy.metadata.generation ?? 1), 0);
}
