import { ciliumConfig } from '../../model/cluster-mode.ts';
import type { WorkloadRow } from '../../model/objects/others.ts';
import type { Check, Suspect } from '../check.ts';
import { count } from '../words.ts';

type KubeProxy = Suspect & { row: WorkloadRow };

export const kubeProxyPresent: Check<KubeProxy> = {
  id: 'nodes/kube-proxy-present',
  title: 'kube-proxy beside a Cilium that replaces it',
  why: 'Cilium is set to do the work of kube-proxy, yet kube-proxy runs too. Both program services, so a connection may follow the stale one: the mark of a migration left half done.',
  severity: 'warning',
  needs: ['daemonSets', 'configMaps'],
  look(snapshot) {
    // `strict` is how Cilium before 1.14 spelled true.
    if (!['true', 'strict'].includes(ciliumConfig(snapshot)['kube-proxy-replacement'] ?? '')) return [];
    return [...snapshot.tables.daemonSets.rows.values()]
      .filter(({ namespace, name }) => namespace === 'kube-system' && /^kube-proxy(-.*)?$/.test(name))
      .filter(({ desired, nodeSelector }) => desired > 0 && nodeSelector['kubernetes.io/os'] !== 'windows')
      .map((row) => ({ object: { kind: 'DaemonSet', namespace: row.namespace, name: row.name }, row }));
  },
  tell(suspects) {
    const pods = suspects.reduce((sum, { row }) => sum + row.desired, 0);
    return [
      {
        title: `kube-proxy runs on ${count(pods, 'node')} although Cilium replaces it`,
        objects: suspects.map(({ object }) => object),
        evidence: [
          ...suspects.map(({ row }) => `DaemonSet kube-system/${row.name}: ${row.ready} of ${row.desired} ready`),
          'ConfigMap kube-system/cilium-config: kube-proxy-replacement=true',
        ],
        reach: count(pods, 'node'),
        next: 'Finish the migration: once every agent is ready, remove the DaemonSet kube-proxy and reimage its nodes.',
      },
    ];
  },
};
