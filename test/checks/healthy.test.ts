import { describe, expect, it } from 'vitest';
import { judged } from './given.ts';

describe('a healthy cluster', () => {
  it('has no findings, and everything was looked at', () => {
    const { findings, notLookedAt, looked, of, pending } = judged({});
    expect({ findings, notLookedAt, pending }).toEqual({ findings: [], notLookedAt: [], pending: 0 });
    expect(looked).toBe(of);
    expect(of).toBeGreaterThan(30);
  });

  it('has none either where nothing at all is known', () => {
    const { findings } = judged({ bare: true, links: { daemonSets: 'loading' } });
    expect(findings).toEqual([]);
  });
});
