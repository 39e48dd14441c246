import type { HealthPeer, Probe } from '../../model/agent-says/agent-says.ts';
import { cutMiddle } from '../../ui/text.ts';
import type { Glyphs, Span } from '../../ui/theme.ts';
import { span } from '../spans.ts';

/** What one node was asked, or why it could not be. */
export type Asked =
  | { phase: 'waiting' | 'asking' }
  | { phase: 'told'; at: number; peers: ReadonlyMap<string, HealthPeer> }
  | { phase: 'failed'; at: number; problem: string };

export type HealthCell = {
  state: 'ok' | 'slow' | 'failed' | 'partly' | 'own' | 'unknown';
  peer: HealthPeer | undefined;
};

/** How `from` reaches `to`, by its own probes. Slow: above both 5 ms and four times what this node usually needs. */
export function healthCell(asked: Asked | undefined, from: string, to: string): HealthCell {
  if (asked?.phase !== 'told') return { state: 'unknown', peer: undefined };
  const peer = asked.peers.get(to);
  if (peer === undefined || (peer.host === undefined && peer.endpoint === undefined)) return { state: 'unknown', peer };
  const probes = [peer.host, peer.endpoint].filter((probe) => probe !== undefined);
  const words = probes.flatMap(({ icmp, http }) => [icmp, http]).filter((word) => word !== '');
  const failed = words.filter((word) => word !== 'OK').length;
  if (failed > 0) return { state: failed === words.length ? 'failed' : 'partly', peer };
  if (from === to) return { state: 'own', peer };
  const latency = latencyOf(peer);
  return { state: latency > Math.max(5, usualLatency(asked.peers) * 4) ? 'slow' : 'ok', peer };
}

export function cellSign({ state }: HealthCell, glyphs: Glyphs): Span {
  switch (state) {
    case 'ok':
      return span(glyphs.ok, 'ok');
    case 'slow':
      return span(glyphs.warning, 'warning');
    case 'partly':
      return span(glyphs.about, 'error');
    case 'failed':
      return span(glyphs.error, 'error');
    case 'own':
      return span('·', 'dim');
    case 'unknown':
      return span(glyphs.unknown, 'unknown');
  }
}

/** One line on the cell under the cursor: both addresses, ICMP and HTTP each, and how long it took. */
export function cellLine(
  { row: from, column: to }: Readonly<{ row: string; column: string }>,
  cell: HealthCell,
  asked: Asked | undefined,
  glyphs: Glyphs,
  columns: number,
): Span[] {
  const room = Math.max(10, Math.floor(columns / 5));
  const short = (name: string) => cutMiddle(name, room, glyphs.ellipsis);
  const head = [
    span(from === to ? ` ${short(from)} itself: ` : ` ${short(from)} ${glyphs.arrow} ${short(to)}: `, 'strong'),
  ];
  if (asked === undefined || asked.phase === 'waiting') return [...head, span('not asked', 'dim')];
  if (asked.phase === 'asking') return [...head, span('being asked', 'progress')];
  if (asked.phase === 'failed') return [...head, span(asked.problem, 'error')];
  const { peer } = cell;
  if (peer === undefined) return [...head, span('it does not know this node', 'warning')];
  const parts = [
    probeWords('node', peer.host),
    peer.endpoint === undefined ? 'pods not probed' : probeWords('its pods', peer.endpoint),
  ];
  return [...head, span(parts.join(' · ')), span(peer.address === '' ? '' : `  ${peer.address}`, 'dim')];
}

function probeWords(what: string, probe: Probe | undefined): string {
  if (probe === undefined) return `${what} not probed`;
  const { icmp, http, latencyMs } = probe;
  const words = [
    ['ICMP', icmp],
    ['HTTP', http],
  ]
    .filter(([, said]) => said !== '')
    .map(([name, said]) => `${name} ${said}`);
  return `${what} ${words.join(', ')}${latencyMs > 0 ? ` ${latencyMs.toFixed(1)} ms` : ''}`;
}

export function latencyOf({ host, endpoint }: HealthPeer): number {
  return Math.max(host?.latencyMs ?? 0, endpoint?.latencyMs ?? 0);
}

/** The median of what answered. */
export function usualLatency(peers: ReadonlyMap<string, HealthPeer>): number {
  const known = [...peers.values()]
    .map(latencyOf)
    .filter((latency) => latency > 0)
    .sort((a, b) => a - b);
  return known[Math.floor(known.length / 2)] ?? 0;
}
