import { cases } from '../cases.ts';

const service = (name: string, ports: string) => `
apiVersion: v1
kind: Service
metadata: { namespace: shop, name: ${name} }
spec: { type: NodePort, ports: [${ports}] }
`;
const pod = (name: string, on: string, ports: string, more = '') => `
apiVersion: v1
kind: Pod
metadata: { namespace: shop, name: ${name}, creationTimestamp: <2h ago> }
spec: { nodeName: ${on}, ${more} containers: [{ name: c, ports: [${ports}] }] }
status: { phase: Running }
`;
const withoutSlices = `
kind: ConfigMap
metadata: { namespace: kube-system, name: cilium-config }
data: { enable-cilium-endpoint-slice: 'false' }
---
`;
const oldAgents = [0, 1, 2]
  .map(
    (at) => `
kind: Pod
metadata: { namespace: kube-system, name: cilium-${at} }
spec: { containers: [{ name: cilium-agent, image: 'cilium/cilium:v1.16.16' }] }
`,
  )
  .join('---');
const web = (protocol: string) => `{ containerPort: 443, hostPort: 443, protocol: ${protocol} }`;

cases('nodes/host-port-conflict', {
  'a pod takes the node port of a service': {
    over: `${service('web', '{ port: 80, nodePort: 30080, protocol: TCP }')}---${pod('edge', 'np1-0', '{ containerPort: 80, hostPort: 30080 }')}`,
    tells: [
      'nodes/host-port-conflict: 1 host port wanted twice: 30080/TCP of Service shop/web and 30080/TCP of Pod shop/edge on np1-0',
    ],
  },
  'TCP and UDP on one port are told apart from 1.17 on': {
    over: pod('edge', 'np1-0', `${web('TCP')}, ${web('UDP')}`),
    tells: [],
  },
  'and are not before': {
    over: `${withoutSlices}${pod('edge', 'np1-0', web('TCP'))}---${pod('quic', 'np1-0', web('UDP'))}---${oldAgents}`,
    kubernetes: 'v1.31.9',
    tells: [
      'nodes/host-port-conflict: 1 host port wanted twice: 443/TCP of Pod shop/edge and 443/UDP of Pod shop/quic on np1-0',
    ],
  },
  'on different nodes nothing clashes': {
    over: `${withoutSlices}${pod('edge', 'np1-0', web('TCP'))}---${pod('quic', 'np1-1', web('UDP'))}---${oldAgents}`,
    kubernetes: 'v1.31.9',
    tells: [],
  },
  'pods on the host’s network bind their ports themselves': {
    over: `${withoutSlices}${pod('dns', 'np1-0', '{ containerPort: 53, hostPort: 53, protocol: TCP }, { containerPort: 53, hostPort: 53, protocol: UDP }', 'hostNetwork: true,')}---${oldAgents}`,
    kubernetes: 'v1.31.9',
    tells: [],
  },
});
