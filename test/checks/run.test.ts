import { describe, expect, it } from 'vitest';
import type { Check, Suspect } from '../../src/checks/check.ts';
import { checks as everyCheck } from '../../src/checks/index.ts';
import { createChecks } from '../../src/checks/run.ts';
import { causesFirst } from '../../src/checks/silence.ts';
import { apply, type Snapshot } from '../../src/model/snapshot.ts';
import { given } from './given.ts';
import { now } from './healthy-cluster.ts';

const node = (name: string): Suspect => ({ object: { kind: 'Node', name }, node: name });

/** A check that suspects what `of` says at the moment. */
function made(id: string, of: () => readonly Suspect[], more: Partial<Check> = {}): Check {
  return {
    id,
    title: id,
    why: '',
    severity: 'error',
    needs: ['nodes'],
    look: of,
    tell: (suspects) => [
      {
        title: suspects.map(({ object }) => object.name).join(' '),
        objects: suspects.map(({ object }) => object),
        evidence: [],
        reach: `${suspects.length}`,
        next: '',
      },
    ],
    ...more,
  };
}

const link = (
  snapshot: Snapshot,
  phase: 'live' | 'stale' | 'forbidden' | 'missing' | 'loading' | 'failed',
  problem?: string,
) =>
  apply(
    snapshot,
    [{ type: 'link', source: 'nodes', link: { phase, heard: now - 42_000, ...(problem ? { problem } : {}) } }],
    now,
  );
const titles = (judgement: { findings: readonly { id: string; title: string }[] }) =>
  judgement.findings.map(({ id, title }) => `${id}: ${title}`);

describe('what has not stood long enough', () => {
  it('waits for the grace by the objects’ own time', () => {
    const check = made('a/a', () => [{ ...node('n'), since: now - 59_000 }], { graceMs: 60_000 });
    const runner = createChecks({ checks: [check], standMs: 0 });
    expect(runner.judge(given(), now)).toMatchObject({ findings: [], waiting: [{ count: 1 }] });
    expect(titles(runner.judge(given(), now + 1_000))).toEqual(['a/a: n']);
    expect(runner.unvouched()).toEqual([]);
  });

  it('is observed where nothing says since when, and starts anew when it was gone in between', () => {
    let there = true;
    const check = made('a/a', () => (there ? [node('n')] : []), { graceMs: 60_000 });
    const runner = createChecks({ checks: [check], standMs: 5_000, everyLook: true });
    const at = (seconds: number) => runner.judge(given(), now + seconds * 1_000).findings.length;
    expect(at(0)).toBe(0);
    expect(runner.unvouched()).toMatchObject([{ id: 'a/a', ripe: false }]);
    expect(at(4)).toBe(0);
    expect(at(5)).toBe(1);
    there = false;
    expect(at(6)).toBe(0);
    there = true;
    expect(at(7)).toBe(0);
    expect(at(12)).toBe(1);
  });

  it('is observed too where the object’s clock is ahead of ours', () => {
    const check = made('a/a', () => [{ ...node('n'), since: now + 600_000 }], { graceMs: 60_000 });
    const runner = createChecks({ checks: [check], standMs: 5_000 });
    expect(runner.judge(given(), now).findings).toEqual([]);
    expect(runner.judge(given(), now + 5_000).findings).toHaveLength(1);
  });

  it('is named with the time when it will be known, but not before it has stood for some seconds', () => {
    const since = now - 9_000;
    const check = made(
      'a/a',
      () => [
        { ...node('n'), since },
        { ...node('m'), since },
      ],
      { graceMs: 60_000 },
    );
    const runner = createChecks({ checks: [check], everyLook: true });
    expect(runner.judge(given(), now)).toMatchObject({ waiting: [] });
    expect(runner.judge(given(), now + 1_000)).toMatchObject({
      waiting: [{ id: 'a/a', object: { name: 'n' }, count: 2, knownAt: since + 60_000 }],
    });
  });

  it('is not waited for where a finding that stands explains it', () => {
    const cause = made('a/cause', () => [node('n')], { explains: [{ id: 'a/effect', where: 'objects' }] });
    const effect = made('a/effect', () => [node('n'), node('m')], { graceMs: 60_000 });
    const { waiting } = createChecks({ checks: [cause, effect], everyLook: true }).judge(given(), now);
    expect(waiting).toMatchObject([{ id: 'a/effect', object: { name: 'm' }, count: 1 }]);
  });

  it('is watched for a moment only where nothing but our own view may be behind', () => {
    const check = made('a/a', () => [{ ...node('n'), watchMs: 5_000 }], { graceMs: 60_000 });
    const runner = createChecks({ checks: [check], everyLook: true });
    expect(runner.judge(given(), now)).toMatchObject({ findings: [], waiting: [{ knownAt: now + 5_000 }] });
    expect(runner.judge(given(), now + 5_000).findings).toHaveLength(1);
  });

  it('is told at once where the check gives no grace', () => {
    expect(titles(createChecks({ checks: [made('a/a', () => [node('n')])] }).judge(given(), now))).toEqual(['a/a: n']);
  });
});

describe('what is looked at again', () => {
  const counted = (more: Partial<Check> = {}) => {
    let looks = 0;
    const check = made(
      'a/a',
      () => {
        looks += 1;
        return [];
      },
      more,
    );
    return { runner: createChecks({ checks: [check] }), looks: () => looks };
  };
  const touch = (snapshot: Snapshot, kind: 'nodes' | 'services') =>
    apply(snapshot, [{ type: 'remove', kind, uids: [...snapshot.tables[kind].rows.keys()].slice(0, 1), at: now }], now);

  it('only what reads a table that changed', () => {
    const { runner, looks } = counted();
    let snapshot = given({ also: [{ apiVersion: 'v1', kind: 'Service', metadata: { name: 's', namespace: 'n' } }] });
    for (const seconds of [0, 1, 60]) runner.judge(snapshot, now + seconds * 1_000);
    expect(looks()).toBe(1);
    snapshot = touch(snapshot, 'services');
    runner.judge(snapshot, now + 61_000);
    expect(looks()).toBe(1);
    snapshot = touch(snapshot, 'nodes');
    runner.judge(snapshot, now + 62_000);
    expect(looks()).toBe(2);
  });

  it('what depends on the time, although nothing changed', () => {
    const { runner, looks } = counted({ clock: true });
    for (const seconds of [0, 1, 2, 3, 4]) runner.judge(given(), now + seconds * 1_000);
    expect(looks()).toBeGreaterThan(2);
  });

  it('what is dear, no more often than it says', () => {
    const { runner, looks } = counted({ everyMs: 10_000 });
    let snapshot = given();
    for (const seconds of [0, 1, 2, 9, 10]) {
      runner.judge(snapshot, now + seconds * 1_000);
      snapshot = touch(snapshot, 'nodes');
    }
    expect(looks()).toBe(2);
  });

  it('everything after a change of cluster, and nothing of the old one stands', () => {
    const check = made('a/a', () => [node('n')], { graceMs: 60_000 });
    const runner = createChecks({ checks: [check], standMs: 5_000 });
    runner.judge(given(), now);
    const other = apply(given(), [{ type: 'reset', epoch: 7, cluster: given().cluster }], now);
    const live = apply(other, [{ type: 'link', source: 'nodes', link: { phase: 'live', heard: now } }], now);
    expect(runner.judge(live, now + 6_000).findings).toEqual([]);
  });
});

describe('what cannot be looked at', () => {
  const check = made('a/a', () => [node('n')]);
  const reasonOf = (snapshot: Snapshot) =>
    createChecks({ checks: [check] }).judge(snapshot, now).notLookedAt[0]?.reason;

  it.each([
    ['forbidden', 'forbidden: list nodes'],
    ['missing', 'not installed: nodes'],
    ['loading', 'loading nodes'],
    ['stale', 'stale: nodes, not heard for 42s'],
    ['failed', 'failed: list nodes'],
  ] as const)('%s is said', (phase, reason) => expect(reasonOf(link(given(), phase))).toBe(reason));

  it('says what the link says', () => {
    expect(reasonOf(link(given(), 'failed', 'the server answers 503'))).toBe('failed: the server answers 503');
  });

  it('waits for the version where it judges by it', () => {
    const judge = (kubernetes: string) =>
      createChecks({ checks: [{ ...check, needsVersion: true }] }).judge(given({ kubernetes }), now);
    expect(judge('').notLookedAt).toEqual([{ id: 'a/a', reason: 'not known: the version of Kubernetes' }]);
    expect(judge('v1.34.2').findings).toHaveLength(1);
  });

  it('is neither clean nor counted as looked at', () => {
    const judgement = createChecks({ checks: [check] }).judge(link(given(), 'forbidden'), now);
    expect(judgement).toMatchObject({ findings: [], looked: 0, of: 1 });
  });

  it('keeps what was found while the connection is lost, and drops it when the right to look is', () => {
    const runner = createChecks({ checks: [check] });
    const snapshot = given();
    runner.judge(snapshot, now);
    expect(titles(runner.judge(link(snapshot, 'stale'), now))).toEqual(['a/a: n']);
    expect(titles(runner.judge(link(snapshot, 'forbidden'), now))).toEqual([]);
  });

  it('tells no suspect while the connection is lost that had not stood long enough before: nobody saw whether it stays', () => {
    const suspects = [
      { ...node('vouched'), since: now - 30_000 },
      { ...node('seen'), watchMs: 40_000 },
    ];
    const runner = createChecks({ checks: [made('a/a', () => suspects, { graceMs: 60_000 })] });
    const live = given();
    runner.judge(live, now);
    const lost = link(live, 'stale');
    expect(runner.judge(lost, now + 50_000)).toMatchObject({ findings: [], waiting: [{ count: 2 }] });
    expect(titles(runner.judge(link(live, 'live'), now + 60_000))).toEqual(['a/a: vouched seen']);
    expect(titles(runner.judge(link(live, 'stale'), now + 70_000))).toEqual(['a/a: vouched seen']);
  });
});

describe('a cause', () => {
  const run = (checks: readonly Check[]) => createChecks({ checks }).judge(given(), now).findings;

  it('silences on its nodes only, lists it with the reach, and leaves the rest', () => {
    const effect = made('b/effect', () =>
      ['x', 'y', 'z'].map((name) => ({ object: { kind: 'Pod', namespace: 'n', name }, node: `on-${name}` })),
    );
    const cause = made('c/cause', () => [node('on-x'), node('on-y')], {
      explains: [{ id: 'b/effect', where: 'node' }],
    });
    expect(run([effect, cause]).map(({ id, title, explains }) => ({ id, title, explains }))).toEqual([
      {
        id: 'c/cause',
        title: 'on-x on-y',
        explains: [{ id: 'b/effect', title: 'x y', reach: '2', within: [{ namespace: 'n', count: 2 }], kind: 'Pod' }],
      },
      { id: 'b/effect', title: 'z', explains: undefined },
    ]);
  });

  it('counts by namespace what it explains', () => {
    const pods = ['a', 'b', 'b'].map((namespace, index) => ({ kind: 'Pod', namespace, name: `p${index}` }));
    const effect = made('b/effect', () => pods.map((object) => ({ object })));
    const mixed = made('b/mixed', () => [
      { object: { kind: 'Service', namespace: 'a', name: 's' } },
      { object: pods[1] ?? node('x').object },
    ]);
    const cause = made('c/cause', () => [node('x')], {
      explains: [
        { id: 'b/effect', where: 'all' },
        { id: 'b/mixed', where: 'all' },
        { id: 'b/node', where: 'all' },
      ],
    });
    const within = (...counts: number[]) => counts.map((count, index) => ({ namespace: 'ab'[index], count }));
    const [told] = run([effect, mixed, made('b/node', () => [node('y')]), cause]);
    expect(told?.explains?.map(({ within, kind }) => ({ within, kind }))).toEqual([
      { within: within(1, 2), kind: 'Pod' },
      { within: within(1, 1), kind: undefined },
      { within: undefined, kind: undefined },
    ]);
  });

  it('silences the objects it names, or everything', () => {
    const effect = made('b/effect', () => [node('x'), node('y')]);
    const objects = made('c/cause', () => [node('x')], { explains: [{ id: 'b/effect', where: 'objects' }] });
    const all = made('c/cause', () => [node('q')], { explains: [{ id: 'b/effect', where: 'all' }] });
    expect(titles({ findings: run([effect, objects]) })).toEqual(['b/effect: y', 'c/cause: x']);
    expect(titles({ findings: run([effect, all]) })).toEqual(['c/cause: q']);
  });

  it('that is explained itself hands what it explains to its own cause', () => {
    const leaf = made('d/leaf', () => [node('x')]);
    const middle = made('d/middle', () => [node('x')], { explains: [{ id: 'd/leaf', where: 'node' }] });
    const root = made('d/root', () => [node('x')], { explains: [{ id: 'd/middle', where: 'node' }] });
    const [only, ...others] = run([leaf, middle, root]);
    expect(others).toEqual([]);
    expect(only?.explains?.map(({ id }) => id)).toEqual(['d/leaf', 'd/middle']);
  });

  it('that has not stood long enough silences nothing', () => {
    const effect = made('b/effect', () => [node('x')]);
    const cause = made('c/cause', () => [node('x')], { graceMs: 60_000, explains: [{ id: 'b/effect', where: 'all' }] });
    expect(titles({ findings: run([effect, cause]) })).toEqual(['b/effect: x']);
  });
});

describe('findings', () => {
  it('come worst first, then by reach', () => {
    const findings = createChecks({
      checks: [
        made('a/note', () => [node('1'), node('2'), node('3')], { severity: 'note' }),
        made('a/warning', () => [node('1')], { severity: 'warning' }),
        made('a/small', () => [node('1')]),
        made('a/large', () => [node('1'), node('2')]),
      ],
    }).judge(given(), now).findings;
    expect(findings.map(({ id }) => id)).toEqual(['a/large', 'a/small', 'a/warning', 'a/note']);
  });

  it('name at most 500 objects and say how many more', () => {
    const [found] = createChecks({
      checks: [made('a/a', () => Array.from({ length: 612 }, (_, at) => node(`n${at}`)))],
    }).judge(given(), now).findings;
    expect(found?.objects).toHaveLength(500);
    expect(found?.evidence).toEqual(['112 more objects are not listed']);
  });
});

describe('the list of checks', () => {
  it('has each id once, with a reason and something that is needed', () => {
    expect(new Set(everyCheck.map(({ id }) => id)).size).toBe(everyCheck.length);
    for (const { id, why, title, needs } of everyCheck) {
      expect(why.length, id).toBeGreaterThan(60);
      expect(why.split(/\. /).length, id).toBeLessThanOrEqual(3);
      expect(title.length, id).toBeLessThan(60);
      expect(needs.length, id).toBeGreaterThan(0);
    }
  });

  it('explains only what exists, and nothing in a circle', () => {
    const known = new Set(['*', ...everyCheck.map(({ id }) => id)]);
    const unknown = everyCheck.flatMap(({ explains = [] }) => explains.filter(({ id }) => !known.has(id)));
    expect(unknown).toEqual([]);
    const order = causesFirst(everyCheck).map(({ id }) => id);
    for (const { id, explains = [] } of everyCheck) {
      for (const effect of explains) {
        if (effect.id !== '*')
          expect(order.indexOf(id), `${id} before ${effect.id}`).toBeLessThan(order.indexOf(effect.id));
      }
    }
  });
});

it('what leads to another finding stands before it, however small its reach, but never above what is worse', () => {
  const effect = made('pods/a', () => [node('n'), node('m')]);
  const worse = made('a/worse', () => [node('n')], { severity: 'error' });
  const order = (severity: 'error' | 'warning') => {
    const cause = made('z/cause', () => [node('n')], { leads: ['pods/a'], severity });
    return createChecks({ checks: [effect, cause, worse] })
      .judge(given(), now)
      .findings.map(({ id }) => id);
  };
  expect(order('error')).toEqual(['z/cause', 'pods/a', 'a/worse']);
  expect(order('warning')).toEqual(['pods/a', 'a/worse', 'z/cause']);
});

describe('what was told before', () => {
  const during = (steps: readonly (readonly Suspect[])[], more: Partial<Check> = {}) => {
    let seen: readonly Suspect[] = [];
    const runner = createChecks({ checks: [made('a/a', () => seen, more)], everyLook: true });
    return steps.map((step, index) => {
      seen = step;
      return runner.judge(given(), now + index * 60_000);
    });
  };

  it('keeps the moment it was first told, also when its first object is another one by now', () => {
    const [, second] = during([[node('a')], [node('b')]]);
    expect(second?.findings).toMatchObject([{ title: 'b', told: now }]);
    expect(second?.cleared).toEqual([]);
  });

  it('says what is over, once, and forgets it when it comes back', () => {
    const [, over, still, again] = during([[node('a')], [], [], [node('a')]]);
    expect(over?.cleared).toMatchObject([{ finding: { id: 'a/a', told: now }, at: now + 60_000 }]);
    expect(still?.cleared).toMatchObject([{ at: now + 60_000 }]);
    expect(again?.cleared).toEqual([]);
    expect(again?.findings).toMatchObject([{ told: now + 180_000 }]);
  });

  it('of a check that tells several, each is over by itself', () => {
    let nodes = ['a', 'b'];
    const each = made('a/a', () => nodes.map(node), {
      tell: (suspects) =>
        suspects.map(({ object }) => ({ title: object.name, objects: [object], evidence: [], reach: '', next: '' })),
    });
    const runner = createChecks({ checks: [each], everyLook: true });
    runner.judge(given(), now);
    nodes = ['b'];
    const after = runner.judge(given(), now + 1_000);
    expect(after.findings).toMatchObject([{ title: 'b', told: now }]);
    expect(after.cleared).toMatchObject([{ finding: { title: 'a' }, at: now + 1_000 }]);
  });

  it('never calls over what nobody could see any more', () => {
    const runner = createChecks({ checks: [made('a/a', () => [node('a')])], everyLook: true });
    runner.judge(given(), now);
    const blind = runner.judge(link(given(), 'forbidden', 'forbidden: list nodes'), now + 1_000);
    expect(blind).toMatchObject({ findings: [], cleared: [], notLookedAt: [{ id: 'a/a' }] });
    expect(runner.judge(given(), now + 2_000).findings).toMatchObject([{ told: now }]);
  });

  it('what a cause explains by now is not over', () => {
    let causes: readonly Suspect[] = [];
    const cause = made('c/c', () => causes, { explains: [{ id: 'a/a', where: 'node' }] });
    const runner = createChecks({ checks: [cause, made('a/a', () => [node('a')])], everyLook: true });
    expect(runner.judge(given(), now).findings.map(({ id }) => id)).toEqual(['a/a']);
    causes = [node('a')];
    const told = runner.judge(given(), now + 1_000);
    expect(told.findings).toMatchObject([{ id: 'c/c', explains: [{ id: 'a/a' }] }]);
    expect(told.cleared).toEqual([]);
  });

  it('ranks within a severity by what is reached, with what is explained', () => {
    const pods = (count: number): Suspect[] =>
      Array.from({ length: count }, (_, index) => ({ object: { kind: 'Pod', namespace: 'shop', name: `p${index}` } }));
    const small = made('a/small', () => pods(3));
    const cause = made('z/cause', () => [node('n')], { explains: [{ id: 'b/many', where: 'node' }] });
    const many = made('b/many', () => pods(40).map((pod) => ({ ...pod, node: 'n' })));
    const runner = createChecks({ checks: [small, cause, many] });
    expect(runner.judge(given(), now).findings).toMatchObject([
      { id: 'z/cause', impact: { nodes: 1, pods: 40 } },
      { id: 'a/small', impact: { nodes: 0, pods: 3 } },
    ]);
  });
});
