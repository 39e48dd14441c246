import type { Agent, AgentState, Failing } from '../model/agents.ts';
import type { Finding } from '../model/finding.ts';
import type { Tone } from '../ui/theme.ts';

export type StateLook = {
  glyph: 'ok' | 'warning' | 'error' | 'unknown' | 'progress';
  tone: Tone;
  word: string;
};

/** An agent's state as every screen draws it. */
export function stateLook(state: AgentState): StateLook {
  switch (state) {
    case 'crash-looping':
      return { glyph: 'error', tone: 'error', word: 'crash loop' };
    case 'failing':
    case 'missing':
      return { glyph: 'error', tone: 'error', word: state };
    case 'not-ready':
      return { glyph: 'error', tone: 'error', word: 'not ready' };
    case 'pending':
      return { glyph: 'warning', tone: 'warning', word: state };
    case 'starting':
      return { glyph: 'progress', tone: 'progress', word: state };
    case 'terminating':
      return { glyph: 'progress', tone: 'progress', word: 'ending' };
    case 'ready':
      return { glyph: 'ok', tone: 'ok', word: state };
    case 'not-wanted':
      return { glyph: 'unknown', tone: 'dim', word: 'not wanted' };
  }
}

/** The failing container and its last words; for one that runs, what is odd about its node. '' = nothing to say. */
export function agentWhy(agent: Agent): string {
  const parts: string[] = [];
  if (agent.failing !== undefined) parts.push(failingText({ ...agent.failing, init: false }));
  else if (agent.probe !== undefined) parts.push(agent.probe.words);
  else if (agent.state === 'missing') parts.push('the DaemonSet wants one here and there is none');
  else if (agent.pod?.unscheduled) parts.push(agent.pod.unscheduled);
  if (agent.nodeRow !== undefined && agent.nodeReady !== 'True') {
    parts.push(`node ${agent.nodeReady === 'False' ? 'not ready' : 'silent'}`);
  }
  if (agent.cordoned) parts.push('cordoned');
  if (agent.state === 'ready' && agent.taint !== undefined) parts.push('still tainted');
  return parts.join(' · ');
}

/** `init mount-bpf-fs: operation not permitted`. */
export function failingText({ container, init, message, reason, exitCode }: Failing): string {
  const words = message === '' ? `${reason}${exitCode === 0 ? '' : ` exit ${exitCode}`}` : message;
  return `${init ? 'init ' : ''}${container}: ${words}`;
}

/** The findings that name this agent's pod or its node. */
export function findingsAbout(findings: readonly Finding[], agent: Agent): readonly Finding[] {
  return findings.filter((finding) =>
    finding.objects.some(
      ({ kind, name }) => (kind === 'Node' && name === agent.node) || (kind === 'Pod' && name === agent.pod?.name),
    ),
  );
}
