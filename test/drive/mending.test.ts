import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedCluster, startCluster } from './embedded-cluster.ts';
import { go } from './look.ts';
import type { Driven } from './terminal.ts';

// From what is wrong to what mends it, by key, at 80×24; the server's own log says what was sent.
let cluster: EmbeddedCluster;
let console: Driven;

beforeAll(async () => {
  const scenario = 'agent-crash-loop+endpoint-slice-drift';
  cluster = await startCluster('--scenario', scenario, '--nodes', '4', '--pods', '80', '--churn', '0');
});
afterAll(() => cluster.stop());
afterEach(() => console.kill());

async function open(...args: readonly string[]): Promise<void> {
  console = cluster.console({ args, columns: 80, rows: 24 });
  await console.until(/[●] (\d+)\/\1/, 40_000);
}

/** What we changed, as `DELETE /api/v1/…`: rehearsals and reviews change nothing. */
async function changes(): Promise<string[]> {
  const log = await cluster.requests();
  return log
    .filter(({ method, userAgent }) => userAgent.startsWith('ciliscope/') && !/^(GET|HEAD)$/.test(method))
    .filter(({ path }) => !/[?&]dryRun=All(&|$)|selfsubject\w*reviews/.test(path))
    .map(({ method, path }) => `${method} ${path.split('?')[0]}`);
}

const items = async (path: string) =>
  ((await cluster.call('GET', path)).body as { items: readonly Record<string, unknown>[] }).items;

describe('an agent in a crash loop', () => {
  it('from the verdict line to the agent that is restarted and ready', async () => {
    await open('--write');
    await console.until(/✖ .*agents crash-loop in init mount-bpf-fs/, 30_000);
    // On a busy machine the verdict may be there before the server has said what one may change.
    await console.until(/RW \d/, 30_000);
    console.press('v');
    await console.until(/── Why/);
    console.press('x');
    await console.until(/── Actions · Node aks-/);
    await console.until(/r {2}restart the agent on aks-/);
    console.press('t');
    await console.until(/the taint is right|carries no agent-not-ready taint/);
    console.press('r');
    await console.until(/call +DELETE \/api\/v1\/namespaces\/kube-system\/pods\/cilium-/, 20_000);
    expect(console.text()).toMatch(/new pods on this node and changes of policies/);
    expect(await changes()).toEqual([]);
    const sent = /pods\/(cilium-\w{5})/.exec(console.text())?.[1] ?? '';
    // What kept it from starting is gone: at its next try, minutes from now, the old one would find out, too.
    await cluster.cause({ fails: [] });
    console.press('y');
    await console.until(/The new agent cilium-\w{5} on aks-\S+ is\s+ready/, 60_000);
    expect(console.text()).not.toMatch(new RegExp(`The new agent ${sent} `));
    expect(await changes()).toEqual([`DELETE /api/v1/namespaces/kube-system/pods/${sent}`]);
  }, 120_000);
});

describe('slices that drifted', () => {
  it('from the endpoints pane to slices in step, with no live entry lost', async () => {
    await open('--write');
    const from = (await changes()).length;
    console.press('3');
    await console.until(/── Endpoint changes/);
    await go(console, ':slices');
    await console.until(/ces-\S+ +\d+\/100 +[1-9]\d* /, 30_000);
    console.press('z');
    await console.until(/▸ \S+ +ces-\S+ +\d+\/100 +[1-9]\d* /);
    console.press('x');
    await console.until(/── Actions · .*ces-/);
    await console.until(/\S+\/\S+, (missing|stale|duplicate|identity|conflict)/);
    console.press('d');
    await console.until(/has \d+ live entr/);
    console.press('o');
    await console.until(/first recreate pod/);
    console.press('O');
    await console.until(/call +DELETE \/api\/v1\/namespaces\/kube-system\/pods\/cilium-operator-/, 20_000);
    console.press('y');
    await console.until(/holds the lease and renews it/, 60_000);
    console.press('esc');
    await console.until(/Nothing differs: endpoints and entries agree/, 30_000);
    console.press('esc');
    await console.until(/None of \d+ rows matches troubled/, 20_000);
    const sent = (await changes()).slice(from);
    expect(sent).toEqual([expect.stringMatching(/^DELETE \/api\/v1\/namespaces\/kube-system\/pods\/cilium-operator-/)]);
    const endpoints = await items('/apis/cilium.io/v2/ciliumendpoints');
    const slices = (await items('/apis/cilium.io/v2alpha1/ciliumendpointslices')) as unknown as Slice[];
    const entries = slices.flatMap(({ namespace, endpoints: held }) => held.map(({ name }) => `${namespace}/${name}`));
    const named = endpoints.map(({ metadata }) => metadata as { namespace: string; name: string });
    expect(entries.sort()).toEqual(named.map(({ namespace, name }) => `${namespace}/${name}`).sort());
  }, 120_000);
});

type Slice = { namespace: string; endpoints: readonly { name: string }[] };
