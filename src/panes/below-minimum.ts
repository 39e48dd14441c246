import { type Agent, isOlderThan } from '../model/agents.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { minimumFor } from '../model/versions.ts';
import { agentWhy, type StateLook, stateLook } from './agent-words.ts';

/** The version this Kubernetes asks of its agents while the verdict says that some are older; '' otherwise. */
export function belowMinimum({ judgement, cluster }: Pick<Snapshot, 'judgement' | 'cluster'>): string {
  const told = judgement.findings.some(({ id }) => id === 'agents/version-below-minimum');
  return (told && minimumFor(cluster.kubernetesVersion)) || '';
}

/** An agent in the verdict's terms: one that is well but older than `least` is a warning wherever it is drawn. */
export function agentLook(
  agent: Agent,
  least: string,
): StateLook & { sign: Pick<StateLook, 'glyph' | 'tone'>; why: string } {
  const look = stateLook(agent.state);
  if (!isOlderThan(agent, least)) return { ...look, sign: look, why: agentWhy(agent) };
  const why = [`below ${least}`, agentWhy(agent)].filter((part) => part !== '').join(' · ');
  const sign = look.glyph === 'ok' ? ({ glyph: 'warning', tone: 'warning' } as const) : look;
  return { ...look, sign, why };
}

/** Those too old come after the sick and before the well. */
export function oldOnesUp(agents: readonly Agent[], least: string): readonly Agent[] {
  const well = least === '' ? -1 : agents.findIndex(({ state }) => state === 'ready');
  if (well < 0) return agents;
  const rest = agents.slice(well);
  return [
    ...agents.slice(0, well),
    ...rest.filter((agent) => isOlderThan(agent, least)),
    ...rest.filter((agent) => !isOlderThan(agent, least)),
  ];
}
