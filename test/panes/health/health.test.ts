import { describe, expect, it } from 'vitest';
import { readHealth } from '../../../src/model/agent-says/read-health.ts';
import { type Asked, cellLine, healthCell } from '../../../src/panes/health/health-matrix.ts';
import { spansText } from '../../../src/panes/spans.ts';
import { createTheme } from '../../../src/ui/theme.ts';

const { glyphs } = createTheme({ ascii: false, colour: true });

/** Latencies in ms, or what went wrong. */
function told(peers: Record<string, number | string>): Asked {
  const nodes = Object.entries(peers).map(([name, value]) => {
    const status = typeof value === 'string' ? value : '';
    const probe = { latency: typeof value === 'number' ? value * 1e6 : 0, status };
    return {
      name,
      host: {
        'primary-address': {
          ip: '10.0.0.1',
          icmp: probe,
          http: { ...probe, status: status === 'no icmp' ? '' : status },
        },
      },
    };
  });
  const said = readHealth(JSON.stringify({ local: { name: 'a' }, nodes }));
  return { phase: 'told', at: 0, peers: new Map(said?.peers.map((peer) => [peer.node, peer])) };
}

describe('how one node reaches another', () => {
  const asked = told({ a: 0.1, b: 1, c: 1.2, d: 30, e: 'Connection timed out', f: 'no icmp' });
  it.each([
    ['a', 'own'],
    ['b', 'ok'],
    ['d', 'slow'],
    ['e', 'failed'],
    ['f', 'partly'],
    ['z', 'unknown'],
  ])('to %s: %s', (to, state) => expect(healthCell(asked, 'a', to).state).toBe(state));

  it('is not slow where every node needs as long', () => {
    expect(healthCell(told({ a: 20, b: 25, c: 28 }), 'a', 'b').state).toBe('ok');
  });

  it.each<[Asked | undefined, string, string]>([
    [asked, 'e', ' a → e: node ICMP Connection timed out, HTTP Connection timed out · pods not probed  10.0.0.1'],
    [asked, 'd', ' a → d: node ICMP OK, HTTP OK 30.0 ms · pods not probed  10.0.0.1'],
    [asked, 'z', ' a → z: it does not know this node'],
    [undefined, 'b', ' a → b: not asked'],
    [{ phase: 'failed', at: 0, problem: 'No permission' }, 'b', ' a → b: No permission'],
  ])('is said in one line', (answer, to, line) => {
    expect(spansText(cellLine({ row: 'a', column: to }, healthCell(answer, 'a', to), answer, glyphs, 120))).toBe(line);
  });
});
