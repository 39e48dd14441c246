import { cases } from '../cases.ts';

const limited = (resources: string, more = '') => `
kind: DaemonSet
metadata: { namespace: kube-system, name: cilium${more} }
spec: { template: { spec: { containers: [{ name: cilium-agent, image: mcr.microsoft.com/oss/cilium/cilium:v1.18.6-260219, resources: ${resources} }] } } }
`;

cases('agents/limits-set', {
  'somebody set a limit': {
    over: limited('{ limits: { memory: 1Gi } }'),
    tells: ['agents/limits-set: the agent has CPU or memory limits, which AKS does not set'],
  },
  'requests are as AKS sets them': { over: limited('{ requests: { memory: 300Mi } }'), tells: [] },
  'where people run Cilium themselves it is theirs to set': {
    over: [
      limited('{ limits: { memory: 1Gi } }', ', labels: { kubernetes.azure.com/managedby: null }'),
      'kind: ConfigMap\nmetadata: { namespace: kube-system, name: cilium-config }\ndata: { ipam: cluster-pool }',
    ],
    tells: [],
  },
});
