import { describe, expect, it } from 'vitest';
import { createChecks } from '../../../src/checks/run.ts';
import { cases } from '../cases.ts';
import { finding, given, told } from '../given.ts';
import { now } from '../healthy-cluster.ts';

const identities = (n: number) =>
  Array.from({ length: n }, (_, at) => ({
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumIdentity',
    metadata: { name: String(at + 256), labels: { 'io.kubernetes.pod.namespace': 'batch' } },
    'security-labels': { 'k8s:run': `r-${at}`, 'k8s:io.kubernetes.pod.namespace': 'batch' },
  }));
const network = (status: string) => `
apiVersion: acn.azure.com/v1alpha
kind: NodeNetworkConfig
metadata: { namespace: kube-system, name: np1-1 }
spec: { requestedIPCount: 48 }
status: { assignedIPCount: 32, status: Updated, networkContainers: [{ assignmentMode: dynamic, subnetName: pods, status: ${status} }] }
`;
const subnet = (exhausted: boolean) => `
apiVersion: acn.azure.com/v1alpha1
kind: ClusterSubnetState
metadata: { namespace: kube-system, name: pods }
status: { exhausted: ${exhausted}, timestamp: <9m ago> }
`;

describe('endpoints/identity-capacity', () => {
  it('tells from four fifths on, as a warning, by namespace and label', () => {
    expect(told({ also: identities(52_223) })).toEqual([]);
    const found = finding({ also: identities(52_224) }, 'endpoints/identity-capacity');
    expect(found.title).toBe('52,224 of 65,280 identities in use (80 %)');
    expect(found.severity).toBe('warning');
    expect(found.evidence).toEqual(['by namespace: batch 52,224', 'by label: k8s:run 52,224 values']);
  });

  it('is an error when hardly any is left', () => {
    expect(finding({ also: identities(62_100) }, 'endpoints/identity-capacity').severity).toBe('error');
  });
});

cases('endpoints/address-capacity', {
  'a subnet exhausted, a node refused': {
    over: [network('NCUpdateSubnetFullError'), subnet(true)],
    tells: ['endpoints/address-capacity: pod subnet pods exhausted: 1 node refused'],
  },
  'a subnet exhausted, nobody refused yet': {
    over: [network('NCUpdateSuccess'), subnet(true)],
    tells: ['endpoints/address-capacity: pod subnet pods exhausted'],
  },
  'room in the subnet': { over: [network('NCUpdateSuccess'), subnet(false)], tells: [] },
  'a self-managed cluster out of pod CIDRs': {
    over: 'kind: CiliumNode\nmetadata: { name: np1-1 }\nstatus: { ipam: { operator-status: { error: all CIDR ranges are exhausted } } }',
    tells: ['endpoints/address-capacity: no addresses left for pods: 1 node refused'],
  },
  'kinds only AKS has are not missed elsewhere': {
    links: { nodeNetworkConfigs: 'missing', clusterSubnetStates: 'missing' },
    tells: [],
  },
});

describe('endpoints/address-capacity by the objects’ own times', () => {
  const refused = `${network('NCUpdateSubnetFullError')}`.replace(
    'name: np1-1 }',
    "name: np1-1, managedFields: [{ manager: dnc, operation: Update, time: <9m ago>, fieldsType: FieldsV1, fieldsV1: { 'f:status': {} } }] }",
  );
  const atFirst = (over: string) =>
    createChecks()
      .judge(given({ over }), now)
      .findings.map(({ id, since }) => ({ id, since }));

  it('is told at the first look when the subnet has been full for minutes', () => {
    expect(atFirst(subnet(true))).toEqual([{ id: 'endpoints/address-capacity', since: now - 9 * 60_000 }]);
  });

  it('is told at the first look when a node was refused minutes ago', () => {
    expect(atFirst(refused)).toEqual([{ id: 'endpoints/address-capacity', since: now - 9 * 60_000 }]);
  });

  it('waits where nothing says since when', () => {
    expect(atFirst(network('NCUpdateSubnetFullError'))).toEqual([]);
  });
});
