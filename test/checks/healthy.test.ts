import { describe, expect, it } from 'vitest';
import { judged } from './given.ts';

describe('a healthy cluster', () => {
  it('has no findings, and everything was looked at', () => {
    const { findings, notLookedAt, looked, of, waiting } = judged({});
    expect({ findings, notLookedAt, waiting }).toEqual({ findings: [], notLookedAt: [], waiting: [] });
    expect(looked).toBe(of);
    expect(of).toBeGreaterThan(30);
  });

  it('has none either where nothing at all is known', () => {
    const { findings } = judged({ bare: true, links: { daemonSets: 'loading' } });
    expect(findings).toEqual([]);
  });
});
