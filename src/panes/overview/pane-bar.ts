import { agentPods } from '../../model/agents.ts';
import { agentDaemonSet } from '../../model/cluster-mode.ts';
import type { Finding } from '../../model/finding.ts';
import type { SourceId } from '../../model/link.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { age } from '../../ui/text.ts';
import type { Glyphs, Span } from '../../ui/theme.ts';
import { linkState } from '../pane-state.ts';
import { isRead } from '../read-agents.ts';
import { type Spans, span, spansWidth } from '../spans.ts';
import type { LogsOptions } from './logs-block.ts';

type Entry = { key: string; name: string; sources: readonly SourceId[]; about(id: string): boolean };

/** What stands behind each digit: where its trouble comes from and which links it lives on. */
const entries: readonly Entry[] = [
  {
    key: '1',
    name: 'cluster',
    sources: ['nodes', 'daemonSets', 'deployments', 'configMaps'],
    about: (id) => /^(cluster|nodes|pods|dns)\//.test(id),
  },
  { key: '2', name: 'agents', sources: ['systemPods'], about: (id) => id.startsWith('agents/') },
  {
    key: '3',
    name: 'endpoints',
    sources: ['ciliumEndpoints', 'ciliumEndpointSlices'],
    about: (id) => id.startsWith('endpoints/'),
  },
  {
    key: '4',
    name: 'policies',
    sources: ['ciliumNetworkPolicies', 'networkPolicies'],
    about: (id) => id.startsWith('policies/'),
  },
  { key: '5', name: 'logs', sources: [], about: () => false },
  { key: '6', name: 'troubleshoot', sources: [], about: () => true },
  { key: '7', name: 'timeline', sources: ['events'], about: () => false },
];

/** ` 1● 2✖ 3● 4▲ 38s late  5– 6– 7●`: how it is behind each digit; with names where there is room. */
export function paneBar(snapshot: Snapshot, logs: LogsOptions, glyphs: Glyphs, columns: number, now: number): Spans {
  const named = barOf(snapshot, logs, glyphs, now, true);
  return spansWidth(named) <= columns ? named : barOf(snapshot, logs, glyphs, now, false);
}

function barOf(snapshot: Snapshot, logs: LogsOptions, glyphs: Glyphs, now: number, names: boolean): Spans {
  const { links, judgement } = snapshot;
  const spans: Span[] = [];
  for (const { key, name, sources, about } of entries) {
    spans.push(span(`${spans.length === 0 ? '' : names ? '  ' : ' '}${key}`, 'dim'));
    if (names) spans.push(span(` ${name} `));
    if (key === '5') {
      spans.push(...logsMark(logs));
      continue;
    }
    if (sources.length === 0) {
      spans.push(findingsMark(snapshot, glyphs));
      continue;
    }
    if (sources.every((source) => links.get(source)?.phase === 'missing')) {
      spans.push(span('–', 'dim'));
      continue;
    }
    const worst = worstOf(judgement.findings.filter((finding) => about(finding.id)));
    if (key === '2' && worst === undefined && areAgentsAbsent(snapshot)) {
      spans.push(span('–', 'dim'));
      continue;
    }
    const trouble = sources
      .map((source) => linkState(source, links.get(source), 1, now))
      .find((state) => state.phase !== 'live' && state.phase !== 'missing');
    if (worst !== undefined) spans.push(span(glyphs[worst], worst));
    else if (trouble === undefined) spans.push(span(glyphs.ok, 'ok'));
    if (trouble !== undefined && trouble.glyph !== '') {
      if (worst === undefined) spans.push(span(glyphs[trouble.glyph], trouble.tone));
      spans.push(
        span(` ${trouble.phase === 'stale' ? trouble.text.replace(/^stale |,.*$/g, '') : trouble.phase}`, 'dim'),
      );
    }
  }
  return spans;
}

/** Well only where every check could look, at what is live. */
function findingsMark({ judgement, links }: Snapshot, glyphs: Glyphs): Span {
  const worst = worstOf(judgement.findings);
  if (worst !== undefined) return span(glyphs[worst], worst);
  const whole = judgement.of > 0 && judgement.looked === judgement.of;
  const live = [...links.values()].every(({ phase }) => phase === 'live' || phase === 'missing');
  return whole && live ? span(glyphs.ok, 'ok') : span('–', 'dim');
}

/** `▲ 38s late` while flows are denied, `●` where the workspace can be asked, `–` where it cannot. */
function logsMark({ ground, denied, glyphs }: LogsOptions): Spans {
  if (ground.ground === undefined) return [span('–', 'dim')];
  if (denied === undefined || denied.at === 0) return [span(glyphs.ok, 'ok')];
  const sign = denied.flows.length > 0 ? span(glyphs.warning, 'warning') : span(glyphs.ok, 'ok');
  return denied.lateBy === 0 ? [sign] : [sign, span(` ${age(denied.lateBy * 1000)} late`, 'dim')];
}

/** All has been read and there is no agent, nor anything that wants one: that is neither well nor sick. */
function areAgentsAbsent(snapshot: Snapshot): boolean {
  const read = isRead(snapshot, 'systemPods') && isRead(snapshot, 'daemonSets');
  return read && agentDaemonSet(snapshot) === undefined && agentPods(snapshot).length === 0;
}

function worstOf(findings: readonly Finding[]): 'error' | 'warning' | undefined {
  if (findings.some((finding) => finding.severity === 'error')) return 'error';
  return findings.some((finding) => finding.severity === 'warning') ? 'warning' : undefined;
}
