import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runbooks } from '../../../src/runbooks/index.ts';
import { run, type Simulated, simulate } from '../program.ts';

let cluster: Simulated;
beforeAll(async () => {
  cluster = await simulate(['--scenario', 'agent-crash-loop']);
}, 120_000);
afterAll(() => cluster?.stop());

const ask = (...args: readonly string[]) =>
  run(['runbook', ...args, '--settle', '0'], { KUBECONFIG: cluster.kubeconfig });

describe('ciliscope runbook', { timeout: 120_000 }, () => {
  it('prints one object with outcome, cause, confidence, steps and what was not looked at; a cause ends with 1', async () => {
    const { code, stdout, stderr } = await ask('agent-crash-loop', '--json');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ version: 1, command: 'runbook', id: 'agent-crash-loop', outcome: 'cause', confidence: 'certain' },
      ...{ causeId: 'init-container-fails', cause: expect.stringContaining('mount-bpf-fs'), notLookedAt: [] },
      cluster: { context: 'admin' },
      target: { kind: 'Node', name: expect.stringContaining('np2') },
      steps: expect.arrayContaining([
        {
          ...{ id: 'containers', type: 'look', title: expect.any(String), result: 'found' },
          evidence: expect.arrayContaining([
            { speaks: 'for', source: 'pod status', text: expect.any(String), object: expect.anything() },
          ]),
        },
      ]),
    });
  });

  it('says it to people: what for and against, the end last; ruled out ends with 0', async () => {
    const { code, stdout } = await ask('operator-down');
    expect(code).toBe(0);
    expect(stdout).toMatch(/● .*\n +against .*\n[\s\S]*\n● Not this/);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('ends with 2 where it could not tell, and says what it could not look at', async () => {
    const { code, stdout } = await ask('slice-drift', '--context', 'namespace', '--json');
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: 'unknown',
      cause: null,
      notLookedAt: expect.arrayContaining([{ id: 'invariants', reason: expect.stringContaining('ciliumendpoint') }]),
    });
  });

  it('prints one object also of a run that came to nothing', async () => {
    const { code, stdout, stderr } = await ask('agent-crash-loop', '--target', 'Node/gone', '--json');
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ id: 'agent-crash-loop', outcome: 'unknown', cause: null, steps: [] },
      notLookedAt: [{ id: 'run', reason: 'There is no Node gone.' }],
    });
    expect(stderr).toMatch(/There is no Node gone\./);
  });

  it.each([
    [['nothing-such'], /There is no runbook "nothing-such"\. runbook --list/],
    [[], /Which runbook\?/],
    [['agent-crash-loop', '--target', 'Node/gone'], /There is no Node gone\./],
    [['agent-crash-loop', '--target', 'shop/web'], /"shop\/web" names no kind that is known here/],
    [['identity-exhaustion', '--target', 'Namespace/shop'], /is about the whole cluster/],
  ])('%j ends with 2 and one sentence', async (args, words) => {
    const { code, stdout, stderr } = await ask(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(words);
  });

  it('lists them for programs as one object', async () => {
    const { code, stdout } = await run(['runbook', '--list', '--json']);
    expect(code).toBe(0);
    const { command, runbooks: listed } = JSON.parse(stdout);
    expect({ command, ids: listed.map(({ id }: { id: string }) => id) }).toEqual({
      command: 'runbook',
      ids: runbooks.map(({ id }) => id),
    });
  });

  it('lists them all', async () => {
    const { code, stdout } = await run(['runbook', '--list']);
    expect(code).toBe(0);
    for (const { id, title } of runbooks)
      expect(stdout).toMatch(new RegExp(`^${id} +${title.replace(/[()]/g, '.')}`, 'm'));
  });
});
