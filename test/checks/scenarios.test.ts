import { expect, it } from 'vitest';
import { scenarios } from '../../src/simulator/scenarios/index.ts';
import { run, simulate } from '../commands/program.ts';
import { told } from '../runbooks/told.ts';

/** What the program tells of these: exactly this. The other scenarios are held where runbooks stand on them (told.ts). */
const expected: Record<string, { code: number; ids: readonly string[] }> = {
  healthy: { code: 0, ids: [] },
  'agent-crash-loop': { code: 1, ids: ['agents/crash-looping'] },
  'endpoint-slice-drift': {
    code: 1,
    ids: [
      'endpoints/address-conflict',
      'endpoints/duplicate-in-slices',
      'endpoints/missing-from-slices',
      'endpoints/slice-identity-differs',
      'endpoints/stale-slice-entry',
    ],
  },
  'endpoint-storm': { code: 1, ids: ['endpoints/slice-lag'] },
  'version-skew': { code: 1, ids: ['agents/version-below-minimum', 'cluster/rollout-stuck'] },
  'no-cilium': { code: 1, ids: ['cluster/not-cilium'] },
  empty: { code: 1, ids: ['cluster/not-cilium'] },
};

/** A world begins aged by hours and settled; making it is most of the time. */
const patience = 180_000;

// Each waits more than it works: what only seems wrong is watched for seconds.
it.concurrent.each(Object.entries(expected))('check on %s', { timeout: patience }, async (scenario, { code, ids }) => {
  const cluster = await simulate(['--scenario', scenario]);
  try {
    const ended = await run(['check', '--json', '--timeout', '120s'], { KUBECONFIG: cluster.kubeconfig });
    const answer = JSON.parse(ended.stdout || '{"findings":[]}') as { findings: { id: string }[] };
    expect({ stderr: ended.stderr, ids: answer.findings.map(({ id }) => id).sort(), code: ended.code }).toEqual({
      stderr: '',
      ids,
      code,
    });
  } finally {
    await cluster.stop();
  }
});

it('check on forbidden: nothing told, and said of each check why it could not look', {
  timeout: patience,
}, async () => {
  const cluster = await simulate(['--scenario', 'forbidden']);
  try {
    const env = { KUBECONFIG: cluster.kubeconfig };
    const [plain, strict, junit] = await Promise.all([
      run(['check', '--json', '--timeout', '120s'], env),
      run(['check', '--strict'], env),
      run(['check', '--junit'], env),
    ]);
    const { findings, notLookedAt } = JSON.parse(plain.stdout) as {
      findings: unknown[];
      notLookedAt: { id: string; reason: string }[];
    };
    expect({ code: plain.code, findings }).toEqual({ code: 0, findings: [] });
    expect(notLookedAt).toContainEqual({ id: 'dns/not-ready', reason: 'forbidden: list deployments' });
    expect(notLookedAt.map(({ id }) => id)).not.toContain('agents/crash-looping');
    expect(strict.code).toBe(2);
    expect(junit.stdout).toContain('<skipped message="forbidden: list deployments"/>');
  } finally {
    await cluster.stop();
  }
});

it('check where Cilium’s definitions were deleted: that, nothing else, and what could not be looked at', {
  timeout: patience,
}, async () => {
  const cluster = await simulate(['--scenario', 'healthy', '--fault', 'crd-removed']);
  try {
    const ended = await run(['check', '--json', '--timeout', '120s'], { KUBECONFIG: cluster.kubeconfig });
    const { findings, notLookedAt } = JSON.parse(ended.stdout) as {
      findings: { id: string; title: string }[];
      notLookedAt: unknown[];
    };
    expect({ code: ended.code, findings }).toMatchObject({
      code: 1,
      findings: [
        {
          id: 'cluster/cilium-kinds-missing',
          title: expect.stringContaining('the server does not serve ciliumendpoints.cilium.io'),
        },
      ],
    });
    expect(notLookedAt).toContainEqual({ id: 'endpoints/stuck', reason: 'not installed: ciliumendpoints' });
  } finally {
    await cluster.stop();
  }
});

it('check with the rights of one namespace: its stuck pods, and that no other was looked at', {
  timeout: patience,
}, async () => {
  const cluster = await simulate(['--scenario', 'pods-stuck-creating']);
  try {
    const args = ['check', '--json', '--context', 'namespace', '--timeout', '120s'];
    const ended = await run(args, { KUBECONFIG: cluster.kubeconfig });
    const { findings, notLookedAt } = JSON.parse(ended.stdout) as {
      findings: { id: string; objects: { namespace: string }[] }[];
      notLookedAt: { id: string; reason: string }[];
    };
    expect({ code: ended.code, ids: findings.map(({ id }) => id) }).toEqual({ code: 2, ids: ['pods/stuck-creating'] });
    const [namespace] = new Set(findings.flatMap(({ objects }) => objects.map((one) => one.namespace)));
    expect(notLookedAt).toContainEqual({
      id: 'pods/stuck-creating',
      reason: `only namespace ${namespace} was looked at`,
    });
    expect(notLookedAt).toContainEqual({ id: 'nodes/cns-not-ready', reason: 'forbidden: list nodes' });
  } finally {
    await cluster.stop();
  }
});

it('check on expired-credentials, and on a server that has stopped, ends with 2 and says what to try', {
  timeout: patience,
}, async () => {
  const cluster = await simulate(['--scenario', 'expired-credentials']);
  const env = { KUBECONFIG: cluster.kubeconfig };
  const expired = await run(['check', '--json', '--timeout', '120s'], env);
  expect(expired).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^ciliscope: .*401.*Sign in again/),
  });
  // The kubeconfig outlives the server here.
  const { readFileSync, writeFileSync, mkdtempSync } = await import('node:fs');
  const { join } = await import('node:path');
  const kept = join(mkdtempSync(join((await import('node:os')).tmpdir(), 'ciliscope-test-')), 'kubeconfig');
  writeFileSync(kept, readFileSync(cluster.kubeconfig), { mode: 0o600 });
  await cluster.stop();
  const stopped = await run(['check', '--json', '--timeout', '5s'], { KUBECONFIG: kept });
  expect(stopped).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/^ciliscope: .+/) });
});

it('knows every scenario there is, but for the one that shows several at once', () => {
  const known = new Set([...Object.keys(expected), ...Object.keys(told), 'forbidden', 'expired-credentials', 'busy']);
  expect(scenarios.map(({ id }) => id).sort()).toEqual([...known].sort());
});
