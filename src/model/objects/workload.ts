import type { Intern } from '../intern.ts';
import { projectCondition } from './node.ts';
import type { RevisionRow, WorkloadRow } from './others.ts';
import { count, edits, head, list, owner, record, text } from './raw.ts';
import type { RawObject } from './row.ts';

/** DaemonSet, Deployment and StatefulSet: one shape, counts from whichever field the kind has. */
export function projectWorkload(raw: RawObject, intern: Intern): WorkloadRow {
  const metadata = record(raw.metadata);
  const spec = record(raw.spec);
  const status = record(raw.status);
  const template = record(record(spec.template).spec);
  const daemon = status.desiredNumberScheduled !== undefined;
  const strategy = record(spec.updateStrategy ?? spec.strategy);
  return {
    ...head(raw, intern.line),
    desired: daemon ? count(status.desiredNumberScheduled) : count(spec.replicas ?? 1),
    current: count(status.currentNumberScheduled ?? status.replicas),
    updated: count(status.updatedNumberScheduled ?? status.updatedReplicas),
    ready: count(status.numberReady ?? status.readyReplicas),
    available: count(status.numberAvailable ?? status.availableReplicas),
    unavailable: count(status.numberUnavailable ?? status.unavailableReplicas),
    generation: count(metadata.generation),
    observedGeneration: count(status.observedGeneration),
    images: imagesOf(template, intern),
    limited: limitedOf(template, intern),
    selector: intern.labels(record(spec.selector).matchLabels),
    nodeSelector: intern.labels(template.nodeSelector),
    nodeAffinity: affinityOf(template, intern),
    tolerations: list(template.tolerations, 100)
      .map(record)
      .map((one) => ({
        key: intern.line(one.key),
        operator: intern.line(one.operator) || 'Equal',
        value: intern.line(one.value),
        effect: intern.line(one.effect),
      })),
    maxUnavailable: intern.line(record(strategy.rollingUpdate).maxUnavailable),
    minReadySeconds: count(spec.minReadySeconds),
    labels: intern.labels(metadata.labels),
    conditions: list(status.conditions, 50).map((one) => projectCondition(record(one), intern)),
    edits: edits(metadata),
  };
}

/** ReplicaSet and ControllerRevision; a revision keeps the object it remembers under `data`. */
export function projectRevision(raw: RawObject, intern: Intern): RevisionRow {
  const metadata = record(raw.metadata);
  const spec = record(raw.spec ?? record(raw.data).spec);
  const status = record(raw.status);
  const controller = owner(metadata);
  const annotated = record(metadata.annotations)['deployment.kubernetes.io/revision'];
  return {
    ...head(raw, intern.line),
    ownerKind: intern.line(controller.kind),
    ownerName: intern.line(controller.name),
    revision: count(raw.revision ?? annotated),
    images: imagesOf(record(record(spec.template).spec), intern),
    desired: count(spec.replicas),
    ready: count(status.readyReplicas),
  };
}

function imagesOf(template: RawObject, intern: Intern): readonly string[] {
  return [...list(template.initContainers, 100), ...list(template.containers, 100)]
    .map(record)
    .map((container) => intern.line(`${text(container.name)}=${text(container.image, 400)}`));
}

const NONE: readonly string[] = Object.freeze([]);

function limitedOf(template: RawObject, intern: Intern): readonly string[] {
  const limited = list(template.containers, 100)
    .map(record)
    .filter((container) => Object.keys(record(record(container.resources).limits)).length > 0);
  return limited.length === 0 ? NONE : limited.map((container) => intern.line(container.name));
}

/** Outer list: terms, one of which must match; inner: requirements, all of which must. matchFields are kept as `metadata.name`. */
function affinityOf(template: RawObject, intern: Intern): WorkloadRow['nodeAffinity'] {
  const required = record(
    record(record(template.affinity).nodeAffinity).requiredDuringSchedulingIgnoredDuringExecution,
  );
  return list(required.nodeSelectorTerms, 50)
    .map(record)
    .map((term) =>
      [...list(term.matchExpressions, 50), ...list(term.matchFields, 50)].map(record).map((one) => ({
        key: intern.line(one.key),
        operator: intern.line(one.operator),
        values: list(one.values, 200).map((value) => intern.line(value)),
      })),
    );
}
