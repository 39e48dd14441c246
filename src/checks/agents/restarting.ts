import { type Agent, agents } from '../../model/agents.ts';
import { clock } from '../../model/clock.ts';
import type { ContainerRow } from '../../model/objects/pod.ts';
import type { Check } from '../check.ts';
import { age, atMost, count } from '../words.ts';
import { type AgentSuspect, agentSuspect, onlyThey, wantedAgents } from './sick-agents.ts';

type Restarting = AgentSuspect & { container: ContainerRow; last: NonNullable<ContainerRow['last']> };

const hourMs = 3_600_000;
/** On a node that joins, an agent may fail a few times until the API server can be reached. */
const joiningMs = 10 * 60_000;

export const restarting: Check<Restarting> = {
  id: 'agents/restarting',
  title: 'Agent restarts again and again',
  why: 'Each restart delays new pods on the node and pauses DNS and HTTP policies that run through the agent. An agent that is up now may be down in a minute.',
  severity: 'warning',
  needs: ['nodes', 'systemPods', 'daemonSets'],
  clock: true,
  look: (snapshot, now) =>
    agents(snapshot, now)
      .filter(({ state }) => state === 'ready' || state === 'starting' || state === 'not-ready')
      .flatMap((agent) => agentSuspect(agent).flatMap((suspect) => repeated(suspect, agent, now))),
  tell(suspects, snapshot, now) {
    const all = agents(snapshot, now);
    const newest = suspects.toSorted((a, b) => b.last.finished - a.last.finished)[0];
    return [
      {
        title: `${suspects.length} of ${count(wantedAgents(all), 'agent')} restarted more than once within the hour`,
        objects: suspects.map(({ object }) => object),
        evidence: [
          ...onlyThey(suspects, all),
          ...atMost(
            suspects.map((one) => line(one, now)),
            6,
            'agent',
          ),
        ],
        since: Math.min(...suspects.map(({ last }) => last.started)),
        reach: count(suspects.length, 'node'),
        next: `Read why it ended: kubectl -n kube-system logs ${newest?.object.name} -c ${newest?.container.name} --previous`,
      },
    ];
  },
};

/**
 * A pod tells only of its last ended run. A run that ended within the hour, was shorter than an hour, and was itself
 * begun by a restart makes two restarts within that hour, whatever the counter has gathered in months.
 */
function repeated(suspect: AgentSuspect, agent: Agent, now: number): Restarting[] {
  const found = agent.pod?.containers.find(({ init, restarts, last }) => {
    if (init || restarts < 2 || !last || last.started === 0) return false;
    const recent = now - last.finished < hourMs && last.finished - last.started < hourMs;
    return recent && last.started - agent.created > joiningMs;
  });
  return found?.last ? [{ ...suspect, container: found, last: found.last }] : [];
}

function line({ agent, container, last }: Restarting, now: number): string {
  const words = last.message ? `: "${last.message}"` : '';
  return `Pod kube-system/${agent.pod?.name} on ${agent.node}: ${container.name} ran ${age(last.finished - last.started)} until ${clock(last.finished)} (${age(now - last.finished)} ago), ${last.reason || 'ended'} exit code ${last.exitCode}${words}`;
}
