import { describe, expect, it } from 'vitest';
import { judged } from './given.ts';

describe('a healthy cluster', () => {
  it('has no findings, and everything was looked at', () => {
    const { findings, notLookedAt, looked, of, waiting } = judged({ azure: {} });
    expect({ findings, notLookedAt, waiting }).toEqual({ findings: [], notLookedAt: [], waiting: [] });
    expect(looked).toBe(of);
    expect(of).toBeGreaterThan(30);
  });

  it('is as healthy where Azure was not asked: what it would know is said, and not counted', () => {
    const { findings, notLookedAt, notAsked, looked, of } = judged({});
    expect({ findings, notLookedAt }).toEqual({ findings: [], notLookedAt: [] });
    expect(notAsked.filter(({ reason }) => reason === 'not asked: Azure').map(({ id }) => id.split('/')[0])).toContain(
      'azure',
    );
    expect(looked).toBe(of);
  });

  it('has none either where nothing at all is known', () => {
    const { findings } = judged({ bare: true, links: { daemonSets: 'loading' } });
    expect(findings).toEqual([]);
  });
});
