import { list, record } from '../objects/raw.ts';
import { type IdentityLabels, type LabelKey, lookUp, parseLabelKey, UNKNOWN } from './labels.ts';
import type { Match } from './match.ts';

export type Operator = 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
export type Requirement = LabelKey & { operator: Operator; values: readonly string[] };

/** A label selector ready to be matched. Requirements are ANDed; none at all matches everything. */
export type Selector = {
  requirements: readonly Requirement[];
  /** Equal selectors have equal ids: what was found out about one holds for the other. */
  id: string;
};

export function selectorOf(requirements: readonly Requirement[]): Selector {
  const parts = requirements.map(requirementText).sort();
  return { requirements, id: parts.join(',') };
}

/**
 * The requirements of a LabelSelector as written; what is wrong with it is said to `problem`. `keyOf` says what a key
 * means where it stands: NetworkPolicies mean `k8s:`, Cilium's policies any source (domain §7.3).
 */
export function readRequirements(
  raw: unknown,
  keyOf: (key: string) => LabelKey,
  problem: (text: string) => void,
): Requirement[] {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    problem('must be a label selector (an object)');
    return [];
  }
  const { matchLabels, matchExpressions } = record(raw);
  if (matchLabels != null && (typeof matchLabels !== 'object' || Array.isArray(matchLabels)))
    problem('matchLabels must be an object');
  if (matchExpressions != null && !Array.isArray(matchExpressions)) problem('matchExpressions must be a list');
  const labels = Object.entries(record(matchLabels)).map(([key, value]) => {
    // Null is the empty value to the API server.
    if (typeof value !== 'string' && value !== null) problem(`matchLabels: the value of ${key} must be a string`);
    else if (!VALUE.test(value ?? '')) problem(`matchLabels: "${value}" is no label value`);
    checkKey(key, keyOf, problem);
    return { ...keyOf(key), operator: 'In', values: [String(value ?? '')] } satisfies Requirement;
  });
  return [...labels, ...list(matchExpressions, MOST).flatMap((one) => readExpression(one, keyOf, problem))];
}

/** Cilium and the API server know no limit; a file of millions is not meant. */
const MOST = 10_000;
const VALUE = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

/** The API server refuses such keys in a NetworkPolicy, Cilium in its own policies. Other sources have other keys. */
function checkKey(key: string, keyOf: (key: string) => LabelKey, problem: (text: string) => void): void {
  const { source, key: bare } = keyOf(key);
  if ((source === 'any' || source === 'k8s') && !isLabelKey(bare)) problem(`"${key}" is no label key`);
}

const NAME = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const PREFIX = /^[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?$/;

/** Cilium's own keys carry another key behind a prefix: `io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name`. */
function isLabelKey(key: string): boolean {
  const slash = key.lastIndexOf('/');
  const prefix = key.slice(0, Math.max(slash, 0));
  return NAME.test(key.slice(slash + 1)) && (slash < 0 || (PREFIX.test(prefix) && prefix.length <= 253));
}

function readExpression(
  raw: unknown,
  keyOf: (key: string) => LabelKey,
  problem: (text: string) => void,
): readonly Requirement[] {
  const { key, operator, values } = record(raw);
  if (typeof key !== 'string' || key === '') {
    problem('matchExpressions: a key is required');
    return [];
  }
  checkKey(key, keyOf, problem);
  const given = list(values, MOST);
  if (given.some((value) => typeof value !== 'string'))
    problem(`matchExpressions: the values of ${key} must be strings`);
  switch (operator) {
    case 'In':
    case 'NotIn':
      if (given.length === 0) problem(`matchExpressions: ${operator} of ${key} needs values`);
      return [{ ...keyOf(key), operator, values: given.map(String) }];
    case 'Exists':
    case 'DoesNotExist':
      if (given.length > 0) problem(`matchExpressions: ${operator} of ${key} takes no values`);
      return [{ ...keyOf(key), operator, values: [] }];
    default:
      problem(`matchExpressions: "${String(operator)}" is no operator`);
      return [];
  }
}

/** Any source, as Cilium's policies mean a bare key. */
export function ciliumKey(key: string): LabelKey {
  return parseLabelKey(key);
}

/** What a NetworkPolicy means: a label of the pod, whatever it looks like. */
export function kubernetesKey(key: string): LabelKey {
  return { source: 'k8s', key };
}

export function matchSelector({ requirements }: Selector, labels: IdentityLabels): Match {
  let answer: Match = 'yes';
  for (const requirement of requirements) {
    const one = matchRequirement(requirement, labels);
    if (one === 'no') return 'no';
    if (one === 'unknown') answer = 'unknown';
  }
  return answer;
}

/** NotIn and DoesNotExist match where the key is absent (domain §7.2). */
export function matchRequirement(requirement: Requirement, labels: IdentityLabels): Match {
  const value = lookUp(labels, requirement);
  if (value === UNKNOWN) return 'unknown';
  switch (requirement.operator) {
    case 'In':
      return value !== undefined && requirement.values.includes(value) ? 'yes' : 'no';
    case 'NotIn':
      return value === undefined || !requirement.values.includes(value) ? 'yes' : 'no';
    case 'Exists':
      return value === undefined ? 'no' : 'yes';
    case 'DoesNotExist':
      return value === undefined ? 'yes' : 'no';
  }
}

/** For people, and canonical: `k8s:app=web`, `any:tier in (a,b)`. */
export function requirementText({ source, key, operator, values }: Requirement): string {
  const name = source === 'any' ? key : `${source}:${key}`;
  switch (operator) {
    case 'In':
      return values.length === 1 ? `${name}=${values[0]}` : `${name} in (${[...values].sort().join(',')})`;
    case 'NotIn':
      return `${name} notin (${[...values].sort().join(',')})`;
    case 'Exists':
      return name;
    case 'DoesNotExist':
      return `!${name}`;
  }
}
