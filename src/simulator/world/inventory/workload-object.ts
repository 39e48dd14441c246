import type { KubeObject } from '../../cluster.ts';
import { deploymentStatus } from '../controllers/deployments.ts';
import type { Core } from '../core.ts';
import { type DaemonSet, type Deployment, type PodTemplate, timeOf } from '../shapes.ts';
import { managed } from './nodes.ts';
import type { Workload } from './workload.ts';

/** The DaemonSet, Deployment or StatefulSet itself, `hash` that of its template, made and last rolled at these times, with all its pods ready. */
export function workloadObject(core: Core, workload: Workload, hash: string, made: number, rolled: number): KubeObject {
  const { kind, name, namespace: home, replicas = 1, template, selector } = workload;
  const fields = { 'f:metadata': { 'f:labels': {} }, 'f:spec': { 'f:template': { 'f:spec': { 'f:containers': {} } } } };
  const metadata: KubeObject['metadata'] = {
    name,
    namespace: home,
    generation: kind === 'StatefulSet' ? 1 : 2,
    creationTimestamp: timeOf(made),
    labels: workload.labels,
    annotations: {
      ...workload.annotations,
      ...(kind === 'DaemonSet' ? { 'deprecated.daemonset.template.generation': '2' } : {}),
    },
    managedFields: [{ ...managed(workload.manager, 'Update', rolled, fields), apiVersion: 'apps/v1' }],
  };
  if (kind === 'DaemonSet') {
    const nodes = core.view.nodes.size;
    const object: DaemonSet = {
      apiVersion: 'apps/v1',
      kind,
      metadata,
      spec: {
        revisionHistoryLimit: 10,
        selector: { matchLabels: selector },
        template,
        updateStrategy: {
          type: 'RollingUpdate',
          rollingUpdate: { maxUnavailable: workload.maxUnavailable ?? 1, maxSurge: 0 },
        } as NonNullable<DaemonSet['spec']['updateStrategy']>,
      },
      status: {
        currentNumberScheduled: nodes,
        numberMisscheduled: 0,
        desiredNumberScheduled: nodes,
        numberReady: nodes,
        observedGeneration: 2,
        updatedNumberScheduled: nodes,
        ...(nodes > 0 ? { numberAvailable: nodes } : {}),
      },
    };
    return object;
  }
  if (kind === 'StatefulSet') {
    const revision = `${name}-${hash}`;
    const counts = {
      replicas,
      readyReplicas: replicas,
      availableReplicas: replicas,
      currentReplicas: replicas,
      updatedReplicas: replicas,
    };
    const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { partition: 0 } };
    return {
      apiVersion: 'apps/v1',
      kind,
      metadata,
      spec: {
        podManagementPolicy: 'OrderedReady',
        replicas,
        revisionHistoryLimit: 10,
        selector: { matchLabels: selector },
        serviceName: name,
        template,
        updateStrategy,
      },
      status: {
        observedGeneration: 1,
        ...counts,
        currentRevision: revision,
        updateRevision: revision,
        collisionCount: 0,
      },
    };
  }
  const deployment: Deployment = {
    apiVersion: 'apps/v1',
    kind,
    metadata: { ...metadata, annotations: { ...metadata.annotations, 'deployment.kubernetes.io/revision': '2' } },
    spec: {
      progressDeadlineSeconds: 600,
      replicas,
      revisionHistoryLimit: 10,
      selector: { matchLabels: selector },
      strategy: {
        type: 'RollingUpdate',
        rollingUpdate: { maxSurge: workload.maxSurge ?? '25%', maxUnavailable: workload.maxUnavailable ?? '25%' },
      },
      template,
    },
    status: {},
  };
  const counts = { total: replicas, updated: replicas, ready: replicas };
  deployment.status = deploymentStatus(deployment, replicas, counts, `${name}-${hash}`, rolled + 60_000);
  return deployment;
}

/** What the workload ran before its last rollout. */
export function older(template: PodTemplate): PodTemplate {
  const before = (image: string) =>
    image.replace(/(\d+)((-[^:]*)?)$/, (_all, digits: string, rest: string) =>
      Number(digits) > 0 ? `${Number(digits) - 1}${rest}` : `${digits}-rc2${rest}`,
    );
  const containers = template.spec.containers.map((one) => ({ ...one, image: before(one.image) }));
  return { ...template, spec: { ...template.spec, containers } };
}
