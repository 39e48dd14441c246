import { type Agent, agentContainer } from '../../model/agents.ts';
import { type Finding, findingKey } from '../../model/finding.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import type { LineKeys, ScreenLine } from '../LinesScreen.tsx';
import { objectKeys } from '../object-keys.ts';
import { logView } from '../views.ts';

/** What is true when a key arrives. */
export type AgentNow = { agent: Agent | undefined; finding: Finding | undefined; asking: boolean; ask(): void };

export function agentKeys(at: () => AgentNow): readonly Binding<LineKeys>[] {
  const noPod = () => (at().agent?.pod === undefined ? 'there is no agent pod on this node' : undefined);
  const openLog = (frame: LineKeys['frame'], asked?: 'previous') => {
    const { agent } = at();
    if (agent?.pod === undefined) return;
    const { failing, pod } = agent;
    const run = asked ?? (failing?.hasPrevious ? 'previous' : 'current');
    frame.go(logView(pod.namespace, pod.name, failing?.container ?? agentContainer, run));
  };
  const refOf = (line: ScreenLine) => {
    const { agent } = at();
    if (line.ref !== undefined || agent === undefined) return line.ref;
    return agent.pod === undefined
      ? { kind: 'Node', name: agent.node }
      : { kind: 'Pod', namespace: agent.pod.namespace, name: agent.pod.name };
  };
  return [
    {
      keys: ['a'],
      title: 'ask the agent',
      rank: 5,
      unless: () => noPod() ?? notRunning(at().agent) ?? (at().asking ? 'it is being asked' : undefined),
      run: () => at().ask(),
    },
    { keys: ['l'], title: 'log', rank: 6, unless: noPod, run: ({ frame }) => openLog(frame) },
    {
      keys: ['p'],
      title: 'previous log',
      unless: () => noPod() ?? (at().agent?.restarts === 0 ? 'no container of it has ended before' : undefined),
      run: ({ frame }) => openLog(frame, 'previous'),
    },
    {
      keys: ['v'],
      title: 'why',
      unless: () => (at().finding === undefined ? 'nothing wrong is known of it' : undefined),
      run: ({ frame }) => {
        const { finding } = at();
        if (finding !== undefined) frame.go({ pane: 'why', args: [findingKey(finding)] });
      },
    },
    ...objectKeys<ScreenLine>(refOf, {
      node: () => at().agent?.nodeRow?.name,
      realised: () => (at().agent === undefined ? undefined : { kind: 'Node', name: at().agent?.node ?? '' }),
    }).filter(({ keys }) => !keys.includes('l') && !keys.includes('p')),
  ];
}

function notRunning(agent: Agent | undefined): string | undefined {
  const container = agent?.pod?.containers.find((one) => one.name === agentContainer);
  return container?.state === 'running'
    ? undefined
    : `its container ${agentContainer} does not run, so nothing can be asked`;
}
