import type { Container, Labels, PodSpec, PodTemplate, Toleration } from '../shapes.ts';

export type ServicePort = { name: string; port: number; targetPort: number | string; protocol?: string };

/** A workload as its owner wrote it: what becomes of it is the controllers' business. */
export type Workload = {
  kind: 'DaemonSet' | 'Deployment' | 'StatefulSet';
  namespace: string;
  name: string;
  /** Undefined for a DaemonSet. */
  replicas?: number;
  selector: Labels;
  template: PodTemplate;
  labels: Labels;
  annotations?: Labels;
  maxUnavailable?: number | string;
  maxSurge?: number | string;
  /** A Service of the same name (or `name`) selecting the pods. */
  service?: { name: string; ports: ServicePort[]; clusterIP?: string; headless?: boolean; labels?: Labels };
  /** Who applies it. */
  manager: string;
};

/** What AKS puts on everything of its own. */
export const AKS_LABELS: Labels = {
  'addonmanager.kubernetes.io/mode': 'Reconcile',
  'kubernetes.azure.com/managedby': 'aks',
};
export const EVERYWHERE: Toleration[] = [
  { key: 'CriticalAddonsOnly', operator: 'Exists' },
  { effect: 'NoExecute', operator: 'Exists' },
  { effect: 'NoSchedule', operator: 'Exists' },
];
export const CRITICAL_ADDON: Toleration[] = [{ key: 'CriticalAddonsOnly', operator: 'Exists' }];

/** Nodes of the cluster itself: Linux, no virtual kubelet. */
export const AKS_NODES = {
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [
        {
          matchExpressions: [
            { key: 'kubernetes.azure.com/cluster', operator: 'Exists' },
            { key: 'type', operator: 'NotIn', values: ['virtual-kubelet'] },
            { key: 'kubernetes.io/os', operator: 'In', values: ['linux'] },
          ],
        },
      ],
    },
  },
};

export function container(name: string, image: string, more: Partial<Container> = {}): Container {
  return {
    name,
    image,
    imagePullPolicy: 'IfNotPresent',
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'FallbackToLogsOnError',
    ...more,
  };
}

export function template(
  labels: Labels,
  spec: Partial<PodSpec> & { containers: Container[] },
  annotations?: Labels,
): PodTemplate {
  return {
    metadata: { labels, ...(annotations === undefined ? {} : { annotations }) },
    spec: {
      dnsPolicy: spec.hostNetwork ? 'Default' : 'ClusterFirst',
      restartPolicy: 'Always',
      schedulerName: 'default-scheduler',
      securityContext: {},
      terminationGracePeriodSeconds: 30,
      ...spec,
    },
  };
}

export function probe(path: string, port: number, more: object = {}): object {
  return {
    httpGet: { path, port, scheme: 'HTTP' },
    periodSeconds: 10,
    timeoutSeconds: 1,
    successThreshold: 1,
    failureThreshold: 3,
    ...more,
  };
}
