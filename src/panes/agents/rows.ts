import { type Agent, isOlderThan } from '../../model/agents.ts';
import type { AgentReading } from '../../model/metrics.ts';
import { age } from '../../ui/text.ts';
import type { Glyphs } from '../../ui/theme.ts';
import type { Sort } from '../../ui/use-list.ts';
import type { Column } from '../../ui/widgets/fit-columns.ts';
import type { Cell } from '../../ui/widgets/Table.tsx';
import { agentWhy } from '../agent-words.ts';
import { agentLook } from '../below-minimum.ts';
import { dropCell } from '../metric-words.ts';

/** What decides at 80 columns first; traits of the node only after `w`. */
export function columnsFor(readings: Readings | undefined): readonly Column[] {
  return readings === undefined ? columns.filter(({ id }) => id !== 'drops' && id !== 'map') : columns;
}

/** What agents count, by node; undefined while none of it is known: a column of blanks tells nothing. */
export type Readings = ReadonlyMap<string, AgentReading>;

const columns: readonly Column[] = [
  { id: 'sign', title: '', min: 1 },
  { id: 'node', title: 'NODE', min: 14, max: 40 },
  { id: 'pool', title: 'POOL', min: 4, max: 14, drop: 4 },
  { id: 'state', title: 'STATE', min: 10 },
  { id: 'why', title: 'WHY', min: 20, grow: true, cut: 'end' },
  { id: 'restarts', title: 'RST', min: 3, align: 'right' },
  { id: 'since', title: 'SINCE', min: 5, align: 'right', clock: true },
  { id: 'version', title: 'VERSION', min: 7, max: 12, drop: 2 },
  { id: 'drops', title: 'DROPS', min: 6, align: 'right', drop: 6 },
  { id: 'age', title: 'AGE', min: 4, align: 'right', clock: true, drop: 5 },
  { id: 'map', title: 'FULLEST MAP', min: 11, max: 24, wideOnly: true },
  { id: 'taint', title: 'TAINT', min: 5, wideOnly: true },
  { id: 'status', title: 'STATUS', min: 8, max: 24, wideOnly: true },
  { id: 'image', title: 'NODE IMAGE', min: 10, max: 44, wideOnly: true },
  { id: 'kernel', title: 'KERNEL', min: 10, max: 24, wideOnly: true },
  { id: 'kubelet', title: 'KUBELET', min: 8, max: 16, wideOnly: true },
];

export function cells(
  agent: Agent,
  least: string,
  readings: Readings | undefined,
  glyphs: Glyphs,
  now: number,
): readonly Cell[] {
  const { sign, word, tone, why } = agentLook(agent, least);
  const reading = readings?.get(agent.node);
  return [
    { text: glyphs[sign.glyph], tone: sign.tone },
    agent.node,
    { text: agent.pool, tone: 'dim' },
    { text: word, tone },
    why,
    { text: agent.restarts > 0 ? String(agent.restarts) : '', tone: agent.restarts > 0 ? 'warning' : 'dim' },
    { text: agent.since > 0 ? age(now - agent.since) : '', tone: 'dim' },
    isOlderThan(agent, least) ? { text: agent.version, tone: 'warning' } : agent.version,
    ...(readings === undefined ? [] : [dropCell(reading)]),
    { text: agent.created > 0 ? age(now - agent.created) : '', tone: 'dim' },
    ...(readings === undefined ? [] : [mapCell(reading)]),
    { text: agent.taint === undefined ? '' : 'yes', tone: 'warning' },
    { text: agent.status, tone: 'dim' },
    { text: agent.nodeImage, tone: 'dim' },
    { text: agent.kernel, tone: 'dim' },
    { text: agent.kubelet, tone: 'dim' },
  ];
}

function mapCell(reading: AgentReading | undefined): Cell {
  const [fullest] = reading?.mapPressure ?? [];
  if (fullest === undefined) return '';
  const tone = fullest.ratio >= 0.9 ? 'warning' : 'dim';
  return { text: `${Math.floor(fullest.ratio * 100)}% ${fullest.map}`, tone };
}

export function searchText(agent: Agent): string {
  return `${agent.node} ${agent.pool} ${agent.state} ${agent.status} ${agent.version} ${agent.nodeImage} ${agent.pod?.name ?? ''} ${agentWhy(agent)}`;
}

export function sortsBy(readings: Readings | undefined): readonly Sort<Agent>[] {
  return [
    { letter: 'n', title: 'node', value: (agent) => agent.node },
    { letter: 'p', title: 'pool', value: (agent) => agent.pool },
    { letter: 'r', title: 'restarts', value: (agent) => agent.restarts },
    { letter: 'v', title: 'version', value: (agent) => agent.version },
    { letter: 'd', title: 'drops', value: (agent) => -(readings?.get(agent.node)?.dropsPerSecond ?? -1) },
    { letter: 'a', title: 'age', value: (agent) => -agent.created },
  ];
}
