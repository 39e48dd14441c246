import { badRequest } from '../api-error.ts';
import type { KubeObject, ResourceType } from '../cluster.ts';

export type Match = (object: KubeObject) => boolean;

type Requirement = { key: string; operator: 'in' | 'notin' | 'exists' | 'not-exists' | 'gt' | 'lt'; values: string[] };

export type LabelMatch = {
  match: Match;
  /** What stands in the text of every object that matches. */
  words: string[];
};

/** A label selector as in a query: `a=b,c in (d,e),!f`. Undefined: everything matches. Throws ApiError (400). */
export function labelMatch(selector: string): LabelMatch | undefined {
  if (selector.trim() === '') return undefined;
  const requirements = parseLabels(selector);
  return {
    match(object) {
      const labels = object.metadata.labels ?? {};
      return requirements.every((requirement) => meets(labels[requirement.key], requirement));
    },
    words: requirements
      .filter(({ operator, values }) => operator === 'in' && values.length === 1)
      .map(({ key, values }) => `${JSON.stringify(key)}:${JSON.stringify(values[0])}`),
  };
}

function meets(value: string | undefined, { operator, values }: Requirement): boolean {
  switch (operator) {
    case 'exists':
      return value !== undefined;
    case 'not-exists':
      return value === undefined;
    case 'in':
      return value !== undefined && values.includes(value);
    case 'notin':
      return value === undefined || !values.includes(value);
    case 'gt':
      return Number(value) > Number(values[0]);
    case 'lt':
      return Number(value) < Number(values[0]);
  }
}

const symbols = /\s*(==|!=|[=(),!<>]|[^\s=(),!<>]+)/y;

function parseLabels(selector: string): Requirement[] {
  const tokens = tokensOf(selector);
  const requirements: Requirement[] = [];
  let at = 0;
  const next = () => tokens[at++] ?? '';
  while (at < tokens.length) {
    let token = next();
    const negated = token === '!';
    if (negated) token = next();
    if (!/^[A-Za-z0-9]/.test(token)) {
      throw badRequest(`unable to parse requirement: found '${token}', expected: !, identifier, or 'end of string'`);
    }
    if (negated) requirements.push({ key: token, operator: 'not-exists', values: [] });
    else if (at >= tokens.length || tokens[at] === ',')
      requirements.push({ key: token, operator: 'exists', values: [] });
    else requirements.push(readOperator(token, next, () => tokens[at]));
    if (at < tokens.length && next() !== ',') {
      throw badRequest(`unable to parse requirement: found '${tokens[at - 1]}', expected: ',' or 'end of string'`);
    }
  }
  return requirements;
}

function readOperator(key: string, next: () => string, peek: () => string | undefined): Requirement {
  const operator = next();
  switch (operator) {
    case '=':
    case '==':
    case '!=': {
      const value = peek() === ',' || peek() === undefined ? '' : next();
      return { key, operator: operator === '!=' ? 'notin' : 'in', values: [value] };
    }
    case '>':
    case 'gt':
      return { key, operator: 'gt', values: [next()] };
    case '<':
    case 'lt':
      return { key, operator: 'lt', values: [next()] };
    case 'in':
    case 'notin': {
      const opening = next();
      if (opening !== '(') throw badRequest(`unable to parse requirement: found '${opening}' expected: '('`);
      const values: string[] = [];
      for (let token = next(); token !== ')'; token = next()) {
        if (token === '') throw badRequest("unable to parse requirement: found '', expected: ',' or ')'");
        if (token !== ',') values.push(token);
      }
      return { key, operator, values };
    }
    default:
      throw badRequest(`unable to parse requirement: found '${operator}', expected: in, notin, =, ==, !=, gt, lt`);
  }
}

function tokensOf(selector: string): string[] {
  const text = selector.trim();
  const tokens: string[] = [];
  symbols.lastIndex = 0;
  while (symbols.lastIndex < text.length) {
    const found = symbols.exec(text);
    if (found === null) break;
    tokens.push(found[1] ?? '');
  }
  return tokens;
}

/** Fields a server can select by, beside metadata.name and metadata.namespace. */
const fieldPaths: Record<string, readonly string[]> = {
  Pod: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  Node: ['spec.unschedulable'],
  Namespace: ['status.phase'],
  Secret: ['type'],
  Service: ['spec.clusterIP', 'spec.type'],
  ReplicaSet: ['status.replicas'],
  ReplicationController: ['status.replicas'],
  Job: ['status.successful'],
  Event: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
};

export type FieldMatch = {
  /** metadata.name and metadata.namespace: what the key `namespace/name` alone decides. */
  keys: ((key: string) => boolean) | undefined;
  /** The other fields. */
  objects: Match | undefined;
  /** The one namespace it can be in. */
  namespace?: string;
};

/** Throws ApiError (400) for a field the kind cannot be selected by. */
export function fieldMatch(resource: ResourceType, selector: string): FieldMatch {
  const keys: ((key: string) => boolean)[] = [];
  const objects: Match[] = [];
  const found: FieldMatch = { keys: undefined, objects: undefined };
  for (const part of selector.split(',').filter((one) => one.trim() !== '')) {
    const parsed = /^\s*([^!=]+?)\s*(==|!=|=)(.*)$/.exec(part);
    if (parsed === null) throw badRequest(`invalid selector: '${part}'; can't understand '${part}'`);
    const [, path = '', operator = '', value = ''] = parsed;
    const known = path === 'metadata.name' || (path === 'metadata.namespace' && resource.namespaced);
    if (!known && !(resource.custom ? [] : (fieldPaths[resource.kind] ?? [])).includes(path)) {
      throw badRequest(`field label not supported: ${path}`);
    }
    const equal = operator !== '!=';
    if (path === 'metadata.name') keys.push((key) => key.endsWith(`/${value}`) === equal);
    else if (path === 'metadata.namespace') {
      keys.push((key) => key.startsWith(`${value}/`) === equal);
      if (equal) found.namespace = value;
    } else objects.push((object) => (fieldOf(object, path) === value) === equal);
  }
  if (keys.length > 0) found.keys = (key) => keys.every((test) => test(key));
  if (objects.length > 0) found.objects = (object) => objects.every((test) => test(object));
  return found;
}

function fieldOf(object: KubeObject, path: string): string {
  if (path === 'source') return fieldOf(object, 'source.component') || fieldOf(object, 'reportingComponent');
  let value: unknown = object;
  for (const step of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[step];
  if (value === undefined || value === null)
    return path === 'spec.unschedulable' || path === 'spec.hostNetwork' ? 'false' : '';
  return String(value);
}
