import { describe, expect, it } from 'vitest';
import { cases } from '../cases.ts';
import { finding } from '../given.ts';

const tainted = `
kind: Node
metadata: { name: np1-1 }
spec: { taints: [{ key: node.cilium.io/agent-not-ready, effect: NoSchedule }] }
`;
const agent = (status: string, since: string) => `
kind: Pod
metadata: { namespace: kube-system, name: cilium-1 }
status: { conditions: [{ type: Ready, status: '${status}', lastTransitionTime: <${since} ago> }] }
`;

cases('nodes/agent-not-ready-taint', {
  'the agent is ready and the taint stays': {
    over: tainted,
    tells: ['nodes/agent-not-ready-taint: 1 of 3 nodes tainted agent-not-ready although the agent is ready'],
  },
  'the agent became ready a minute ago': { over: `${tainted}---\n${agent('True', '1m')}`, tells: [] },
  'the agent is not ready either': {
    over: `${tainted}---\n${agent('False', '6m')}`,
    tells: ['agents/not-ready: 1 of 3 agents not ready'],
  },
  'the agent restarts during a rollout': { over: `${tainted}---\n${agent('False', '50s')}`, tells: [] },
  'a node that joins': {
    over: `${tainted}---\nkind: Node\nmetadata: { name: np1-1, creationTimestamp: <3m ago> }`,
    tells: [],
  },
  "another key, as cilium-config says, and Cilium's default beside it": {
    over: `
kind: ConfigMap
metadata: { namespace: kube-system, name: cilium-config }
data: { agent-not-ready-taint-key: example.com/wait }
---
kind: Node
metadata: { name: np1-0 }
spec: { taints: [{ key: example.com/wait, effect: NoExecute, timeAdded: <9m ago> }] }
---
${tainted}`,
    tells: ['nodes/agent-not-ready-taint: 1 of 3 nodes tainted agent-not-ready although the agent is ready'],
  },
  'somebody else’s taint': {
    over: 'kind: Node\nmetadata: { name: np1-1 }\nspec: { taints: [{ key: CriticalAddonsOnly, value: "true", effect: NoSchedule }] }',
    tells: [],
  },
});

describe('nodes/agent-not-ready-taint', () => {
  it('does not claim to know since when, where only the age of a ready agent is known', () => {
    const found = finding({ over: tainted }, 'nodes/agent-not-ready-taint');
    expect(found.since).toBeUndefined();
    expect(found.evidence).toContain('Node np1-1: node.cilium.io/agent-not-ready:NoSchedule, agent ready for 5h');
  });

  it('is told of nodes that are read, where the agents’ pods may not be', () => {
    const found = finding({ over: tainted, links: { systemPods: 'forbidden' } }, 'nodes/agent-not-ready-taint');
    expect(found.title).toBe('1 of 3 nodes tainted agent-not-ready');
    expect(found.since).toBeUndefined();
    expect(found.evidence).toContain('Node np1-1: node.cilium.io/agent-not-ready:NoSchedule, agent not readable');
    expect(found.next).toMatch(/^See whether the agent there is ready/);
  });
});
