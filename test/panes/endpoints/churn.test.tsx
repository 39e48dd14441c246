import { describe, expect, it } from 'vitest';
import type { Link } from '../../../src/model/link.ts';
import { ChurnScreen } from '../../../src/panes/endpoints/ChurnScreen.tsx';
import { SlicesScreen } from '../../../src/panes/endpoints/SlicesScreen.tsx';
import { now, snapshotOf } from '../fixtures/cluster.ts';
import { draw, frameOf } from '../fixtures/frame.tsx';

const sources = ['ciliumEndpoints', 'ciliumEndpointSlices', 'endpointSlices', 'pods'] as const;
const all = (link: Link) => snapshotOf({ links: Object.fromEntries(sources.map((source) => [source, link])) });
const text = (link: Link, scope = '') => draw(ChurnScreen, all(link), frameOf(120, 20, { scope })).join('\n');

describe('the churn of endpoints', () => {
  it('is measured while it is watched', () => {
    expect(text({ phase: 'live', heard: now })).toMatch(/Endpoint changes 0 .*endpoints .*0\/s.*none waits/s);
  });

  it.each<[string, Link]>([
    ['forbidden', { phase: 'forbidden', heard: 0 }],
    ['connecting', { phase: 'connecting', heard: 0 }],
    ['failed', { phase: 'failed', heard: 0 }],
  ])('has no number where nothing could be read: %s', (_name, link) => {
    expect(text(link)).toContain('endpoints not measured   slice writes not measured');
    expect(text(link)).toMatch(/slices –.*Cilium endpoints –.*Kubernetes slices –/);
    expect(text(link)).not.toMatch(/none waits|\d\/s|Endpoint changes 0/);
  });

  it('is not measured while the watches are late', () => {
    expect(text({ phase: 'stale', heard: now - 42_000 })).toContain('endpoints not measured');
  });

  it('says which namespace it is narrowed to', () => {
    expect(text({ phase: 'live', heard: now }, 'pay')).toMatch(/^── Endpoint changes 0 · ns:pay/);
    const slices = draw(SlicesScreen, all({ phase: 'forbidden', heard: 0 }), frameOf(120, 20, { scope: 'pay' }));
    expect(slices[0]).toMatch(/^── Endpoint slices · ns:pay ─ ○ forbidden/);
  });
});
