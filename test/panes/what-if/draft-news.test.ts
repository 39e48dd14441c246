import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/actions/road.ts';
import { changedMeanwhile, isInPlace, remaining } from '../../../src/panes/what-if/draft-news.ts';
import { nothingYet, withApplied, withBase, withSeen } from '../../../src/panes/what-if/draft-state.ts';
import type { Standing } from '../../../src/panes/what-if/standing.ts';

const object = (name: string, port: string, uid = 'u1') => ({
  kind: 'CiliumNetworkPolicy',
  metadata: { name, namespace: 'shop', uid },
  spec: { port },
});
const standing = (name: string, more: Partial<Standing> = {}): Standing => ({
  key: `CiliumNetworkPolicy|shop/${name}`,
  ref: { kind: 'CiliumNetworkPolicy', namespace: 'shop', name },
  way: 'put',
  live: object(name, '1'),
  difference: [{ sign: '+', text: 'x' }],
  refused: '',
  hint: '',
  warnings: [],
  ...more,
});
const outcome: Outcome = { outcome: 'verified', text: '', hint: '', kind: '', undo: undefined };
const [a, b] = [standing('a'), standing('b')];
const both = { at: 1, of: [a, b] };
const begun = withBase(nothingYet, new Map([a, b].map(({ key, live }) => [key, live])));
const keys = (standings: readonly Standing[]) => standings.map(({ ref }) => ref.name);

describe('a change of several objects', () => {
  it('is applied one after the other', () => {
    expect(keys(remaining(begun, both))).toEqual(['a', 'b']);
    const one = withApplied(begun, a.key, { outcome, at: 5, report: undefined });
    expect(keys(remaining(one, both))).toEqual(['b']);
    const later = { at: 9, of: [standing('a', { live: object('a', '2'), difference: [] }), b] };
    expect(keys(remaining(one, later))).toEqual(['b']);
    expect(keys(remaining(withApplied(one, b.key, { outcome, at: 6, report: undefined }), both))).toEqual([]);
  });

  it('what was refused, or taken back since, is still to be done', () => {
    const refused = withApplied(begun, a.key, {
      outcome: { ...outcome, outcome: 'refused' },
      at: 5,
      report: undefined,
    });
    expect(keys(remaining(refused, both))).toEqual(['a', 'b']);
    const back = withApplied(begun, a.key, { outcome, at: 5, report: undefined });
    expect(keys(remaining(back, { at: 9, of: [a] }))).toEqual(['a']);
  });

  it('what is as the cluster has it needs nothing; what would be new does', () => {
    expect(remaining(begun, { at: 1, of: [standing('a', { difference: [] })] })).toEqual([]);
    expect(keys(remaining(begun, { at: 1, of: [standing('a', { difference: [], live: undefined })] }))).toEqual(['a']);
  });

  it('a deletion is in place when it is gone', () => {
    const gone = withApplied(begun, a.key, { outcome, at: 5, report: undefined });
    const told = (live: Standing['live']) => ({ at: 9, of: [standing('a', { way: 'remove', live })] });
    expect(isInPlace(gone, standing('a', { way: 'remove', live: undefined }), told(undefined))).toBe(true);
    expect(isInPlace(gone, standing('a', { way: 'remove' }), told(a.live))).toBe(false);
  });
});

describe('changed meanwhile', () => {
  it.each([
    ['what somebody wrote', object('a', '2'), true],
    ['a namesake made anew', object('a', '1', 'u2'), true],
    ['deleted', undefined, true],
    ['a status', { ...object('a', '1'), status: { conditions: [] } }, false],
  ])('%s', (_what, live, changed) => expect(changedMeanwhile(begun, standing('a', { live }))).toBe(changed));

  it('is no news where we applied it ourselves, nor once it has been seen', () => {
    const theirs = standing('a', { live: object('a', '2') });
    const mine = withApplied(begun, a.key, { outcome, at: 5, report: undefined });
    expect(changedMeanwhile(mine, theirs)).toBe(false);
    expect(changedMeanwhile(withSeen(begun, new Map([[a.key, theirs.live]])), theirs)).toBe(false);
  });
});
