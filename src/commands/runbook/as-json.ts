import type { ObjectRef } from '../../model/ref.ts';
import type { RunbookResult } from '../../model/runbook-result.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Cause } from '../../runbooks/runbook.ts';

/** The one object `runbook --json` prints. `cause` is a sentence, or null; evidence is a sentence each, for and against. */
export function runbookAsJson(result: RunbookResult, snapshot: Snapshot, startedAt: number): string {
  const { context, server, kubernetesVersion } = snapshot.cluster;
  const { id, target, outcome, cause, others, steps, notLookedAt } = result;
  const answer = {
    version: 1,
    command: 'runbook',
    cluster: { context, server, kubernetesVersion },
    startedAt: new Date(startedAt).toISOString(),
    id,
    target: target === undefined ? null : named(target),
    outcome,
    cause: cause?.text ?? null,
    causeId: cause?.id ?? null,
    confidence: cause?.confidence ?? null,
    objects: cause?.objects.map(named) ?? [],
    next: cause?.next ?? null,
    others: others.map(asJson),
    steps: steps.map((step) => ({
      ...{ id: step.id, type: step.type, title: step.title, result: step.result },
      evidence: step.evidence.map(({ speaks, text, source, object }) => ({
        ...{ speaks, text, source },
        ...(object === undefined ? {} : { object: named(object) }),
      })),
      ...(step.text === '' ? {} : { text: step.text }),
    })),
    notLookedAt,
  };
  return `${JSON.stringify(answer, null, 2)}\n`;
}

function asJson({ id, text, confidence, objects, next }: Cause) {
  return { id, text, confidence, objects: objects.map(named), next };
}

function named({ kind, namespace, name }: ObjectRef): ObjectRef {
  return namespace ? { kind, namespace, name } : { kind, name };
}
