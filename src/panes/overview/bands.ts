import type { Agent } from '../../model/agents.ts';
import { isOlderThan, isSick } from '../../model/agents.ts';
import { type Finding, findingKey } from '../../model/finding.ts';
import type { SourceId } from '../../model/link.ts';
import type { Pool } from '../../model/pools.ts';
import type { TimelineEntry } from '../../model/timeline.ts';
import type { View } from '../../ui/pane.ts';
import type { Theme } from '../../ui/theme.ts';
import { agentLook, belowMinimum, oldOnesUp } from '../below-minimum.ts';
import { firstSigns } from '../first-signs.ts';
import { nothingKnown } from '../nothing-known.ts';
import { linkState, paneState } from '../pane-state.ts';
import { isSickPool, poolsRead } from '../pool-line.ts';
import { progressText } from '../progress-text.ts';
import { type Spans, span } from '../spans.ts';
import { isInScope, timelineId, timelineText } from '../timeline-row.ts';
import { timelineSources } from '../timeline-sources.ts';
import { agentView, changeView, policyView } from '../views.ts';
import { agentsBlock } from './agents-block.ts';
import type { Block, Item } from './block.ts';
import { changed } from './changed.ts';
import { type LogsOptions, logsBlock } from './logs-block.ts';
import { narrowed } from './narrowed.ts';
import type { OverviewFacts } from './overview-facts.ts';
import { isWrong, type PolicyLine, policiesBlock } from './policies-block.ts';
import { poolsBlock } from './pools-block.ts';
import type { Band } from './share-rows.ts';
import { slicesBlock } from './slices-block.ts';
import { wrongNow } from './wrong-now.ts';

/** What the cursor of the overview can stand on, in the order it is drawn, and where each leads. */
export type OverviewItem = Item & {
  open: View;
  of:
    | { finding: Finding }
    | { pool: Pool }
    | { agent: Agent }
    | { policy: PolicyLine }
    | { change: TimelineEntry; first: boolean };
};

/** Two columns need this many. */
export const twoColumns = 110;

/** What changed is narrowed to `scope`; what is wrong never is. */
export function overviewItems(facts: OverviewFacts, columns: number, scope: string): OverviewItem[] {
  const { judgement, timeline } = facts.snapshot;
  const items: OverviewItem[] = judgement.findings.map((finding) => ({
    id: `finding:${findingKey(finding)}`,
    text: `${finding.id} ${finding.title} ${finding.reach} ${finding.evidence.join(' ')}`,
    troubled: true,
    open: { pane: 'why', args: [findingKey(finding)] },
    of: { finding },
  }));
  for (const pool of facts.pools) {
    items.push({
      id: `pool:${pool.pool}`,
      text: `${pool.pool} ${pool.upgrade.text}`,
      troubled: isSickPool(pool, poolsRead(facts.snapshot)),
      open: { pane: 'agents', args: [pool.pool] },
      of: { pool },
    });
  }
  if (columns >= twoColumns) {
    const least = belowMinimum(facts.snapshot);
    for (const agent of oldOnesUp(facts.agents, least).slice(0, mostAgents)) {
      items.push({
        id: `agent:${agent.node}`,
        text: `${agent.node} ${agent.pool} ${agent.state} ${agentLook(agent, least).why}`,
        troubled: isSick(agent) || isOlderThan(agent, least),
        open: agentView(agent.node),
        of: { agent },
      });
    }
    for (const policy of facts.policies) {
      items.push({
        id: `policy:${policy.id}`,
        text: `${policy.name} ${policy.subject} ${policy.trouble}`,
        troubled: isWrong(policy),
        open: policyView(policy.ref),
        of: { policy },
      });
    }
  }
  // Events are mostly symptoms, and say so again and again: here they would push out what somebody did.
  // But the one with which a finding began stays, however old: by it one finds the cause.
  const signs = firstSigns(judgement.findings, timeline.entries);
  const told = timeline.entries.filter(
    (entry) => isInScope(entry, scope) && (entry.what !== 'event' || signs.has(entry)),
  );
  for (const change of told.filter((entry, index) => index < mostChanges || signs.has(entry))) {
    items.push({
      id: `change:${timelineId(change)}`,
      text: timelineText(change),
      troubled: false,
      open: changeView(change),
      of: { change, first: signs.has(change) },
    });
  }
  return items;
}

const mostAgents = 40;
const mostChanges = 100;

/** What the overview is narrowed to: by its filter, which left `items` of `all`, and to a namespace. */
export type OverviewNarrowing = {
  items: readonly OverviewItem[];
  all: readonly OverviewItem[];
  note: string;
  scope: string;
  logs: LogsOptions;
};

/** The blocks as they lie on the screen: one column where it is narrow, else two beside each other. */
export function overviewBands(
  facts: OverviewFacts,
  { items, all, note, scope, logs }: OverviewNarrowing,
  cursor: string,
  theme: Theme,
  columns: number,
  now: number,
): Band[] {
  const { snapshot } = facts;
  const { glyphs } = theme;
  const kept = <T>(pick: (of: OverviewItem['of']) => T | undefined): T[] =>
    items.flatMap((item) => {
      const value = pick(item.of);
      return value === undefined ? [] : [value];
    });
  const filtered = (block: Block, kind: string): Block => {
    const count = (some: readonly OverviewItem[]) => some.filter(({ of }) => kind in of).length;
    return note === ''
      ? block
      : narrowed(block, { note, of: count(all), most: kind === 'change' ? mostChanges : Infinity, left: count(items) });
  };
  const wrong = wrongNow({
    judgement: snapshot.judgement,
    trouble: nothingKnown(snapshot.links) ?? '',
    arriving: progressText(snapshot.links),
    findings: kept((of) => ('finding' in of ? of.finding : undefined)),
    timeline: snapshot.timeline.entries,
    cursor,
    glyphs,
    now,
  });
  const pools = poolsBlock({
    pools: kept((of) => ('pool' in of ? of.pool : undefined)),
    read: poolsRead(snapshot),
    vitals: facts.vitals,
    about: poolsAbout(facts, theme, now),
    columns: columns < twoColumns ? columns - 1 : Math.floor((columns - 1) / 2) - 1,
    glyphs,
  });
  const changes = changed({
    timeline: snapshot.timeline,
    entries: kept((of) => ('change' in of ? of.change : undefined)),
    signs: new Set(kept((of) => ('change' in of && of.first ? of.change : undefined))),
    state: paneState(snapshot.links, timelineSources, snapshot.timeline.entries.length, now),
    scope,
    narrowed: note !== '',
    cursor,
    glyphs,
    now,
  });
  const first = filtered(wrong, 'finding');
  const last = filtered(changes, 'change');
  if (columns < twoColumns) return [[first], [filtered(pools, 'pool')], [last]];
  const { links, judgement, churn, tables } = snapshot;
  const least = belowMinimum(snapshot);
  const agentState = paneState(links, ['systemPods', 'nodes'], facts.agents.length, now);
  const agents = agentsBlock({
    agents: kept((of) => ('agent' in of ? of.agent : undefined)),
    all: facts.agents,
    only: facts.only,
    least,
    cursor,
    state: agentState,
    glyphs,
    now,
  });
  const slices = slicesBlock({
    churn,
    slices: tables.ciliumEndpointSlices.rows.size,
    endpoints: tables.ciliumEndpoints.rows.size,
    state: paneState(links, ['ciliumEndpointSlices', 'ciliumEndpoints'], 1, now),
    findings: judgement.findings.filter((finding) => finding.id.startsWith('endpoints/')),
    theme,
    now,
  });
  const ciliumMissing =
    isMissing(links, 'ciliumNetworkPolicies') && isMissing(links, 'ciliumClusterwideNetworkPolicies');
  const policySources: SourceId[] = ciliumMissing ? ['networkPolicies'] : ['ciliumNetworkPolicies', 'networkPolicies'];
  const policies = policiesBlock({
    policies: kept((of) => ('policy' in of ? of.policy : undefined)),
    counts: facts.policyCounts,
    ciliumMissing,
    state: paneState(links, policySources, 1, now),
    cursor,
    glyphs,
    now,
  });
  return [
    [first],
    [filtered(pools, 'pool'), filtered(agents, 'agent')],
    [slices, filtered(policies, 'policy')],
    [last, logsBlock(logs)],
  ];
}

function isMissing(links: OverviewFacts['snapshot']['links'], source: SourceId): boolean {
  return links.get(source)?.phase === 'missing';
}

/** The state where nodes are not live; else whether a pool is sick. */
function poolsAbout({ snapshot, pools, mode }: OverviewFacts, { glyphs }: Theme, now: number): Spans {
  const state = paneState(snapshot.links, ['nodes'], pools.length, now);
  if (state.phase !== 'live')
    return [span(` ${state.glyph === '' ? '' : `${glyphs[state.glyph]} `}${state.text}`, state.tone)];
  const read = poolsRead(snapshot);
  const pods = linkState('systemPods', snapshot.links.get('systemPods'), 1, now);
  const noCilium = mode.cni === 'not-cilium' ? [span(' no Cilium', 'error' as const)] : [];
  if (pools.some((pool) => isSickPool(pool, read))) return [span(` ${glyphs.error}`, 'error'), ...noCilium];
  // Without the agents' pods a pool is not well, only not known to be sick.
  const glyph = pods.glyph === '' ? 'unknown' : pods.glyph;
  return [span(` ${glyphs[glyph]}`, pods.tone), ...noCilium];
}
