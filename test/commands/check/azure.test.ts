import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DemoCluster, startDemo } from '../../../src/commands/demo-cluster.ts';
import { type Ended, run } from '../program.ts';

type Answer = {
  links: { source: string; phase: string }[];
  findings: { id: string }[];
  notLookedAt: { id: string; reason: string }[];
};

let demo: DemoCluster;
let asked: Ended;
let unasked: Ended;
let stranger: Ended;

beforeAll(async () => {
  demo = await startDemo('healthy', () => {}, [join(import.meta.dirname, '..', '..', '..', 'bin', 'ciliscope.js')]);
  const check = (env: Readonly<Record<string, string>>, ...flags: string[]) =>
    run(
      ['check', '--json', '--strict', '--settle', '1s', '--timeout', '80s', '--kubeconfig', demo.kubeconfig, ...flags],
      env,
    );
  [asked, unasked, stranger] = await Promise.all([
    check(demo.env, '--azure'),
    check(demo.env),
    check({ ...demo.env, AZURE_CLIENT_SECRET: 'n0t-Ours-7Qx' }, '--azure'),
  ]);
}, 90_000);
afterAll(() => demo.stop());

const read = ({ stdout }: Ended) => JSON.parse(stdout) as Answer;
const ofAzure = ({ notLookedAt }: Answer) => notLookedAt.filter(({ id }) => id.startsWith('azure/'));

it('with --azure it asks Azure, waits for its answers, and judges its side', () => {
  const answer = read(asked);
  expect(ofAzure(answer)).toEqual([]);
  for (const source of ['azureLogin', 'arm', 'armDiagnostics', 'armUpgrades', 'activity', 'workspace'])
    expect(answer.links).toContainEqual(expect.objectContaining({ source, phase: 'live' }));
  expect(asked.code).toBe(answer.findings.length > 0 ? 1 : 0);
});

it('without it Azure is not asked, which is said and makes no strict run fail', () => {
  const answer = read(unasked);
  expect(ofAzure(answer).length).toBeGreaterThan(10);
  expect(new Set(ofAzure(answer).map(({ reason }) => reason))).toEqual(new Set(['not asked: Azure']));
  expect(answer.links.map(({ source }) => source)).not.toContain('arm');
  expect(unasked.code).not.toBe(2);
});

it('who asks for Azure and is not let in hears that it was not looked at', () => {
  const reasons = ofAzure(read(stranger)).map(({ reason }) => reason);
  expect(reasons.length).toBeGreaterThan(10);
  expect(reasons.every((reason) => /secret|sign/i.test(reason))).toBe(true);
  expect(stranger.stdout + stranger.stderr).not.toContain('n0t-Ours-7Qx');
  expect([1, 2]).toContain(stranger.code);
});

it('a runbook that needs Azure asks it by itself, and not where somebody says so', { timeout: 90_000 }, async () => {
  const runbook = (...flags: string[]) =>
    run(
      ['runbook', 'log-ingestion-stopped', '--json', '--settle', '0', '--kubeconfig', demo.kubeconfig, ...flags],
      demo.env,
    );
  const [by, not] = await Promise.all([runbook(), runbook('--no-azure')]);
  expect({ code: by.code, ...JSON.parse(by.stdout) }).toMatchObject({ code: 0, outcome: 'not-this', notLookedAt: [] });
  expect({ code: not.code, ...JSON.parse(not.stdout) }).toMatchObject({
    ...{ code: 2, outcome: 'unknown' },
    notLookedAt: expect.arrayContaining([{ id: 'addon', reason: 'not asked: Azure' }]),
  });
});
