import type { Agent } from '../../model/agents.ts';
import { clockMinute, clockTime } from '../../model/clock.ts';
import type { Fact } from '../../model/facts.ts';
import { type Finding, findingKey } from '../../model/finding.ts';
import type { LogSign } from '../../model/log-signs.ts';
import type { AgentMetrics } from '../../model/metrics.ts';
import type { ContainerRow } from '../../model/objects/pod.ts';
import { age } from '../../ui/text.ts';
import type { Glyphs, Span, Theme, Tone } from '../../ui/theme.ts';
import { failingText } from '../agent-words.ts';
import { agentLook } from '../below-minimum.ts';
import type { ScreenLine } from '../LinesScreen.tsx';
import { logWords } from '../log-words.ts';
import { createPage, type Page } from '../page.ts';
import { span } from '../spans.ts';
import { logView } from '../views.ts';
import { metricLines } from './metric-lines.ts';
import type { Asked, LogTail } from './screen-state.ts';
import { signLines } from './sign-lines.ts';

export type AgentPage = {
  agent: Agent;
  /** What this Kubernetes asks of agents while some are older; ''. */
  least: string;
  /** What only the sick agents share, when it is one of them. */
  shared: string;
  /** Findings that name its pod or its node. */
  findings: readonly Finding[];
  events: readonly { at: number; type: string; reason: string; message: string; count: number }[];
  eventsProblem: string;
  asked: Asked;
  metrics: Fact<AgentMetrics> | undefined;
  /** Known patterns in its logs, as far as somebody read them. */
  signs: readonly LogSign[];
  tail: { container: string; previous: boolean; state: LogTail; problem: string; running: boolean };
};

/** One agent: what keeps it from running first, then its containers, conditions, events and the end of its log. */
export function agentPage(page: AgentPage, columns: number, theme: Theme, now: number): ScreenLine[] {
  const { agent } = page;
  const { glyphs } = theme;
  const drawn = createPage(columns, 12);
  summary(drawn, page, glyphs, now);
  signLines(drawn, page.signs, glyphs, now);
  if (agent.pod !== undefined) containers(drawn, agent, glyphs, now);
  if (agent.nodeRow !== undefined) conditions(drawn, agent, glyphs, now);
  if (agent.pod !== undefined) metricLines(drawn, agent.node, page.metrics, theme, now);
  opinion(drawn, page.asked, glyphs, now);
  events(drawn, page, now);
  if (agent.pod !== undefined) logTail(drawn, page);
  return drawn.lines;
}

function summary(drawn: Page, { agent, least, shared, findings }: AgentPage, glyphs: Glyphs, now: number): void {
  const { sign, word } = agentLook(agent, least);
  const since = agent.since > 0 ? ` for ${age(now - agent.since)}` : '';
  drawn.lines.push({
    id: 'state',
    spans: [
      span(`${glyphs[sign.glyph]} ${word}${since}`, sign.tone),
      span(agent.failing === undefined ? '' : ` · ${failingText(agent.failing)}`),
    ],
    troubled: sign.glyph === 'error' || sign.glyph === 'warning',
  });
  for (const finding of findings) {
    const severity: Tone = finding.severity === 'note' ? 'dim' : finding.severity;
    drawn.line(
      [span(`${finding.severity === 'note' ? '·' : glyphs[finding.severity]} `, severity), span(finding.title)],
      {
        id: `finding ${findingKey(finding)}`,
        target: { pane: 'why', args: [findingKey(finding)] },
        troubled: true,
      },
    );
  }
  if (shared !== '') drawn.line([span('only they: ', 'warning'), span(shared)]);
  const { pod } = agent;
  const parts =
    pod === undefined
      ? 'none on this node'
      : `${pod.name} · ${pod.status} · ${times(agent.restarts, 'restart')} · ${age(now - agent.created)} old`;
  drawn.field(
    'pod',
    [span(parts)],
    pod === undefined ? {} : { ref: { kind: 'Pod', namespace: pod.namespace, name: pod.name } },
  );
  drawn.field('version', [
    span(agent.version === '' ? 'not known' : agent.version),
    span(agent.image === '' ? '' : ` · ${agent.image}`, 'dim'),
  ]);
  const place = [
    agent.pool === '' ? '' : `pool ${agent.pool}`,
    agent.nodeImage,
    agent.kernel,
    agent.kubelet,
    agent.cordoned ? 'cordoned' : '',
  ];
  drawn.field('node', [span(agent.node), span(` · ${place.filter((part) => part !== '').join(' · ')}`, 'dim')], {
    ref: { kind: 'Node', name: agent.node },
  });
  if (agent.taint !== undefined) {
    const taintSince = agent.taint.since > 0 ? ` since ${clockMinute(agent.taint.since, now)}Z` : '';
    drawn.field('taint', [
      span(`${agent.taint.key}:${agent.taint.effect}`, 'warning'),
      span(`${taintSince}: no pod that needs the network starts here`, 'dim'),
    ]);
  }
}

function containers(drawn: Page, { pod, failing }: Agent, glyphs: Glyphs, now: number): void {
  if (pod === undefined) return;
  drawn.section('Containers', 'init containers first, in their order');
  for (const container of pod.containers) {
    const { glyph, tone, text } = containerLook(container, now);
    const fails = container.name === failing?.container;
    const restarts = container.restarts === 0 ? '' : ` · ${times(container.restarts, 'restart')}`;
    drawn.line(
      [
        span(`${glyphs[glyph]} `, tone),
        span(`${container.init ? 'init ' : ''}${container.name}`, fails ? 'strong' : 'plain'),
        span(` ${text}${restarts}`, 'dim'),
      ],
      {
        id: `container ${container.name}`,
        target: logView(pod.namespace, pod.name, container.name, fails && failing.hasPrevious ? 'previous' : 'current'),
        troubled: glyph === 'error',
      },
    );
    if (fails && failing.message !== '')
      drawn.line([span('    last words: ', 'dim'), span(failing.message, 'error')], { id: `words ${container.name}` });
    const { last } = container;
    // That an init container once finished is no news.
    if (last !== undefined && (last.exitCode !== 0 || fails)) {
      const lived =
        last.started > 0 && last.finished > last.started ? ` after ${age(last.finished - last.started)}` : '';
      drawn.line(
        [
          span(
            `    before: ${last.reason || 'ended'} exit ${last.exitCode} at ${clockTime(last.finished, now)}${lived}`,
            'dim',
          ),
        ],
        { id: `before ${container.name}` },
      );
    }
  }
}

function containerLook(
  container: ContainerRow,
  now: number,
): { glyph: 'ok' | 'error' | 'progress' | 'unknown'; tone: Tone; text: string } {
  const since = container.since > 0 ? ` for ${age(now - container.since)}` : '';
  switch (container.state) {
    case 'running':
      if (container.ready || container.init) return { glyph: 'ok', tone: 'ok', text: `running${since}` };
      return { glyph: 'error', tone: 'error', text: `running${since}, not ready` };
    case 'terminated':
      if (container.exitCode === 0) return { glyph: 'ok', tone: 'ok', text: 'done' };
      return { glyph: 'error', tone: 'error', text: `${container.reason || 'ended'} exit ${container.exitCode}` };
    case 'waiting': {
      const starts = ['', 'PodInitializing', 'ContainerCreating'].includes(container.reason);
      return {
        glyph: starts ? 'progress' : 'error',
        tone: starts ? 'dim' : 'error',
        text: `waiting${container.reason === '' ? '' : `: ${container.reason}`}`,
      };
    }
    case 'unknown':
      return { glyph: 'unknown', tone: 'dim', text: 'not started' };
  }
}

function conditions(drawn: Page, { nodeRow }: Agent, glyphs: Glyphs, now: number): void {
  if (nodeRow === undefined || nodeRow.conditions.length === 0) return;
  drawn.section('Node conditions');
  for (const { type, status, reason, message, since } of nodeRow.conditions) {
    const good = type === 'Ready' ? status === 'True' : status === 'False';
    const sign: Span = good
      ? span(glyphs.ok, 'ok')
      : span(status === 'Unknown' ? glyphs.unknown : glyphs.error, status === 'Unknown' ? 'unknown' : 'error');
    drawn.line(
      [sign, span(` ${type}=${status}`), span(` ${reason}${since > 0 ? ` for ${age(now - since)}` : ''}`, 'dim')],
      { id: `condition ${type}`, troubled: !good },
    );
    if (!good && message !== '') drawn.line([span(`    ${message}`)], { id: `condition ${type} message` });
  }
}

function opinion(drawn: Page, asked: Asked, glyphs: Glyphs, now: number): void {
  const at = asked.phase === 'not-asked' ? '' : ` · asked ${clockTime(asked.at, now)}`;
  drawn.section('In its own words', `cilium-dbg status${at}`);
  if (asked.phase === 'not-asked')
    drawn.line([span('a asks the agent (it runs one command in its pod that only reads)', 'dim')], { id: 'opinion' });
  if (asked.phase === 'asking') drawn.line([span(`${glyphs.progress} asking…`, 'progress')], { id: 'opinion' });
  if (asked.phase === 'failed') drawn.prose(asked.problem, 'error');
  if (asked.phase !== 'told') return;
  for (const { name, state, text, below } of asked.opinions) {
    const sign: Span = state === '' ? span(' ') : span(glyphs[state], state);
    drawn.line([sign, span(` ${name.padEnd(23)} `, 'dim'), span(text)], {
      id: `opinion ${name}`,
      troubled: state === 'error',
    });
    for (const line of below) drawn.prose(line, 'error', 4);
  }
}

function events(drawn: Page, { events: list, eventsProblem }: AgentPage, now: number): void {
  drawn.section('Events', list.length === 0 ? 'none in the last hour' : 'newest first');
  if (eventsProblem !== '') drawn.prose(eventsProblem, 'warning');
  for (const { at, type, reason, message, count } of list) {
    const times = count > 1 ? ` ×${count}` : '';
    drawn.line([
      span(`${clockTime(at, now)} `, 'dim'),
      span(`${reason}${times} `, type === 'Warning' ? 'warning' : 'plain'),
      span(message, 'dim'),
    ]);
  }
}

function logTail(drawn: Page, { tail }: AgentPage): void {
  const { container, previous, state, problem, running } = tail;
  drawn.section('Log', `${previous ? 'previous run of ' : ''}${container} · l opens it whole`);
  if (problem !== '')
    drawn.prose(
      `${problem}${state.lines.length === 0 ? ' What it said as it ended stands with its container.' : ''}`,
      'warning',
    );
  if (problem === '' && state.lines.length === 0) drawn.line([span(running ? 'reading…' : 'it wrote nothing', 'dim')]);
  for (const { text, note } of state.lines) drawn.line(note ? [span(text, 'warning')] : logWords(text));
}

function times(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
