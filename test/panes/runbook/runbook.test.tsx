import { afterEach, describe, expect, it } from 'vitest';
import type { Asks } from '../../../src/model/asks.ts';
import { RunbookScreen } from '../../../src/panes/runbook/RunbookScreen.tsx';
import { answerRunbook } from '../../../src/runbooks/answer-runbook.ts';
import type { LookAsks } from '../../../src/runbooks/runbook.ts';
import { crashLooping, now, sickObjects, snapshotOf } from '../fixtures/cluster.ts';
import { frameOf, noAsks } from '../fixtures/frame.tsx';
import { type Mounted, mount } from '../fixtures/mount.tsx';

let app: Mounted | undefined;
afterEach(() => app?.close());

const words = ['mount: /sys/fs/bpf: operation not permitted'];
const asks: Asks = Object.assign(Object.create(noAsks) as Asks, {
  async *logs() {
    yield { type: 'lines', lines: words } as const;
  },
  events: async () => [],
});
/** Its log is never answered. */
const silent: Asks = Object.assign(Object.create(asks) as Asks, {
  async *logs() {
    await new Promise(() => {});
  },
});
const sick = () => snapshotOf({ objects: sickObjects(), findings: [crashLooping] });
const open = (args: readonly string[], given = asks, columns = 80, rows = 50, snapshot = sick()) => {
  let known = snapshot;
  const runs = answerRunbook({ snapshot: () => known, now: () => now, asks: given as unknown as LookAsks });
  const mounted = mount(
    RunbookScreen,
    snapshot,
    frameOf(columns, rows, { args }),
    Object.assign(Object.create(given), runs),
  );
  app = {
    ...mounted,
    show(next) {
      known = next;
      mounted.show(next);
    },
  };
  return app;
};

describe('a runbook on the screen', () => {
  it('says first how it ended, then shows each step with what speaks for and against', async () => {
    const text = await open(['agent-crash-loop']).until(/cause, certain/);
    const lines = text.split('\n').map((line) => line.trimEnd());
    expect(lines[0]).toMatch(/^── Runbook agent-crash-loop ─ ✖ cause, certain ─+$/);
    expect(text).toMatch(/ Cause · certain: seen directly\n +✖ On aks-np2/);
    expect(text).toMatch(/\+ for +init container mount-bpf-fs ended with 1/);
    expect(text).toMatch(/what the failing container said\n +seen +mount: \/sys\/fs\/bpf/);
    expect(lines.every((line) => line.length <= 80)).toBe(true);
    expect(lines.findIndex((line) => /^ Cause/.test(line))).toBeLessThan(
      lines.findIndex((line) => /^ Steps/.test(line)),
    );
  });

  it('offers what may be done behind the gate, and copies all of it as Markdown', async () => {
    const mounted = open(['agent-crash-loop']);
    const text = await mounted.until(/What may be done/);
    expect(text).toMatch(/ x1 restart the agent on aks-np2/);
    await mounted.press('c');
    expect(mounted.told.copied[0]).toMatch(/^## An agent crash-loops/);
    expect(mounted.told.copied[0]).toContain('- **how the containers of the agent pod are**: found');
  });

  it('what was offered on one cluster is not done on the next', async () => {
    const mounted = open(['agent-crash-loop']);
    await mounted.until(/1 restart the agent on aks-np2/);
    await mounted.press('x');
    mounted.show({ ...sick(), epoch: 7 });
    await mounted.press('1');
    expect(mounted.told.flashes).toEqual([expect.stringMatching(/that was offered on what was seen before/)]);
  });

  it('says that it is about the first of several that a finding names', async () => {
    const node = { kind: 'Node', name: 'aks-np2-31415926-vmss000000' };
    const several = { ...crashLooping, objects: [node, { ...node, name: 'aks-np2-31415926-vmss000001' }] };
    const snapshot = snapshotOf({ objects: sickObjects(), findings: [several] });
    const text = await open(['agent-crash-loop', `Node/${node.name}`], asks, 120, 50, snapshot).until(/cause, certain/);
    expect(text).toMatch(/about Node aks-np2-31415926-vmss000000 · the first of 2 that agents\/crash-looping names/);
  });

  it('goes on step by step, is cancelled by ctrl-c with what was seen, and runs again by ctrl-r', async () => {
    const mounted = open(['agent-crash-loop'], silent);
    const running = await mounted.until(/◐ what the failing container said/);
    expect(running).toMatch(/Runbook agent-crash-loop ─ ◐ step 2 of 6/);
    expect(running).toMatch(/✖ how the containers of the agent pod are · found/);
    expect(await mounted.press('ctrl-r')).toBe('it runs: ctrl-c cancels');
    await mounted.press('ctrl-c');
    expect(await mounted.until(/○ cancelled/)).toMatch(/✖ how the containers of the agent pod are · found/);
    await mounted.press('ctrl-r');
    await mounted.until(/◐ step 2 of 6/);
  });

  it('of what is not there, or not its kind, says so and what to write', async () => {
    expect(await open(['agent-crash-loop', 'Node/gone']).until(/could not be run/)).toContain('There is no Node gone.');
    app?.close();
    expect(await open(['identity-exhaustion', 'Node/aks-np2-31415926-vmss000000']).until(/could not be run/)).toMatch(
      /identity-exhaustion is about the whole cluster/,
    );
  });

  it('takes no refusal to read for "nothing found"', async () => {
    const forbidden = { phase: 'forbidden', heard: now } as const;
    const snapshot = snapshotOf({ objects: sickObjects(), links: { systemPods: forbidden } });
    const text = await open(['agent-crash-loop'], asks, 80, 40, snapshot).until(/could not tell/);
    expect(text).toMatch(/not looked at: containers: forbidden: list pods/);
    expect(text).toMatch(/skipped: it rests on "containers",\n +which could not look/);
    expect(text).not.toContain('no agent here is sick');
  });

  it('waits for lists that still arrive', async () => {
    const loading = { phase: 'loading', heard: now } as const;
    const mounted = open(
      ['agent-crash-loop'],
      asks,
      80,
      50,
      snapshotOf({ objects: sickObjects(), links: { pods: loading } }),
    );
    await mounted.until(/◐ the cluster is being read/);
    mounted.show(sick());
    await mounted.until(/cause, certain/);
  });

  it.each([40, 120, 200])('fits %i columns', async (columns) => {
    const text = await open(['agent-crash-loop'], asks, columns, 60).until(/cause/);
    expect(text.split('\n').filter((line) => [...line].length > columns)).toEqual([]);
  });

  it('without an id lists all of them, those that something looks like first', async () => {
    const text = await open([]).until(/Runbooks ─ \d+; enter runs one/);
    expect(text).toMatch(/Runbooks[^\n]*\n▸▲ agent-crash-loop +\d+ looks? like it/);
    await app?.press('enter');
    expect(app?.told.went).toEqual([{ pane: 'runbook', args: ['agent-crash-loop'] }]);
  });

  it('about an object lists those that can be about it', async () => {
    const snapshot = sick();
    const [node] = [...snapshot.tables.nodes.rows.values()].map(({ name }) => name);
    const text = await open(['', `Node/${node}`], asks, 80, 50, snapshot).until(/Runbooks about Node[^\n]* \d+; enter/);
    expect(text).toContain('node-not-ready');
    expect(text).not.toContain('identity-exhaustion');
  });
});
