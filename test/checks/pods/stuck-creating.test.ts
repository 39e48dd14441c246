import { describe, expect, it } from 'vitest';
import { cases } from '../cases.ts';
import { finding } from '../given.ts';

const creating = (name: string, on: string, since = '5m') => `
apiVersion: v1
kind: Pod
metadata: { namespace: shop, name: ${name}, uid: ${name}, creationTimestamp: <${since} ago> }
spec: { nodeName: ${on}, containers: [{ name: c }] }
status:
  phase: Pending
  conditions: [{ type: PodScheduled, status: 'True', lastTransitionTime: <${since} ago> }]
  containerStatuses: [{ name: c, state: { waiting: { reason: ContainerCreating } } }]
`;
const event = (name: string, message: string, reason = 'FailedCreatePodSandBox', first = '5m', last = '20s') => `
apiVersion: v1
kind: Event
metadata: { namespace: shop, name: ${name}.1 }
involvedObject: { kind: Pod, namespace: shop, name: ${name}, uid: ${name} }
reason: ${reason}
message: '${message}'
count: 12
firstTimestamp: <${first} ago>
lastTimestamp: <${last} ago>
`;
const cns =
  'plugin type="cilium-cni" failed (add): failed to invoke delegated plugin ADD for IPAM: Failed to request IP address from CNS';
const stuck = (n: number) => [creating(`new-${n}`, 'np1-1'), event(`new-${n}`, cns)];

cases('pods/stuck-creating', {
  'CNS gives no address': {
    over: [...stuck(1), ...stuck(2)],
    tells: ['pods/stuck-creating: 2 pods stuck ContainerCreating on pool np1: CNS gives no address'],
  },
  'for half a minute': {
    over: [creating('new-1', 'np1-1', '40s'), event('new-1', cns, undefined, '30s', '10s')],
    tells: [],
  },
  'an image is pulled': {
    over: [creating('new-1', 'np1-1'), event('new-1', 'Back-off pulling image', 'Failed')],
    tells: [],
  },
  'a volume is not attached': {
    over: [creating('new-1', 'np1-1'), event('new-1', 'Multi-Attach error for volume', 'FailedAttachVolume')],
    tells: [],
  },
  'the sandbox failed for another reason': {
    over: [
      creating('new-1', 'np1-1'),
      event('new-1', 'failed to create containerd task: OCI runtime create failed: no space left on device'),
    ],
    tells: [],
  },
  'nobody has placed it yet': {
    over: [creating('new-1', '""'), event('new-1', '0/3 nodes are available', 'FailedScheduling')],
    tells: [],
  },
  'the event is from an hour ago': {
    over: [creating('new-1', 'np1-1', '70m'), event('new-1', cns, undefined, '65m', '60m')],
    tells: [],
  },
});

describe('pods/stuck-creating', () => {
  it('groups by what the CNI says, with its own words and the nodes', () => {
    const found = finding({ over: [...stuck(1), ...stuck(2)] }, 'pods/stuck-creating');
    expect(found.evidence.slice(0, 2)).toEqual(['on np1-1 ×2', `event ×12, last 11:59Z: ${cns}`]);
    expect(found.reach).toBe('2 pods');
    expect(found.next).toBe('Look at azure-cns on these nodes: is it ready, and what does its log say?');
  });
});
