import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { Command as Program } from 'commander';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { clusterTraces } from '../../../src/commands/cluster-traces.ts';
import type { Command, Terminal } from '../../../src/commands/command.ts';
import { alerts } from '../../../src/commands/plan/alerts.ts';
import { create } from '../../../src/commands/plan/create.ts';
import { enableAcns } from '../../../src/commands/plan/enable-acns.ts';
import { enableCilium } from '../../../src/commands/plan/enable-cilium.ts';
import { enableMonitoring } from '../../../src/commands/plan/enable-monitoring.ts';
import { resume } from '../../../src/commands/plan/resume.ts';
import { upgrade } from '../../../src/commands/plan/upgrade.ts';
import { readConfig } from '../../../src/config.ts';
import { UserError } from '../../../src/errors.ts';
import { at } from '../../../src/model/objects/raw.ts';
import type { RawObject } from '../../../src/model/objects/row.ts';
import { writableBody } from '../../../src/model/plans/writable-body.ts';
import { azurePlace } from '../../../src/simulator/azure/azure-settings.ts';
import { type SmallCluster, startSmallCluster } from '../../simulator/api/small-cluster.ts';
import { type PlanAzure, startPlanAzure } from '../../sources/azure/plan-azure.ts';

let world: PlanAzure;
beforeEach(async () => {
  world = await startPlanAzure(1);
  world.azure.pace.pollSeconds = 1;
});
afterEach(() => world.close());

type Ended = { code: number; stdout: string; stderr: string };

/** The command as its words are typed; `typed` makes it a terminal on which somebody types this. */
async function run(command: Command, words: string, typed?: string): Promise<Ended> {
  const texts = { stdout: '', stderr: '' };
  const sink = (name: 'stdout' | 'stderr') => {
    const stream = new PassThrough();
    stream.on('data', (chunk) => {
      texts[name] += chunk;
    });
    return Object.assign(stream, typed === undefined ? {} : { isTTY: true });
  };
  const stdin = new PassThrough();
  if (typed !== undefined) stdin.end(`${typed}\n`);
  const terminal = {
    stdin: Object.assign(stdin, typed === undefined ? {} : { isTTY: true }),
    ...{ stdout: sink('stdout'), stderr: sink('stderr'), env: { ...world.env, LANG: 'C.UTF-8' } },
  } as unknown as Terminal;
  const program = new Program().exitOverride();
  command.describe(program);
  program.parse(words.split(' ').filter(Boolean), { from: 'user' });
  try {
    return { code: await command.run([], program.opts(), terminal), ...texts };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { ...texts, code: 2, stderr: `${texts.stderr}${error.message}` };
  }
}

const there = `--subscription ${azurePlace.subscription} --resource-group dev-weu --cluster aks-dev-weu`;
const made = `--subscription ${azurePlace.subscription} --resource-group dev-weu --name aks-new --location westeurope`;
const done = '--apply --yes';

describe('plan', () => {
  it('create needs no Azure, and prints commands that can be pasted', async () => {
    const { code, stdout } = await run(create, '--mode overlay --name aks1 --resource-group rg1 --location westeurope');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^○ create cluster aks1: nothing speaks against it \(2 not looked at\)\./);
    expect(stdout).toContain('\naz group create --name rg1 --location westeurope\naz aks create \\\n  --name aks1');
    expect(world.azure.requests()).toEqual([]);
  });

  it('with an error prints no line that could be pasted, and ends with 1', async () => {
    const { code, stdout } = await run(
      create,
      '--mode overlay --name aks1 --resource-group rg1 --location West-Europe',
    );
    expect(code).toBe(1);
    expect(stdout).toContain('✖ --location: "West-Europe" is no region as commands name it. Is it westeurope?');
    expect(stdout).not.toContain('\naz ');
  });

  it('--json is one object with what output.md names', async () => {
    const { stdout } = await run(create, '--mode byo --name aks1 --resource-group rg1 --location westeurope --json');
    const answer = JSON.parse(stdout);
    expect(answer).toMatchObject({ version: 1, command: 'plan create', ok: false });
    expect(answer.problems[0]).toMatchObject({ severity: 'error', where: '--pod-cidr' });
    for (const name of ['commands', 'body', 'effects']) expect(answer).toHaveProperty(name);
  });

  it('of a cluster reads it from ARM, or from a file without asking anybody', async () => {
    const live = await run(enableCilium, there);
    expect(live.code).toBe(1);
    expect(live.stdout).toContain('The cluster uses kubenet');
    const { raw } = (await world.read('dev-weu', 'aks-dev-weu')) ?? { raw: {} as RawObject };
    const { properties, ...top } = raw;
    const asked = world.azure.requests().length;
    for (const [name, object] of Object.entries({ rest: raw, show: { ...top, ...(properties as object) } })) {
      const file = join(world.env.HOME, `${name}.json`);
      writeFileSync(file, JSON.stringify(object));
      const { code, stdout } = await run(upgrade, `--from ${file} --kubernetes-version 1.34`);
      expect(code).toBe(0);
      expect(stdout).toContain('the upgrade profile was not read');
    }
    expect(world.azure.requests().length).toBe(asked);
  });

  it('of the cluster to which the kubeconfig leads', async () => {
    const { raw } = (await world.read('dev-weu', 'aks-dev-weu')) ?? { raw: {} as RawObject };
    const server = `https://${(raw.properties as { fqdn: string }).fqdn}:443`;
    const file = join(world.env.HOME, 'kubeconfig');
    writeFileSync(
      file,
      stringify({
        'current-context': 'c',
        clusters: [{ name: 'k', cluster: { server } }],
        users: [{ name: 'u', user: {} }],
        contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }],
      }),
      { mode: 0o600 },
    );
    const { code, stdout } = await run(upgrade, `--kubeconfig ${file} --kubernetes-version 1.34`);
    expect(stdout).toContain('upgrade aks-dev-weu to 1.34: nothing speaks against it');
    expect(code).toBe(0);
  });

  describe('where the API server has another name than in Azure', () => {
    let silent: boolean;
    let small: SmallCluster;
    let file: string;
    beforeEach(async () => {
      silent = false;
      small = await startSmallCluster({
        intercept: ({ path }) => (silent && path.startsWith('/api/v1/nodes') ? { kind: 'black-hole' } : undefined),
      });
      const found = await world.read('dev-weu', 'aks-dev-weu');
      const nodeResourceGroup = String(at(found?.raw, 'properties', 'nodeResourceGroup'));
      const providerID = `azure:///subscriptions/${azurePlace.subscription}/resourceGroups/${nodeResourceGroup.toLowerCase()}/providers/Microsoft.Compute/virtualMachineScaleSets/np1/virtualMachines/0`;
      const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1' }, spec: { providerID } };
      small.store.create(node, 'kube-apiserver');
      file = join(world.env.HOME, 'kubeconfig');
      writeFileSync(file, small.kubeconfig(), { mode: 0o600 });
    });
    afterEach(() => small.stop());

    it('is of the cluster whose nodes they are', async () => {
      const { code, stdout } = await run(upgrade, `--kubeconfig ${file} --kubernetes-version 1.34`);
      expect(stdout).toContain('upgrade aks-dev-weu to 1.34: nothing speaks against it');
      expect(code).toBe(0);
    });

    it('says in one sentence that the API server does not tell its nodes', async () => {
      silent = true;
      const config = { ...readConfig({ kubeconfig: file }, world.env, '0.0.0'), requestMs: 1_500 };
      const traces = clusterTraces(config, world.env, new AbortController().signal, 'Name it.');
      await expect(traces).rejects.toMatchObject({
        name: 'UserError',
        message: expect.stringMatching(
          /(did not say in time which nodes the cluster has|does not answer)\. .*Name it\.$/,
        ),
      });
    });
  });

  it('that ARM does not let us read is no plan', async () => {
    world.fail(({ kind }) => kind === 'managedclusters', {
      kind: 'status',
      code: 403,
      reason: 'AuthorizationFailed',
      message: 'no',
    });
    const { code, stdout, stderr } = await run(enableCilium, there);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('No permission to read the managed cluster. Ask for the role Reader.');
  });

  it.each([
    [upgrade, there, 'To which version?'],
    [enableMonitoring, there, 'Nothing is asked for.'],
    [create, made, 'How shall pods get their addresses?'],
    [create, `${made} --mode vnet`, 'there is no "vnet"'],
    [create, `${made} --mode overlay --nodes three`, '"three" is no number'],
    [enableAcns, `${there} --policies L8`, 'there is no "L8"'],
    [enableAcns, `${there} --yes aks-dev-weu`, '--yes goes with --apply'],
    [enableAcns, `${there} --apply`, 'Nobody can be asked here.'],
    [enableAcns, '--from x.json --apply --yes x', '--from and --apply exclude each other.'],
  ])('refuses %#', async (command, words, said) => {
    const { code, stderr } = await run(command, words);
    expect(stderr).toContain(said);
    expect(code).toBe(2);
    expect(world.puts()).toHaveLength(0);
  });
});

describe('--apply', () => {
  it('creates the cluster, and only that, with what was printed', async () => {
    const ended = await run(create, `${made} --mode overlay --json ${done} aks-new`);
    expect(ended.code).toBe(0);
    const answer = JSON.parse(ended.stdout);
    expect(answer.applied).toEqual({ outcome: 'done', text: 'Azure says Succeeded.' });
    const writes = world.azure.requests().filter(({ method, host }) => method === 'PUT' && host === 'arm');
    expect(writes).toHaveLength(1);
    expect(writes[0]?.headers['if-none-match']).toBe('*');
    expect(JSON.parse(writes[0]?.body ?? '')).toEqual(answer.body);
  });

  it.each([
    ['the group is missing', 'dev-weu', 'nowhere', '', 'There is no resource group nowhere.'],
    ['the cluster is there', 'aks-new', 'aks-dev-weu', '', 'There is a cluster aks-dev-weu in dev-weu already.'],
    ['the subnet is missing', '', '', '--vnet-subnet-id SUBNETS/none', 'There is no subnet none.'],
    [
      'the subnet is too small',
      '',
      '',
      '--vnet-subnet-id SUBNETS/snet-small --nodes 20',
      '10.225.8.0/28 has 11 usable addresses',
    ],
    [
      'the subnet is delegated',
      '',
      '',
      '--vnet-subnet-id SUBNETS/snet-databases',
      'delegated to Microsoft.DBforPostgreSQL/flexibleServers',
    ],
  ])('creates nothing where %s', async (_, from, to, more, said) => {
    const subnets = `/subscriptions/${azurePlace.subscription}/resourceGroups/${azurePlace.resourceGroup}/providers/Microsoft.Network/virtualNetworks/vnet-prod-weu/subnets`;
    const words = `${made.replace(from || 'nothing', to)} --mode overlay ${more.replace('SUBNETS', subnets)} ${done}`;
    const { code, stdout } = await run(create, `${words} ${to === 'aks-dev-weu' ? to : 'aks-new'}`);
    expect(stdout.replace(/\s+/g, ' ')).toContain(said);
    expect(code).toBe(1);
    expect(world.puts()).toHaveLength(0);
  });

  it('asks, and the name must be the cluster’s', async () => {
    expect((await run(upgrade, `${there} --kubernetes-version 1.34 --apply`, 'y')).stderr).toContain(
      'Nothing was changed.',
    );
    expect((await run(upgrade, `${there} --kubernetes-version 1.34 ${done} other`)).stderr).toContain(
      '--yes says "other"',
    );
    expect(world.puts()).toHaveLength(0);
    const typed = await run(upgrade, `${there} --kubernetes-version 1.34 --apply`, 'aks-dev-weu');
    expect(typed.stderr).toContain('Type aks-dev-weu to do it:');
    expect(typed.stderr).toContain('Done. Azure says Succeeded.');
    expect(world.puts()).toHaveLength(1);
  });

  it('comes through a 429 and a 409 on the way, and one write is taken', async () => {
    world.failPut(
      { kind: 'status', code: 429, reason: 'TooManyRequests', message: 'Slow down.', retryAfterSeconds: 1 },
      { kind: 'status', code: 409, reason: 'OperationNotAllowed', message: 'In progress.' },
    );
    const { code, stderr } = await run(enableAcns, `${there} --disable-security ${done} aks-dev-weu`);
    expect(stderr).toContain('Another operation was under way');
    expect(code).toBe(0);
    expect(world.puts().map((put) => put.status)).toEqual([429, 409, 200]);
  });

  it('where somebody was faster reads again, and does on what is there now what was agreed to', async () => {
    world.failPut({ kind: 'status', code: 412, reason: 'PreconditionFailed', message: 'The etag does not match.' });
    const { code, stderr } = await run(enableAcns, `${there} --disable-security ${done} aks-dev-weu`);
    expect(stderr).toContain('It was changed since it was read');
    expect(code).toBe(0);
    expect(world.puts().map((put) => put.status)).toEqual([412, 200]);
  });

  it('where that would be something else by now, says the difference and does nothing', async () => {
    const found = await world.read('dev-weu', 'aks-dev-weu');
    const body = writableBody(found?.raw ?? {});
    const properties = body.properties as RawObject;
    const advancedNetworking = { enabled: false, observability: { enabled: false } };
    const networkProfile = { ...(properties.networkProfile as RawObject), advancedNetworking };
    // At the moment when ours arrives somebody else's has just been taken.
    world.failPut(
      { kind: 'status', code: 412, reason: 'PreconditionFailed', message: 'The etag does not match.' },
      () => {
        world.change('dev-weu', 'aks-dev-weu', { ...body, properties: { ...properties, networkProfile } });
      },
    );
    const { code, stderr } = await run(enableAcns, `${there} --disable-security ${done} aks-dev-weu`);
    expect(stderr).toContain('What would be changed is another by now');
    expect(stderr).toMatch(/-\s+enabled: false\n.*\+\s+enabled: true/s);
    expect(code).toBe(1);
    expect(world.puts().map((put) => put.status)).toEqual([412]);
  });

  it('twice does it once', async () => {
    const words = `${there} --disable-security ${done} aks-dev-weu`;
    expect((await run(enableAcns, words)).code).toBe(0);
    const again = await run(enableAcns, words);
    expect(again).toMatchObject({ code: 0 });
    expect(again.stdout).toContain('there is nothing to do');
    expect(world.puts()).toHaveLength(1);
  });

  it('of alerts puts each rule where it belongs', async () => {
    const workspace = `/subscriptions/${azurePlace.subscription}/resourceGroups/${azurePlace.resourceGroup}/providers/Microsoft.OperationalInsights/workspaces/${azurePlace.workspaceName}`;
    const { code, stderr } = await run(alerts, `${there} --workspace-resource-id ${workspace} ${done} aks-dev-weu`);
    expect(stderr).toContain('6 rules are written.');
    expect(code).toBe(0);
    const writes = world.azure.requests().filter(({ method, host }) => method === 'PUT' && host === 'arm');
    expect(writes.map(({ path }) => path.replace(/^.*\/providers\//, ''))[0]).toBe(
      'Microsoft.Insights/scheduledQueryRules/ciliscope-aks-dev-weu-ces-sync-failure?api-version=2023-12-01',
    );
    expect(writes).toHaveLength(6);
    const told = readFileSync(join(world.stateDir, 'audit.ndjson'), 'utf8').trim().split('\n').slice(-12);
    const lines = told.map((line) => JSON.parse(line) as { action: string; outcome: string });
    expect(lines.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual(
      Array.from({ length: 12 }, (_, n) => (n % 2 === 0 ? 'alerts sending' : 'alerts done')),
    );
  });
});

describe('killed in the middle', () => {
  const bin = join(import.meta.dirname, '..', '..', '..', 'bin', 'ciliscope.js');
  const operations = () => readdirSync(join(world.stateDir, 'operations'));

  function start(...words: string[]): { child: ChildProcess; ended: Promise<Ended> } {
    const child = spawn(process.execPath, [bin, 'plan', ...words], {
      env: { ...process.env, ...world.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const texts = { stdout: '', stderr: '' };
    child.stdout?.on('data', (chunk) => (texts.stdout += chunk));
    child.stderr?.on('data', (chunk) => (texts.stderr += chunk));
    const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code: code ?? -1, ...texts })));
    return { child, ended };
  }

  it('the operation is found again, followed, and not repeated', async () => {
    world.azure.pace.operationSeconds = 3_600;
    const words = ['enable-acns', ...there.split(' '), '--disable-security', '--apply', '--yes', 'aks-dev-weu'];
    const { child, ended } = start(...words);
    await expect.poll(() => world.puts().length, { timeout: 20_000 }).toBe(1);
    await expect
      .poll(() => readFileSync(join(world.stateDir, 'operations', operations()[0] ?? ''), 'utf8'), { timeout: 10_000 })
      .not.toContain('"poller":""');
    child.kill('SIGKILL');
    await ended;
    const again = run(enableAcns, words.slice(1).join(' '));
    await expect.poll(() => world.azure.requests().at(-1)?.path ?? '', { timeout: 10_000 }).toContain('/operations/');
    world.azure.subscription().operations.finish();
    const { code, stderr } = await again;
    expect(stderr).toContain('its end is not known: it is followed first');
    expect(stderr).toContain('Done. Azure says Succeeded.');
    expect(code).toBe(0);
    expect(world.puts()).toHaveLength(1);
    expect(operations()).toEqual([]);
    const audit = readFileSync(join(world.stateDir, 'audit.ndjson'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(audit.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
      'enable-acns sending',
      'enable-acns done',
    ]);
  });

  it('plan resume follows it, too, and says when there is nothing', async () => {
    expect((await run(resume, '')).stdout).toBe('Nothing was begun and cut off.\n');
  });
});
