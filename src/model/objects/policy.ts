import type { Intern } from '../intern.ts';
import type { CiliumCidrGroupRow, PolicyRow, TieredPolicyRow } from './others.ts';
import { count, edits, head, list, record, text } from './raw.ts';
import type { RawObject } from './row.ts';

export function projectNetworkPolicy(raw: RawObject, intern: Intern): PolicyRow {
  const spec = record(raw.spec);
  const types = list(spec.policyTypes, 4);
  const ingress = list(spec.ingress);
  const egress = list(spec.egress);
  return {
    ...head(raw, intern.line),
    subject: intern.line(selectorText(spec.podSelector)),
    // Without policyTypes it is ingress, and egress only where rules are written.
    ingress: types.length === 0 || types.includes('Ingress'),
    egress: types.length === 0 ? egress.length > 0 : types.includes('Egress'),
    ruleCount: ingress.length + egress.length,
    valid: '',
    validMessage: '',
    generation: count(record(raw.metadata).generation),
    edits: edits(record(raw.metadata)),
    body: bodyOf(raw),
  };
}

/** CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy: one `spec` or several `specs`. */
export function projectCiliumPolicy(raw: RawObject, intern: Intern): PolicyRow {
  const metadata = record(raw.metadata);
  const specs = [raw.spec, ...list(raw.specs, 100)].filter((spec) => spec !== undefined && spec !== null).map(record);
  const subjects = [...new Set(specs.map(subjectText))];
  return {
    ...head(raw, intern.line),
    subject: intern.line(subjects.slice(0, 3).join(' | ') + (subjects.length > 3 ? ` +${subjects.length - 3}` : '')),
    ingress: specs.some((spec) => Array.isArray(spec.ingress) || Array.isArray(spec.ingressDeny)),
    egress: specs.some((spec) => Array.isArray(spec.egress) || Array.isArray(spec.egressDeny)),
    ruleCount: specs.reduce((sum, spec) => sum + rulesOf(spec), 0),
    ...judgementOf(raw),
    generation: count(metadata.generation),
    edits: edits(metadata),
    body: bodyOf(raw),
  };
}

/** What Cilium's operator says of a policy in its status. */
export function judgementOf({ status }: RawObject): Pick<PolicyRow, 'valid' | 'validMessage'> {
  const valid = record(list(record(status).conditions, 20).find((one) => record(one).type === 'Valid'));
  return { valid: text(valid.status), validMessage: text(valid.message, 500) };
}

export function projectCiliumCidrGroup(raw: RawObject, intern: Intern): CiliumCidrGroupRow {
  return {
    ...head(raw, intern.line),
    labels: intern.labels(record(raw.metadata).labels),
    cidrs: list(record(raw.spec).externalCIDRs, 100_000).map((one) => text(one, 60)),
  };
}

/** As much as says whose verdicts it may change. */
export function projectTieredPolicy(raw: RawObject, intern: Intern): TieredPolicyRow {
  const spec = record(raw.spec);
  return {
    ...head(raw, intern.line),
    subject: record(spec.subject),
    ingress: list(spec.ingress).length > 0,
    egress: list(spec.egress).length > 0,
  };
}

/** managedFields and last-applied-configuration are as large as the rest together. */
function bodyOf(raw: RawObject): RawObject {
  const { managedFields: _, annotations, ...metadata } = record(raw.metadata);
  const { 'kubectl.kubernetes.io/last-applied-configuration': __, ...kept } = record(annotations);
  return { ...raw, metadata: Object.keys(kept).length === 0 ? metadata : { ...metadata, annotations: kept } };
}

function rulesOf(spec: RawObject): number {
  return ['ingress', 'ingressDeny', 'egress', 'egressDeny'].reduce((sum, part) => sum + list(spec[part]).length, 0);
}

function subjectText(spec: RawObject): string {
  return spec.nodeSelector === undefined
    ? selectorText(spec.endpointSelector)
    : `nodes ${selectorText(spec.nodeSelector, 'all')}`;
}

/** A label selector in kubectl's words: `app=web,tier in (a,b)`. */
export function selectorText(selector: unknown, all = 'all pods'): string {
  const raw = record(selector);
  const labels = Object.entries(record(raw.matchLabels))
    .slice(0, 50)
    .map(([key, value]) => `${key}=${text(value)}`);
  const expressions = list(raw.matchExpressions, 50).map((one) => expressionText(record(one)));
  const parts = [...labels, ...expressions];
  return parts.length === 0 ? all : parts.join(',');
}

function expressionText(expression: RawObject): string {
  const key = text(expression.key);
  const values = list(expression.values, 20)
    .map((value) => text(value))
    .join(',');
  switch (expression.operator) {
    case 'In':
      return `${key} in (${values})`;
    case 'NotIn':
      return `${key} notin (${values})`;
    case 'Exists':
      return key;
    case 'DoesNotExist':
      return `!${key}`;
    default:
      return `${key} ${text(expression.operator)} (${values})`;
  }
}
