import type { KubeObject, ResourceType } from '../cluster.ts';
import { at, listAt, numberAt, tellSelector, textAt } from './cells.ts';
import { eventColumns } from './core.ts';
import { age, builtIn, count, name, text } from './define.ts';

/** Everything outside core and the workloads. */
export const others: readonly ResourceType[] = [
  builtIn('discovery.k8s.io/v1', 'EndpointSlice', 'endpointslices', {
    columns: [
      name,
      text('AddressType', (slice) => textAt(slice, 'addressType')),
      text('Ports', (slice) => few(listAt(slice, 'ports').map((port) => textAt(port, 'port') || '*'))),
      text('Endpoints', (slice) =>
        few(listAt(slice, 'endpoints').flatMap((one) => (one['addresses'] as string[]) ?? [])),
      ),
      age,
    ],
  }),
  builtIn('networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies', {
    shortNames: ['netpol'],
    columns: [name, text('Pod-Selector', (policy) => tellSelector(at(policy, 'spec', 'podSelector'))), age],
  }),
  builtIn('networking.k8s.io/v1', 'Ingress', 'ingresses', {
    shortNames: ['ing'],
    subresources: ['status'],
    columns: [
      name,
      text('Class', (ingress) => textAt(ingress, 'spec', 'ingressClassName') || '<none>'),
      text('Hosts', (ingress) => few(listAt(ingress, 'spec', 'rules').map((rule) => textAt(rule, 'host') || '*'))),
      text('Address', (ingress) =>
        listAt(ingress, 'status', 'loadBalancer', 'ingress')
          .map((one) => textAt(one, 'ip') || textAt(one, 'hostname'))
          .join(','),
      ),
      text('Ports', (ingress) => (listAt(ingress, 'spec', 'tls').length > 0 ? '80, 443' : '80')),
      age,
    ],
  }),
  builtIn('networking.k8s.io/v1', 'IngressClass', 'ingressclasses', {
    namespaced: false,
    columns: [name, text('Controller', (one) => textAt(one, 'spec', 'controller')), age],
  }),
  builtIn('coordination.k8s.io/v1', 'Lease', 'leases', {
    columns: [name, text('Holder', (lease) => textAt(lease, 'spec', 'holderIdentity')), age],
  }),
  builtIn('events.k8s.io/v1', 'Event', 'events', {
    shortNames: ['ev'],
    storedAs: { group: '', version: 'v1' },
    columns: eventColumns(),
  }),
  builtIn('policy/v1', 'PodDisruptionBudget', 'poddisruptionbudgets', {
    shortNames: ['pdb'],
    subresources: ['status'],
    columns: [
      name,
      text('Min Available', (budget) => textAt(budget, 'spec', 'minAvailable') || 'N/A'),
      text('Max Unavailable', (budget) => textAt(budget, 'spec', 'maxUnavailable') || 'N/A'),
      count('Allowed Disruptions', (budget) => numberAt(budget, 'status', 'disruptionsAllowed')),
      age,
    ],
  }),
  builtIn('admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicyBinding', 'validatingadmissionpolicybindings', {
    namespaced: false,
    columns: [
      name,
      text('PolicyName', (one) => textAt(one, 'spec', 'policyName')),
      text('ParamRef', (one) => textAt(one, 'spec', 'paramRef', 'name') || '<unset>'),
      age,
    ],
  }),
  builtIn('storage.k8s.io/v1', 'StorageClass', 'storageclasses', {
    shortNames: ['sc'],
    namespaced: false,
    columns: [name, text('Provisioner', (one) => textAt(one, 'provisioner')), age],
  }),
  builtIn('storage.k8s.io/v1', 'CSINode', 'csinodes', {
    namespaced: false,
    columns: [name, count('Drivers', (one) => listAt(one, 'spec', 'drivers').length), age],
  }),
  builtIn('scheduling.k8s.io/v1', 'PriorityClass', 'priorityclasses', {
    shortNames: ['pc'],
    namespaced: false,
    columns: [name, count('Value', (one) => numberAt(one, 'value')), age],
  }),
  builtIn('rbac.authorization.k8s.io/v1', 'ClusterRole', 'clusterroles', { namespaced: false, columns: createdAt() }),
  builtIn('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', 'clusterrolebindings', {
    namespaced: false,
    columns: [name, text('Role', tellRole), age],
  }),
  builtIn('rbac.authorization.k8s.io/v1', 'Role', 'roles', { columns: createdAt() }),
  builtIn('rbac.authorization.k8s.io/v1', 'RoleBinding', 'rolebindings', {
    columns: [name, text('Role', tellRole), age],
  }),
  builtIn('autoscaling/v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers', {
    shortNames: ['hpa'],
    categories: ['all'],
    subresources: ['status'],
    columns: [
      name,
      text(
        'Reference',
        (one) => `${textAt(one, 'spec', 'scaleTargetRef', 'kind')}/${textAt(one, 'spec', 'scaleTargetRef', 'name')}`,
      ),
      text('MinPods', (one) => textAt(one, 'spec', 'minReplicas') || '<unset>'),
      count('MaxPods', (one) => numberAt(one, 'spec', 'maxReplicas')),
      count('Replicas', (one) => numberAt(one, 'status', 'currentReplicas')),
      age,
    ],
  }),
  builtIn('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'customresourcedefinitions', {
    shortNames: ['crd', 'crds'],
    categories: ['api-extensions'],
    namespaced: false,
    subresources: ['status'],
    columns: createdAt(),
  }),
];

function createdAt(): ResourceType['columns'] {
  return [
    name,
    {
      name: 'Created At',
      type: 'date',
      cell: (object: KubeObject) => object.metadata.creationTimestamp ?? '<unknown>',
    },
  ];
}

function tellRole(binding: KubeObject): string {
  return `${textAt(binding, 'roleRef', 'kind')}/${textAt(binding, 'roleRef', 'name')}`;
}

/** Three, and how many more. */
function few(values: readonly string[]): string {
  if (values.length === 0) return '<unset>';
  return values.length > 3 ? `${values.slice(0, 3).join(',')} + ${values.length - 3} more...` : values.join(',');
}
