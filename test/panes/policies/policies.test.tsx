import { afterEach, describe, expect, it } from 'vitest';
import { PoliciesScreen } from '../../../src/panes/policies/PoliciesScreen.tsx';
import { minutes, now, snapshotOf } from '../fixtures/cluster.ts';
import { draw, frameOf, noAsks, noRoad } from '../fixtures/frame.tsx';
import { type Mounted, mount } from '../fixtures/mount.tsx';
import { answering, dbReport, policiesOf, policy } from './given.ts';

const lines = (snapshot = policiesOf(), columns = 120, rows = 20, scope = '') =>
  draw(PoliciesScreen, snapshot, frameOf(columns, rows, { scope })).map((line) => line.trimEnd());

describe('the list of policies', () => {
  it('tells what is not in force first, then what is wrong, then the rest', () => {
    expect(lines().slice(0, 7)).toEqual([
      `── Policies 3 ─ ● live ${'─'.repeat(97)}`,
      '  list 3   map   lint ▲ 1',
      ' ✖ CCNP metadata not in force: spec.egress[0]: toPorts needs L4',
      '  KIND NAMESPACE NAME             ABOUT      PODS IN/OUT  IN FORCE WRONG  AGE CHANGED BY',
      '▸ CCNP           metadata         all pods      ? out     rejected         5d      4d kubectl-edit',
      '  CNP  shop      db               app=db        3 in      yes      ▲ 1     5d      4d kubectl-edit',
      '  NP   pay       wall             all pods     12 in, out yes              5d      4d kubectl-edit',
    ]);
  });

  it('puts what was edited within the hour under what is wrong, and marks what nobody here watched', () => {
    const objects = {
      networkPolicies: [
        policy('a-old', 'pay', { podSelector: {} }),
        policy('unseen', 'pay', { podSelector: {} }, now - minutes(40)),
        policy('watched', 'pay', { podSelector: {} }, now - minutes(1)),
      ],
      ciliumNetworkPolicies: [policy('db', 'shop', { endpointSelector: {} })],
    };
    const found = lines(policiesOf({ objects }));
    expect(found.slice(2, 3)).toEqual([
      ' ○ NP pay/unseen edited within the hour, before we watched: what that changed is not known',
    ]);
    expect(found.slice(4, 8).map((line) => line.split(/ +/)[3])).toEqual(['db', 'unseen', 'watched', 'a-old']);
  });

  it('tells what decides at 80 columns', () => {
    expect(lines(policiesOf(), 80)[5]).toMatch(/^ {2}CNP {2}shop +db +3 in +yes +▲ 1 +4d kubectl/);
  });

  it('says nothing of what nobody has judged yet', () => {
    const fresh = policiesOf({ findings: [] });
    const [, , , row = ''] = lines({ ...fresh, policies: new Map() }).filter((line) => !line.includes('CCNP'));
    expect(row).toMatch(/ – in, out +not read/);
  });

  it.each([
    ['not served', '', 'yes', /not served/],
    ['off', 'policies are switched off (enable-policy: never)', 'yes', / off /],
    ['unknown', 'nobody knows', 'unknown', / unknown /],
  ] as const)('a policy that is %s is called so', (_word, why, inForce, said) => {
    const snapshot = policiesOf({
      changes: [
        {
          type: 'policies',
          put: [{ ...dbReport, inForce: inForce === 'yes' ? 'no' : inForce, why }],
          remove: [],
          revision: 2,
        },
      ],
    });
    expect(lines(snapshot).find((line) => /^[▸ ] CNP/.test(line))).toMatch(said);
  });

  it('keeps to the namespace the screens are narrowed to, and to what holds everywhere', () => {
    const text = lines(policiesOf(), 120, 20, 'shop').join('\n');
    expect(text).toContain('ns:shop');
    expect(text).not.toContain('wall');
    expect(text).toMatch(/db[\s\S]*/);
    expect(text).toContain('metadata');
  });

  it.each<[string, Parameters<typeof snapshotOf>[0], RegExp]>([
    ['empty', {}, /No policy of any of the three kinds: everything may talk to everything/],
    [
      'loading',
      { links: { networkPolicies: { phase: 'connecting', heard: 0 } } },
      /connecting[\s\S]*Asking the server/,
    ],
    ['forbidden', { links: { networkPolicies: { phase: 'forbidden', heard: 0 } } }, /forbidden: list networkpolicies/],
    [
      'without Cilium',
      {
        links: {
          ciliumNetworkPolicies: { phase: 'missing', heard: 0 },
          ciliumClusterwideNetworkPolicies: { phase: 'missing', heard: 0 },
        },
      },
      /CNP and CCNP not installed/,
    ],
  ])('says so when %s', (_name, given, said) => {
    expect(lines(snapshotOf(given)).join('\n')).toMatch(said);
  });

  it('says how old its rows are', () => {
    const text = lines(policiesOf({ links: { networkPolicies: { phase: 'stale', heard: now - 42_000 } } })).join('\n');
    expect(text).toMatch(/▲ stale 42s[\s\S]*wall/);
  });
});

describe('the list of policies under the fingers', () => {
  let app: Mounted | undefined;
  afterEach(() => app?.close());
  const open = (report = dbReport) => {
    app = mount(
      PoliciesScreen,
      policiesOf(),
      frameOf(120, 20),
      noAsks,
      noRoad,
      answering({ policy: async () => report }),
    );
    return app;
  };

  it('opens the policy, what an edit or its absence would do, its YAML and the other views', async () => {
    const mounted = open();
    await mounted.press('j', 'enter', 'e', 'x', 'd', 'y', 't');
    expect(mounted.told.went).toEqual([
      { pane: 'policy', args: ['CiliumNetworkPolicy', 'shop', 'db'] },
      { pane: 'what-if', args: ['edit', 'CiliumNetworkPolicy', 'shop', 'db'] },
      { pane: 'what-if', args: ['delete', 'CiliumNetworkPolicy', 'shop', 'db'] },
      { pane: 'object', args: ['CiliumNetworkPolicy', 'shop', 'db', 'yaml'] },
      { pane: 'policy-map' },
    ]);
  });

  it('v asks who may reach the first that it selects', async () => {
    const mounted = open();
    await mounted.press('j', 'v');
    expect(mounted.told.went).toEqual([{ pane: 'reach', args: ['sts/shop/db', 'ingress'] }]);
  });

  it('v says so where it selects nobody', async () => {
    const mounted = open({ ...dbReport, subjects: [] });
    await mounted.press('j', 'v');
    expect(mounted.told.flashes).toEqual(['CNP shop/db selects no pod: there is nobody to ask about']);
  });

  it('z leaves what is wrong', async () => {
    const mounted = open();
    await mounted.press('z');
    await mounted.until(/Policies 2\/3 · troubled/);
    expect(mounted.lines().join('\n')).not.toContain('wall');
  });
});
