import { cases } from '../cases.ts';

const kubeProxy = (more = '') => `
kind: DaemonSet
apiVersion: apps/v1
metadata: { namespace: kube-system, name: kube-proxy, creationTimestamp: <90d ago> }
spec: { selector: { matchLabels: { k8s-app: kube-proxy } }, template: { spec: { ${more} } } }
status: { desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberReady: 3, numberAvailable: 3 }
`;
const replacement = (value: string) => `
kind: ConfigMap
metadata: { namespace: kube-system, name: cilium-config }
data: { kube-proxy-replacement: '${value}' }
`;

cases('nodes/kube-proxy-present', {
  'beside a Cilium that replaces it': {
    over: kubeProxy(),
    tells: ['nodes/kube-proxy-present: kube-proxy runs on 3 nodes although Cilium replaces it'],
  },
  'spelled as before 1.14': {
    over: `${kubeProxy()}---\n${replacement('strict')}`,
    tells: ['nodes/kube-proxy-present: kube-proxy runs on 3 nodes although Cilium replaces it'],
  },
  'Cilium leaves services to it': { over: `${kubeProxy()}---\n${replacement('false')}`, tells: [] },
  'for Windows nodes only': { over: kubeProxy('nodeSelector: { kubernetes.io/os: windows }'), tells: [] },
  'wanted on no node': {
    over: `${kubeProxy()}---\nkind: DaemonSet\nmetadata: { namespace: kube-system, name: kube-proxy }\nstatus: { desiredNumberScheduled: 0 }`,
    tells: [],
  },
  'in a namespace of its own': {
    over: kubeProxy().replace('namespace: kube-system', 'namespace: playground'),
    tells: [],
  },
});
