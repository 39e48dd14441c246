import { type Agent, agents, isWanted } from '../../model/agents.ts';
import { agentDaemonSet } from '../../model/cluster-mode.ts';
import { type Operator, operator, operatorSkew } from '../../model/operator.ts';
import { agentRollout, type Rollout } from '../../model/rollout.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { age, number } from '../../ui/text.ts';
import type { Glyphs, Tone } from '../../ui/theme.ts';
import { agentWhy } from '../agent-words.ts';
import type { ScreenLine } from '../LinesScreen.tsx';
import { createPage, type Page } from '../page.ts';
import { span } from '../spans.ts';
import { agentView } from '../views.ts';

/** How far agents and operator are, and who holds it up. */
export function rolloutPage(snapshot: Snapshot, glyphs: Glyphs, columns: number, now: number): readonly ScreenLine[] {
  const set = agentDaemonSet(snapshot);
  if (set === undefined) return [];
  const all = agents(snapshot, now).filter(isWanted);
  const rollout = agentRollout(snapshot, all, now);
  const page = createPage(columns, 12);
  if (rollout !== undefined) ofAgents(page, set.name, rollout, all, glyphs, now);
  ofOperator(page, operator(snapshot, now), all, glyphs);
  return page.lines;
}

const looks: Readonly<Record<Rollout['state'], { glyph: keyof Glyphs; tone: Tone; text: string }>> = {
  done: { glyph: 'ok', tone: 'ok', text: 'done' },
  'under-way': { glyph: 'progress', tone: 'progress', text: 'under way' },
  'standing-still': { glyph: 'error', tone: 'error', text: 'stands still' },
};

function ofAgents(
  page: Page,
  name: string,
  rollout: Rollout,
  all: readonly Agent[],
  glyphs: Glyphs,
  now: number,
): void {
  const { state, desired, updated, unavailable, mostUnavailable, minReadyMs, versions, revision, began, moved } =
    rollout;
  const ref = { kind: 'DaemonSet', namespace: 'kube-system', name };
  const look = looks[state];
  page.section('Agents', `DaemonSet ${name}`);
  page.field('state', [span(`${glyphs[look.glyph]} ${look.text}`, look.tone)], {
    ref,
    troubled: state === 'standing-still',
  });
  page.field('updated', [span(`${number(updated)} of ${number(desired)}`)], { ref });
  page.field('unavailable', [span(`${number(unavailable)}, at most ${number(mostUnavailable)} at once`)], { ref });
  if (minReadyMs > 0) page.field('ready for', [span(`${age(minReadyMs)} before the next is replaced`)]);
  page.field('versions', [
    span(versions.map(({ version, count }) => `${version} ×${number(count)}`).join(', ') || 'not known'),
  ]);
  if (revision !== '') page.field('revision', [span(revision)]);
  if (began > 0) page.field('newest', [span(`template of ${age(now - began)} ago`)]);
  if (moved > 0) page.field('last move', [span(`${age(now - moved)} ago`)]);
  const away = all.filter((agent) => agent.state !== 'ready');
  page.section('Not ready', away.length === 0 ? 'none' : `${number(away.length)} of ${number(all.length)}`);
  for (const agent of away) {
    page.line([span(`${agent.node}  `), span(agentWhy(agent) || agent.status, 'dim')], {
      id: `agent ${agent.node}`,
      ref: { kind: 'Node', name: agent.node },
      target: agentView(agent.node),
      troubled: true,
    });
  }
}

function ofOperator(page: Page, found: Operator, all: readonly Agent[], glyphs: Glyphs): void {
  const { workload, ready, desired, version, lease, pendingIsNormal } = found;
  page.section(
    'Operator',
    workload === undefined ? 'no Deployment cilium-operator seen' : `Deployment ${workload.name}`,
  );
  if (workload === undefined) return;
  const ref = { kind: 'Deployment', namespace: 'kube-system', name: workload.name };
  const whole = ready >= desired || (pendingIsNormal && ready > 0);
  page.field(
    'ready',
    [span(`${whole ? glyphs.ok : glyphs.warning} `, whole ? 'ok' : 'warning'), span(`${ready} of ${desired}`)],
    { ref },
  );
  page.field('updated', [span(`${number(workload.row.updated)} of ${number(desired)}`)], { ref });
  page.field('version', [span(version || 'not known'), span(skewText(found, all), 'warning')], { ref });
  const holder =
    lease === undefined || lease.holder === ''
      ? 'nobody'
      : `${lease.holderPod || lease.holder}, renewed ${age(lease.age)} ago`;
  page.field('leader', [span(holder, lease?.expired === false ? 'plain' : 'warning')], { ref });
}

function skewText(found: Operator, all: readonly Agent[]): string {
  const skew = operatorSkew(found, all);
  return skew === '' ? '' : `  ${skew}`;
}
