import { describe, expect, it } from 'vitest';
import { missingFromSlices } from '../../src/checks/endpoints/missing-from-slices.ts';
import { stuck } from '../../src/checks/endpoints/stuck.ts';
import { createChecks } from '../../src/checks/run.ts';
import { whyNot } from '../../src/checks/why-not.ts';
import type { Link, SourceId } from '../../src/model/link.ts';
import { apply } from '../../src/model/snapshot.ts';
import { given } from './given.ts';
import { now } from './healthy-cluster.ts';

const shopOnly: Link = { phase: 'live', heard: now, only: 'shop' };
const limited = (...sources: SourceId[]) =>
  apply(
    given(),
    sources.map((source) => ({ type: 'link', source, link: shopOnly })),
    now,
  );

describe('where only one namespace may be read', () => {
  it('a check that needs all of them does not look, and says so', () => {
    expect(whyNot(missingFromSlices, limited('ciliumEndpoints'), now)?.text).toBe(
      'only namespace shop was read: ciliumendpoints',
    );
  });

  it('a check that judges each namespace by itself looks', () => {
    expect(whyNot(stuck, limited('ciliumEndpoints', 'pods'), now)).toBeUndefined();
  });

  it('no other check answers for the whole cluster', () => {
    const { notLookedAt, findings } = createChecks().judge(limited('pods', 'ciliumEndpoints', 'events'), now);
    expect(findings).toEqual([]);
    expect(notLookedAt.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['pods/stuck-creating', 'endpoints/pod-without-endpoint', 'endpoints/stale-endpoint']),
    );
  });
});
