import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedCluster, startCluster } from './embedded-cluster.ts';
import { filterBy } from './look.ts';
import type { Driven } from './terminal.ts';

// One engineer, one night: the real program in a terminal, on a cluster where two agents crash-loop.
let cluster: EmbeddedCluster;
beforeAll(async () => {
  cluster = await startCluster('--scenario', 'agent-crash-loop', '--nodes', '12', '--pods', '120');
});
afterAll(() => cluster.stop());

const sizes = [
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
  { columns: 200, rows: 60 },
];

/** The line under the cursor, without the cursor. */
const under = (console: Driven) => console.selected().find((line) => /^[▸>]/.test(line)) ?? '';
const live = /[● ](\d+)\/\1 api/;

describe.each(sizes)('at $columns×$rows', (size) => {
  let console: Driven;
  beforeAll(async () => {
    console = cluster.console(size);
    await console.until('agents crash-loop in init mount-bpf-fs', 20_000);
    await console.until(live, 20_000);
  });
  afterAll(() => console.kill());

  it('opens on what is wrong, how far it reaches and since when', async () => {
    await console.until(/✖ 2 of 12 agents crash-loop in init mount-bpf-fs.*2 nodes/);
    await console.until(/└ 2 of 12 nodes tainted agent-not-ready.*2 nodes/);
    expect(console.text()).toContain('Wrong now');
    expect(Math.max(...console.screen().map((line) => line.length))).toBeLessThanOrEqual(size.columns);
  });

  it('every digit opens its pane, live, and 0 comes back', async () => {
    for (const [digit, title] of [
      ['1', /── Cluster .*● live/],
      ['2', /── Agents .*2 sick of 12.*● live/],
      ['3', /── Endpoint changes .*● live/],
      ['4', /── Policies .*● live/],
      ['5', /── Logs .*/],
      ['6', /── 6 Troubleshoot .*wrong .*checks looked/],
      ['7', /── Timeline .*since/],
    ] as const) {
      console.press(digit);
      await console.until(title);
    }
    console.press('0');
    await console.until('Wrong now');
  });

  it('n walks the findings from any pane, and esc leads back to it', async () => {
    console.press('2');
    await console.until(/── Agents/);
    console.press('n');
    await console.until(/── Why · 1 of \d+ .*agents\/crash-looping/);
    console.press('N');
    await console.until('this is the first finding');
    console.press('esc');
    await console.until(/── Agents/);
    console.press('0');
    await console.until('Wrong now');
  });

  it('goes from the agent to the last words of its failing container and back to the same row', async () => {
    console.press('2');
    await console.until(/── Agents/);
    console.press('j');
    await console.until(() => /s000001 /.test(under(console)));
    const row = under(console).slice(0, 40);
    console.press('enter');
    await console.until('mount-bpf-fs');
    console.press('l');
    await console.until(/permission denied: operation not permitted/);
    await console.until(/run before/);
    console.press('q');
    await console.until(/mount-bpf-fs/);
    console.press('q');
    await console.until(/── Agents/);
    // A frame may arrive in two pieces.
    await console.until(() => under(console) !== '');
    expect(under(console).slice(0, 40)).toBe(row);
    console.press('0');
    await console.until('Wrong now');
  });

  it('filters as one types, says so in the title, and esc clears before it leaves', async () => {
    console.press('2');
    await console.until(/── Agents/);
    console.press('/');
    console.write('np1 !000003');
    await console.until(
      (screen) => screen.some((line) => /s000004 /.test(line)) && !screen.some((line) => /s000003 /.test(line)),
    );
    console.press('enter');
    await console.until(/Agents.*\/np1 !000003/);
    console.press('esc');
    await console.until(/s000003 /);
    await console.until(/── Agents/);
    console.press('esc');
    await console.until('Wrong now');
  });

  it('a filter that leaves nothing says how to get rid of it', async () => {
    console.press('2');
    await console.until(/── Agents/);
    await filterBy(console, 'nothing-has-this-name');
    await console.until(/[Nn]one of .*esc clears it/s);
    console.press('esc');
    await console.until(/s000000 /);
    console.press('0');
    await console.until('Wrong now');
  });

  it('any kind of the server is a live table with YAML, description, events and logs', async () => {
    console.write(':po -n kube-system -l k8s-app=cilium\r');
    await console.until(/── pods kube-system -l k8s-app=cilium.*● live/);
    await console.until(/Init:CrashLoopBackOff/);
    console.press('z');
    await console.until((screen) => screen.filter((line) => /^[▸ ] cilium-/.test(line)).length === 2);
    console.press('y');
    await console.until('apiVersion: v1');
    expect(console.text()).not.toContain('managedFields');
    console.press('d');
    await console.until(/DaemonSet\/cilium/);
    console.press('e');
    await console.until(/BackOff/);
    console.press('q');
    await console.until(/── pods.*● live/);
    console.press('p');
    await console.until(/operation not permitted/);
    console.press('0');
    await console.until('Wrong now');
  });

  it('a word that is none says so; a key that does nothing says so', async () => {
    console.write(':nosuchthing\r');
    await console.until('there is no :nosuchthing');
    console.press('Z');
    await console.until(/Z does nothing here/);
  });

  it('help lists what can be pressed and can be searched', async () => {
    console.press('?');
    await console.until(/── Keys/);
    console.press('/');
    console.write('previous pane');
    console.press('enter');
    await console.until(/shift-tab +previous pane/);
    console.press('esc', 'q');
    await console.until((screen) => !screen.some((line) => line.includes('── Keys')));
  });

  it('narrows to a namespace without narrowing the verdict', async () => {
    console.write(':ns shop\r');
    await console.until(/ns:shop/);
    expect(console.text()).toContain('agents crash-loop');
    console.write(':ns all\r');
    await console.until(/ns:all/);
    await console.until(/── Namespaces/);
    expect(console.screen()[0]).toContain('ns:all');
    console.write(':ns shop\r');
    await console.until(/── Namespace shop/);
    await console.until(/ns:shop/);
    console.press('2');
    await console.until(/── Agents/);
    console.write(':ns all\r');
    await console.until(/ns:all/);
    await console.until(/── Agents/);
    console.press('0');
    await console.until('Wrong now');
  });

  it('why: evidence, what is explained, what to do next', async () => {
    console.press('0', 'g', 'v');
    await console.until(/── Why/);
    await console.until('kubectl -n kube-system logs');
    console.press('esc');
    await console.until('Wrong now');
  });

  it('what this program asked is listed, and nothing secret is in it', async () => {
    console.press('!');
    await console.until(/── Requests of this program/);
    await console.until(/\d+ requests · 0 failed/);
    expect(console.bytes()).not.toMatch(/Bearer|eyJ/);
    console.press('esc');
    await console.until('Wrong now');
  });

  it('several keys in one read act one after the other', async () => {
    console.write('2jj');
    await console.until(/── Agents/);
    await console.until(() => /s000000 /.test(under(console)) && /np1/.test(under(console)));
    console.write('g0');
    await console.until('Wrong now');
  });
});
