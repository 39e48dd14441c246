import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Action, Plan } from '../../../src/actions/action.ts';
import { differenceLines } from '../../../src/actions/difference-lines.ts';
import type { Outcome, Road } from '../../../src/actions/road.ts';
import type { RawObject } from '../../../src/model/objects/row.ts';
import { act } from '../../../src/panes/act.tsx';
import type { Frame } from '../../../src/ui/pane.ts';
import { snapshotOf } from '../fixtures/cluster.ts';
import { frameOf } from '../fixtures/frame.tsx';
import { type Mounted, mount } from '../fixtures/mount.tsx';

let app: Mounted | undefined;
afterEach(() => {
  vi.useRealTimers();
  app?.close();
});

const policy = (description: string): RawObject => ({
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumNetworkPolicy',
  metadata: { name: 'db', namespace: 'shop' },
  spec: { description, endpointSelector: {} },
});
const [before, after] = [policy('old'), policy('new')];
const plan: Plan = {
  action: 'test',
  title: 'edit CiliumNetworkPolicy shop/db',
  sentence: 'Replaces CiliumNetworkPolicy shop/db.',
  object: { kind: 'CiliumNetworkPolicy', namespace: 'shop', name: 'db' },
  request: {
    verb: 'replace',
    resource: { group: 'cilium.io', version: 'v2', plural: 'ciliumnetworkpolicies', kind: 'CiliumNetworkPolicy' },
    namespace: 'shop',
    name: 'db',
    preconditions: {},
  },
  call: 'PUT /apis/cilium.io/v2/namespaces/shop/ciliumnetworkpolicies/db?fieldManager=ciliscope',
  kubectl: 'kubectl -n shop replace -f FILE',
  before,
  after,
  difference: differenceLines(before, after),
  reach: ['2 pairs newly denied.', '1 newly allowed.'],
  warnings: ['Helm installed it.'],
  undo: ':undo puts back what is there now.',
  verify: 'Done when the watch shows it.',
  dangerous: false,
  uses: '',
};
const verified: Outcome = { outcome: 'verified', text: 'The watch shows it.', hint: '', kind: '', undo: undefined };

type Given = {
  plan?: Partial<Plan> | Promise<never>;
  /** What is planned when it is planned once more. */
  later?: Partial<Plan> | Promise<never>;
  refusal?: () => string | undefined;
  isProtected?: boolean;
  outcome?: Outcome | Promise<Outcome>;
  size?: [number, number];
};

/** The overlay as a pane's key opens it, with a road that remembers whether it was gone. */
function asked(given: Given = {}) {
  const told = { runs: 0, closed: false, done: [] as Outcome[], ran: [] as Plan[], plans: 0 };
  const action: Action<string> = {
    id: 'test',
    title: 'edit a policy',
    says: '',
    dangerous: false,
    plan: () => Promise.reject(new Error('the road plans')),
    run: () => Promise.reject(new Error('the road runs')),
  };
  const road: Road = {
    refusal: given.refusal ?? (() => undefined),
    clusterName: () => 'aks-prod-weu',
    isProtected: () => given.isProtected === true,
    async plan() {
      const planned = told.plans > 0 ? (given.later ?? given.plan) : given.plan;
      told.plans += 1;
      return planned instanceof Promise ? planned : { ...plan, ...planned };
    },
    stop: () => false,
    async run(_, ran) {
      told.runs += 1;
      told.ran.push(ran);
      return (await given.outcome) ?? verified;
    },
    open: async () => [],
    close: async () => {},
  };
  const [width, height] = given.size ?? [80, 24];
  const frame = frameOf(width, height);
  let overlay: Parameters<Frame['open']>[0] | undefined;
  const open: Frame['open'] = (draw) => {
    overlay = draw;
    return () => {};
  };
  act(action, 'target', { road }, { ...frame, open }, (outcome) => told.done.push(outcome));
  const close = () => {
    told.closed = true;
  };
  const drawn = () => overlay?.(close, { width, height }) ?? null;
  if (overlay !== undefined) app = mount(drawn, snapshotOf(), frame);
  return { told, flashes: frame.told.flashes, copied: frame.told.copied, app: app as Mounted };
}

describe('before it is made', () => {
  it('a change is said in full, with what to know first and the difference last', async () => {
    const { app } = asked();
    const text = await app.until(/y do it/);
    expect(text).toMatch(/── Edit CiliumNetworkPolicy shop\/db ─ nothing is changed yet ─/);
    for (const said of [
      'Replaces CiliumNetworkPolicy shop/db on aks-prod-weu.',
      '▲ Helm installed it.',
      'PUT /apis/cilium.io/v2/namespaces/shop/ciliumnetworkpolicies/db?',
      'kubectl -n shop replace -f FILE',
      '2 pairs newly denied.',
      ':undo puts back what is there now.',
      "The difference, by the server's dry run · +1 −1",
    ])
      expect(text).toContain(said);
    expect(text).toMatch(/-\s+description: old\n \+\s+description: new/);
    expect(app.lines().every((line) => line.length <= 80)).toBe(true);
  });

  it.each(['enter', 'esc', 'q', 'n'])('%s leaves without it', async (key) => {
    const { app, told } = asked();
    await app.until(/Cancel/);
    await app.press(key);
    expect(told).toMatchObject({ closed: true, runs: 0 });
  });

  it('y makes it, once', async () => {
    const { app, told } = asked();
    await app.until(/y do it/);
    await app.press('y', 'y');
    await app.until(/● done[\s\S]*The watch shows it/);
    expect(told).toMatchObject({ runs: 1, done: [verified] });
  });

  it('y before the plan is there does nothing', async () => {
    const never = new Promise<never>(() => {});
    const { app, told } = asked({ plan: never });
    await app.until(/asking the server/);
    expect(await app.press('y')).toBe('unknown');
    expect(told.runs).toBe(0);
  });

  it.each<[string, Given]>([
    ['where it is dangerous', { plan: { dangerous: true } }],
    ['where the cluster is protected', { isProtected: true }],
  ])('the name is typed %s', async (_, given) => {
    const { app, told } = asked(given);
    await app.until(/type aks-prod-weu and ⏎ to do it/);
    await app.press('y');
    expect(await app.press('enter')).toBe('type aks-prod-weu first');
    await app.press('backspace', ...'wrong', 'ctrl-u', ...'aks-prod-weu');
    await app.until(/do it: aks-prod-weu/);
    expect(told.runs).toBe(0);
    await app.press('enter');
    await app.until(/● done/);
    expect(told.runs).toBe(1);
  });

  it('what is typed is seen whole, however narrow it is', async () => {
    const { app } = asked({ isProtected: true, size: [40, 8] });
    await app.until(/^ aks-prod-weu: *$/m);
    await app.press(...'aks-prod-weu');
    await app.until(/^ aks-prod-weu: aks-prod-weu *$/m);
  });

  it('a window that closed meanwhile refuses', async () => {
    let refusal: string | undefined;
    const { app, told } = asked({ refusal: () => refusal });
    await app.until(/y do it/);
    refusal = 'read-only: :write opens it';
    expect(await app.press('y')).toBe('read-only: :write opens it');
    expect(told.runs).toBe(0);
  });

  it('a closed window does not even open it', () => {
    const { flashes } = asked({ refusal: () => 'read-only: :write opens it' });
    expect(flashes).toEqual(['read-only: :write opens it']);
  });

  it('what cannot be done says why', async () => {
    const { app, told } = asked({ plan: Promise.reject(new Error('It was changed by jane at 12:00:12.')) });
    await app.until(/✖ not possible[\s\S]*changed by jane/);
    await app.press('y');
    expect(told.runs).toBe(0);
  });

  it('nothing to change is nothing to confirm', async () => {
    const { app, told } = asked({ plan: { difference: [] } });
    await app.until(/No difference: it is as it would become/);
    expect(await app.press('y')).toBe('there is nothing to change');
    expect(told.runs).toBe(0);
  });

  it('a long difference scrolls, on the smallest screen there is', async () => {
    const long = policy(Array.from({ length: 60 }, (_, index) => `line ${index}`).join('\n'));
    const { app } = asked({ plan: { difference: differenceLines(undefined, long) }, size: [40, 8] });
    await app.until(/Cancel/);
    await app.press('G');
    await app.until(/line 59[\s\S]*Cancel/);
    expect(app.lines()).toHaveLength(8);
  });

  it('c copies the kubectl line', async () => {
    const { app, copied } = asked();
    await app.until(/y do it/);
    await app.press('c');
    expect(copied).toEqual(['kubectl -n shop replace -f FILE']);
  });
});

describe('what was read for minutes', () => {
  /** Planned, then looked at for so long. */
  async function read(ms: number, given: Given) {
    vi.useFakeTimers({ toFake: ['Date'] });
    const shown = asked(given);
    await shown.app.until(/y do it|and ⏎ to do it/);
    vi.setSystemTime(Date.now() + ms);
    return shown;
  }

  it('is done as it is planned then, where that says the same', async () => {
    const request = { ...plan.request, preconditions: { resourceVersion: '2' } };
    const first = { sentence: 'Logs until 10:05Z.' };
    const { app, told } = await read(61_000, { plan: first, later: { sentence: 'Logs until 10:07Z.', request } });
    await app.press('y');
    await app.until(/● done/);
    expect(told).toMatchObject({ plans: 2, runs: 1, ran: [{ request, sentence: 'Logs until 10:07Z.' }] });
  });

  it.each<[string, Partial<Plan>]>([
    ['it reaches further', { reach: ['40 pairs newly denied.'] }],
    ['the object differs', { difference: [] }],
    ['it is dangerous', { dangerous: true }],
    ['another object is meant', { request: { ...plan.request, name: 'another' } }],
  ])('is asked for once more where %s by now', async (_, later) => {
    const { app, told } = await read(61_000, { later });
    await app.press('y');
    await app.until(/▲ it is otherwise by now: read it again/);
    expect(told.runs).toBe(0);
  });

  it('is not done where it cannot be planned any more', async () => {
    const gone = Promise.reject<never>(new Error('It was deleted meanwhile.'));
    gone.catch(() => {});
    const { app, told } = await read(61_000, { later: gone });
    await app.press('y');
    await app.until(/✖ not possible[\s\S]*deleted meanwhile/);
    expect(told.runs).toBe(0);
  });

  it('is not done where somebody left meanwhile', async () => {
    const { promise, resolve } = Promise.withResolvers<never>();
    const { app, told, flashes } = await read(61_000, { later: promise });
    await app.press('y');
    await app.until(/asking the server/);
    await app.press('esc');
    resolve(plan as never);
    await expect.poll(() => flashes).toEqual(['Left before anything was sent: nothing was changed.']);
    expect(told.runs).toBe(0);
  });

  it('is not planned again where it was read for seconds only', async () => {
    const { app, told } = await read(59_000, {});
    await app.press('y');
    await app.until(/● done/);
    expect(told).toMatchObject({ plans: 1, runs: 1 });
  });
});

describe('afterwards', () => {
  it.each<[Outcome['outcome'], RegExp]>([
    ['verified', /● done/],
    ['written', /◐ written/],
    ['refused', /✖ not done/],
    ['unknown', /○ not known/],
  ])('%s is said by a glyph and a word, with what to do', async (outcome, title) => {
    const ended = { ...verified, outcome, text: 'What happened.', hint: 'What to do.' };
    const { app } = asked({ outcome: ended });
    await app.until(/y do it/);
    await app.press('y');
    expect(await app.until(title)).toMatch(/What happened\.\s+What to do\./);
  });

  it('left while it is being done, it goes on and its end is told in passing', async () => {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    const { app, told, flashes } = asked({ outcome: promise });
    await app.until(/y do it/);
    await app.press('y');
    await app.until(/cannot be called back/);
    app.close();
    resolve({ ...verified, hint: 'Look at it.' });
    await expect.poll(() => told.done).toHaveLength(1);
    expect(flashes).toEqual(['The watch shows it. Look at it.']);
  });
});

describe('a difference', () => {
  it('shows what somebody wrote, not what the server keeps', () => {
    const served = { ...before, status: { x: 1 }, metadata: { ...(before?.metadata as object), resourceVersion: '7' } };
    expect(differenceLines(before, served)).toEqual([]);
  });

  it('is inert, whatever the object holds', () => {
    const hostile = policy('a\u001b]52;c;eA==\u0007b\u202e');
    const text = differenceLines(undefined, hostile)
      .map((line) => line.text)
      .join('\n');
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
  });
});
