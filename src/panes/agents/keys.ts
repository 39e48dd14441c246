import { type Agent, agentContainer } from '../../model/agents.ts';
import { type Finding, findingKey } from '../../model/finding.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import { findingsAbout } from '../agent-words.ts';
import type { ListKeys } from '../ListScreen.tsx';
import { objectKeys } from '../object-keys.ts';
import { agentView, logView } from '../views.ts';

type AgentKeys = ListKeys<Agent>;

/** `findings` are asked for when `v` is pressed. */
export function agentsKeys(findings: () => readonly Finding[]): readonly Binding<AgentKeys>[] {
  return [...keys, whyKey(findings)];
}

function whyKey(findings: () => readonly Finding[]): Binding<AgentKeys> {
  const about = ({ row }: AgentKeys) => (row === undefined ? undefined : findingsAbout(findings(), row)[0]);
  return {
    keys: ['v'],
    title: 'why',
    rank: 3,
    unless: (context) => none(context) ?? (about(context) === undefined ? 'nothing wrong is known of it' : undefined),
    run: (context) => {
      const finding = about(context);
      if (finding !== undefined) context.frame.go({ pane: 'why', args: [findingKey(finding)] });
    },
  };
}

const keys: readonly Binding<AgentKeys>[] = [
  {
    keys: ['enter'],
    title: 'open',
    rank: 1,
    unless: none,
    run: ({ row, frame }) => {
      if (row) frame.go(agentView(row.node));
    },
  },
  { keys: ['l'], title: 'log', rank: 10, unless: noPod, run: (context) => openLog(context) },
  {
    keys: ['p'],
    title: 'previous log',
    unless: (context) =>
      noPod(context) ?? (context.row?.restarts === 0 ? 'no container of it has ended before' : undefined),
    run: (context) => openLog(context, 'previous'),
  },
  ...objectKeys<Agent>(
    (agent) =>
      agent.pod === undefined
        ? { kind: 'Node', name: agent.node }
        : { kind: 'Pod', namespace: agent.pod.namespace, name: agent.pod.name },
    {
      node: (agent) => agent.nodeRow?.name,
      realised: (agent) => ({ kind: 'Node', name: agent.node }),
    },
  ).filter(({ keys }) => !keys.includes('l') && !keys.includes('p')),
];

function none({ row }: AgentKeys): string | undefined {
  return row === undefined ? 'there is no agent under the cursor' : undefined;
}

function noPod(context: AgentKeys): string | undefined {
  return none(context) ?? (context.row?.pod === undefined ? 'there is no agent pod on this node' : undefined);
}

/** On a crash loop the running container is young and silent; what it died of is in the failing one's previous log. */
function openLog({ row, frame }: AgentKeys, asked: 'current' | 'previous' = 'current'): void {
  if (row?.pod === undefined) return;
  const { failing } = row;
  const run = asked === 'previous' || failing?.hasPrevious ? 'previous' : 'current';
  frame.go(logView(row.pod.namespace, row.pod.name, failing?.container ?? agentContainer, run));
}
