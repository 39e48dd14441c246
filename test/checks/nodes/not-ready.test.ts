import { describe, expect, it } from 'vitest';
import { cases } from '../cases.ts';
import { finding } from '../given.ts';

const condition = (status: string, since: string, more = '') => `
kind: Node
metadata: { name: np1-1 }
status:
  conditions: [{ type: Ready, status: '${status}', lastTransitionTime: <${since} ago>, ${more} }]
`;
const silent = 'reason: NodeStatusUnknown, message: Kubelet stopped posting node status.';

cases('nodes/not-ready', {
  'a kubelet silent for two minutes': {
    over: condition('Unknown', '2m', silent),
    tells: ['nodes/not-ready: 1 of 3 nodes not ready: kubelet silent'],
  },
  'a kubelet silent for half a minute is given time': { over: condition('Unknown', '30s', silent), tells: [] },
  'a kubelet that says why': {
    over: condition('False', '5m', 'reason: KubeletNotReady, message: PLEG is not healthy'),
    tells: ['nodes/not-ready: 1 of 3 nodes not ready'],
  },
  'without a Ready condition: nobody says anything, which is not known rather than wrong': {
    over: 'kind: Node\nmetadata: { name: np1-1 }\nstatus: { conditions: null }',
    tells: [],
  },
  'a node that joins is not ready yet': {
    over: `${condition('False', '3m')}
---
kind: Node
metadata: { name: np1-1, creationTimestamp: <4m ago> }
`,
    tells: [],
  },
  'a node being deleted': {
    over: `${condition('Unknown', '9m', silent)}
---
kind: Node
metadata: { name: np1-1, deletionTimestamp: <8m ago> }
`,
    tells: [],
  },
  'a cordoned node being reimaged by an upgrade': {
    over: `${condition('Unknown', '9m', silent)}
---
kind: Node
metadata: { name: np1-1 }
spec: { unschedulable: true }
`,
    tells: [],
  },
  'a cordoned node that does not come back': {
    over: `${condition('Unknown', '40m', silent)}
---
kind: Node
metadata: { name: np1-1 }
spec: { unschedulable: true }
`,
    tells: ['nodes/not-ready: 1 of 3 nodes not ready: kubelet silent'],
  },
  'a virtual kubelet': {
    over: `${condition('False', '9m')}
---
kind: Node
metadata: { name: np1-1, labels: { type: virtual-kubelet } }
status: { nodeInfo: { kubeletVersion: v1.25.0-vk-azure-aci-1.6.2 } }
---
kind: Pod
metadata: { namespace: kube-system, name: cilium-1 }
removed: true
---
kind: Pod
metadata: { namespace: kube-system, name: azure-cns-1 }
removed: true
---
kind: Pod
metadata: { namespace: shop, name: web-1 }
removed: true
`,
    // Its CiliumEndpoint and slice entry agree with each other still.
    tells: [],
  },
});

describe('nodes/not-ready', () => {
  it('names the day where it was not today', () => {
    expect(finding({ over: condition('Unknown', '50h', silent) }, 'nodes/not-ready').evidence.join()).toContain(
      'Ready=Unknown since Nov 20 10:00Z (2d)',
    );
  });

  it('explains what its node takes with it, with the reach', () => {
    const down = `${condition('Unknown', '9m', silent)}
---
kind: Pod
metadata: { namespace: kube-system, name: cilium-1 }
status: { conditions: [{ type: Ready, status: 'False', lastTransitionTime: <8m ago> }] }
---
kind: Pod
metadata: { namespace: kube-system, name: azure-cns-1 }
status: { conditions: [{ type: Ready, status: 'False', lastTransitionTime: <8m ago> }] }
`;
    const found = finding({ over: down }, 'nodes/not-ready');
    expect(found.objects).toEqual([{ kind: 'Node', name: 'np1-1' }]);
    expect(found.evidence).toContain(
      'Node np1-1: Ready=Unknown since 11:51Z (9m): NodeStatusUnknown: Kubelet stopped posting node status.',
    );
    expect(found.explains).toMatchObject([
      { id: 'nodes/cns-not-ready', title: 'azure-cns not ready on 1 of 3 nodes: pool np1 ×1', reach: '1 node' },
      { id: 'agents/not-ready', title: '1 of 3 agents not ready', reach: '1 node' },
    ]);
  });

  it('says what only these nodes share, whatever their agents do', () => {
    const image = 'kubernetes.azure.com/node-image-version: AKSUbuntu-2204gen2containerd-202611.04.0';
    const down = `${condition('Unknown', '9m', silent)}
---
kind: Node
metadata: { name: np1-1, labels: { ${image} } }
`;
    expect(finding({ over: down }, 'nodes/not-ready').evidence[1]).toBe(
      'only they: node image AKSUbuntu-2204gen2containerd-202611.04.0 · 2 healthy: AKSUbuntu-2204gen2containerd-202610.18.0',
    );
    expect(finding({ over: condition('Unknown', '9m', silent) }, 'nodes/not-ready').evidence.join('\n')).not.toContain(
      'only they',
    );
  });
});
