import { kinds } from '../../model/kinds.ts';
import type { NeededRight } from '../../model/needed-right.ts';
import { sources } from './sources.ts';

const system = 'kube-system';
const reading = ['get', 'list', 'watch'];

/** All that is read, derived from what is watched: a kind that is only read in kube-system needs no more than that. */
export function readingRights(): readonly NeededRight[] {
  const everywhere = new Set(sources.filter(({ namespace }) => namespace === '').map(({ kind }) => kind));
  const watched = sources
    // Pods of kube-system are among all pods.
    .filter(({ kind, namespace }) => namespace === '' || !everywhere.has(kind))
    .map(({ id, kind, namespace }): NeededRight => {
      const { group, plural } = kinds[kind];
      return { feature: 'view', verbs: reading, group, plural, subresource: '', namespace, source: id };
    });
  return [...watched, ...besides];
}

const core = { group: '', plural: 'pods', source: '' };

/** What runbooks look at when they get there, as a table, which is a list and a watch; most clusters serve few of these. */
const onDemand = [
  ['cilium.io', 'ciliumbgpclusterconfigs'],
  ['cilium.io', 'ciliumbgpnodeconfigs'],
  ['cilium.io', 'ciliumbgppeerconfigs'],
  ['cilium.io', 'ciliumbgpadvertisements'],
  ['cilium.io', 'ciliumlocalredirectpolicies'],
  ['admissionregistration.k8s.io', 'validatingadmissionpolicybindings'],
] as const;

const besides: readonly NeededRight[] = [
  ...onDemand.map(
    ([group, plural]): NeededRight => ({
      ...{ feature: 'view', verbs: reading, group, plural, subresource: '', namespace: '', source: '' },
    }),
  ),
  // Which budgets a drain would wait for is asked once, for its plan.
  {
    ...core,
    feature: 'view',
    verbs: ['list'],
    group: 'policy',
    plural: 'poddisruptionbudgets',
    subresource: '',
    namespace: '',
  },
  { ...core, feature: 'logs', verbs: ['get'], subresource: 'log', namespace: '' },
  // A WebSocket opens with GET; servers from 1.35 on ask for `create` as well.
  { ...core, feature: 'exec', verbs: ['get', 'create'], subresource: 'exec', namespace: system },
  { ...core, feature: 'metrics', verbs: ['get'], subresource: 'proxy', namespace: system },
];
