import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Terminal } from '../src/commands/command.ts';
import { main } from '../src/main.ts';

/** What the program answers to what was typed, where nothing is asked of a cluster. */
async function typed(line: string): Promise<{ code: number; said: string; refused: string }> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const terminal = { stdin: process.stdin, stdout, stderr, env: {} } as unknown as Terminal;
  const code = await main(
    line.split(' ').filter((word) => word !== ''),
    terminal,
  );
  return { code, said: String(stdout.read() ?? ''), refused: String(stderr.read() ?? '') };
}

describe('help', () => {
  it.each([
    ['--help', /^Usage: ciliscope .*\n {2}check .*\n {2}simulate .*\n {2}help /s],
    ['help', /^Usage: ciliscope .*\n {2}check .*\n {2}simulate .*\n {2}help /s],
    ['help help', /^Usage: ciliscope .*\n {2}check .*\n {2}simulate .*\n {2}help /s],
    ['help check', /^Usage: ciliscope check .*--settle .*Exit code: 0/s],
    ['check --help', /^Usage: ciliscope check .*--settle .*Exit code: 0/s],
    ['help simulate', /^Usage: ciliscope simulate .*--write-kubeconfig.*may be\s+given again\n/s],
    ['policy --help', /^Usage: ciliscope policy .*\n {2}verdict /s],
    ['help policy verdict', /^Usage: ciliscope policy verdict .*--jsonl.*Exit code: 0/s],
    ['policy verdict --help', /^Usage: ciliscope policy verdict .*--jsonl.*Exit code: 0/s],
    ['--version', /^\d+\.\d+\.\d+\n$/],
  ])('%s', async (line, says) => {
    const { code, said, refused } = await typed(line);
    expect(said).toMatch(says);
    expect([code, refused]).toEqual([0, '']);
  });
});

describe('a word it does not know is told in one sentence, with where to look', () => {
  const named =
    'there are check, policy, plan, runbook, query, report, audit, bundle, rbac, simulate, help. Try: ciliscope --help';
  it.each([
    ['chek', `there is no command "chek": ${named}`],
    ['chek --json', `there is no command "chek": ${named}`],
    ['help chek', `there is no command "chek": ${named}`],
    ['--context', `option '--context <name>' argument missing. Try: ciliscope --help`],
    ['--demp', `unknown option '--demp' (Did you mean --demo?). Try: ciliscope --help`],
    ['check --bogus', `unknown option '--bogus'. Try: ciliscope check --help`],
    ['check --jsn', `unknown option '--jsn' (Did you mean --json?). Try: ciliscope check --help`],
    ['check now', 'check takes no argument "now". Try: ciliscope check --help'],
    ['simulate now', 'simulate takes no argument "now". Try: ciliscope simulate --help'],
    ['query a b', 'query takes no further argument "b". Try: ciliscope query --help'],
    ['check --timeout', `option '--timeout <duration>' argument missing. Try: ciliscope check --help`],
    ['check --timeout soon', '--timeout is "soon", which is no duration. Give one like 30s, 2m or 500ms.'],
    ['check --json --junit', '--json and --junit cannot both be printed. Give one of them.'],
    ['policy', 'policy what? Try: ciliscope policy --help'],
    [
      'policy verdct',
      'there is no command "verdct": there are verdict, lint, template, export, drift, who-can-reach, reach, map, diff. Try: ciliscope policy --help',
    ],
    ['policy verdict --bogus', `unknown option '--bogus'. Try: ciliscope policy verdict --help`],
    ['--write check', 'check takes no option --write. Try: ciliscope check --help'],
    ['-n shop policy lint', 'lint takes no option --namespace. Try: ciliscope policy lint --help'],
    ['simulate --node 3', `unknown option '--node' (Did you mean --nodes?). Try: ciliscope simulate --help`],
  ])('%s', async (line, sentence) => {
    expect(await typed(line)).toEqual({ code: 2, said: '', refused: `ciliscope: ${sentence}\n` });
  });
});

describe('what stands before a command counts for it', () => {
  it.each([
    ['--kubeconfig /before policy map', '/before'],
    ['--kubeconfig /before policy map --kubeconfig /after', '/after'],
  ])('%s', async (line, file) => {
    expect(await typed(line)).toMatchObject({ code: 2, said: '', refused: expect.stringContaining(` ${file}`) });
  });
});
