import ipaddr from 'ipaddr.js';
import { type Cause, invalid } from '../api-error.ts';
import type { KubeObject, ResourceType } from '../cluster.ts';
import { isMap, same } from '../fields/field-set.ts';
import type { Schema } from '../resources/schema.ts';
import { checkSchema } from './schema-check.ts';

type Fields = Record<string, unknown>;

const subdomain = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*';
const subdomainWords = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${subdomain}')`;
const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const labelWords = `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${label}')`;
const labelValue = '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?';
const labelValueWords = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '${labelValue}')`;

/** Throws ApiError (422) with what is wrong with an object; `before` where it is changed rather than made. */
export function validate(resource: ResourceType, object: KubeObject, before?: KubeObject): void {
  const causes = [
    ...checkName(object),
    ...checkLabels(object),
    ...(resource.custom && resource.schema !== undefined ? checkSchema(object, resource.schema as Schema) : []),
    ...(checks[object.kind]?.(object) ?? []),
    ...(before === undefined ? [] : checkChange(object, before)),
  ];
  if (causes.length > 0) throw invalid(resource.kind, resource.group, object.metadata.name, causes);
}

function checkName({ kind, metadata }: KubeObject): Cause[] {
  const { name } = metadata;
  if (name === undefined || name === '') return [required('metadata.name', 'name or generateName is required')];
  const [pattern, words] =
    kind === 'Namespace' || kind === 'Service' ? [label, labelWords] : [subdomain, subdomainWords];
  // RBAC's names are path segments: anything but a slash.
  if (/Role(Binding)?$/.test(kind)) return [];
  if (name.length <= 253 && new RegExp(`^${pattern}$`).test(name)) return [];
  return [wrong('metadata.name', name, name.length > 253 ? 'must be no more than 253 bytes' : words)];
}

function checkLabels({ metadata }: KubeObject): Cause[] {
  return Object.values(metadata.labels ?? {}).flatMap((value) => {
    if (typeof value === 'string' && value.length > 63)
      return [wrong('metadata.labels', value, 'must be no more than 63 bytes')];
    return new RegExp(`^${labelValue}$`).test(String(value)) ? [] : [wrong('metadata.labels', value, labelValueWords)];
  });
}

const checks: Record<string, (object: KubeObject) => Cause[]> = {
  Pod: (pod) => checkPodSpec(pod['spec'], 'spec'),
  Deployment: checkWorkload,
  DaemonSet: checkWorkload,
  StatefulSet: checkWorkload,
  ReplicaSet: checkWorkload,
  NetworkPolicy: checkNetworkPolicy,
};

function checkPodSpec(spec: unknown, path: string): Cause[] {
  const containers = listOf((spec as Fields | undefined)?.['containers']);
  if (containers.length === 0) return [required(`${path}.containers`)];
  return containers.flatMap((container, index) => [
    ...(container['name'] === undefined ? [required(`${path}.containers[${index}].name`)] : []),
    ...(container['image'] === undefined ? [required(`${path}.containers[${index}].image`)] : []),
  ]);
}

function checkWorkload(object: KubeObject): Cause[] {
  const spec = object['spec'] as Fields | undefined;
  const template = spec?.['template'] as Fields | undefined;
  const wanted = (spec?.['selector'] as { matchLabels?: Record<string, string> } | undefined)?.matchLabels;
  if (spec?.['selector'] === undefined) return [required('spec.selector')];
  const labels = ((template?.['metadata'] as Fields | undefined)?.['labels'] ?? {}) as Record<string, string>;
  const causes = checkPodSpec(template?.['spec'], 'spec.template.spec');
  if (Object.entries(wanted ?? {}).some(([key, value]) => labels[key] !== value)) {
    const message = `Invalid value: ${JSON.stringify(labels)}: \`selector\` does not match template \`labels\``;
    causes.unshift({ reason: 'FieldValueInvalid', message, field: 'spec.template.metadata.labels' });
  }
  return causes;
}

function checkNetworkPolicy(policy: KubeObject): Cause[] {
  const spec = policy['spec'] as Fields | undefined;
  const peers = (direction: string, side: string) =>
    listOf(spec?.[direction]).flatMap((rule, at) =>
      listOf(rule[side]).flatMap((peer, index) => checkPeer(peer, `spec.${direction}[${at}].${side}[${index}]`)),
    );
  return [...peers('ingress', 'from'), ...peers('egress', 'to')];
}

function checkPeer(peer: Fields, path: string): Cause[] {
  const block = peer['ipBlock'];
  if (!isMap(block)) {
    const empty = peer['podSelector'] === undefined && peer['namespaceSelector'] === undefined;
    return empty ? [required(path, 'must specify a peer')] : [];
  }
  const causes: Cause[] = [];
  if (!isCidr(block['cidr'])) {
    causes.push(
      wrong(`${path}.ipBlock.cidr`, block['cidr'], 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'),
    );
  }
  if (peer['podSelector'] !== undefined || peer['namespaceSelector'] !== undefined) {
    const message = 'Forbidden: may not specify both ipBlock and another peer';
    causes.push({ reason: 'FieldValueForbidden', message, field: path });
  }
  return causes;
}

function checkChange(object: KubeObject, before: KubeObject): Cause[] {
  const spec = (object['spec'] ?? {}) as Fields;
  const old = (before['spec'] ?? {}) as Fields;
  if (
    ['Deployment', 'DaemonSet', 'ReplicaSet', 'StatefulSet'].includes(object.kind) &&
    !same(spec['selector'], old['selector'])
  ) {
    return [wrong('spec.selector', spec['selector'], 'field is immutable')];
  }
  if (object.kind === 'Pod' && !same(fixedPart(spec), fixedPart(old))) {
    const message =
      'Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';
    return [{ reason: 'FieldValueForbidden', message, field: 'spec' }];
  }
  return [];
}

/** What of a pod's spec can never change. */
function fixedPart(spec: Fields): Fields {
  const {
    tolerations: _t,
    activeDeadlineSeconds: _a,
    terminationGracePeriodSeconds: _g,
    schedulingGates: _s,
    ...rest
  } = spec;
  const bare = (containers: unknown) => listOf(containers).map(({ image: _image, ...container }) => container);
  return { ...rest, containers: bare(spec['containers']), initContainers: bare(spec['initContainers']) };
}

function isCidr(value: unknown): boolean {
  try {
    ipaddr.parseCIDR(String(value));
    return true;
  } catch {
    return false;
  }
}

function wrong(field: string, value: unknown, words: string): Cause {
  return { reason: 'FieldValueInvalid', message: `Invalid value: ${JSON.stringify(value)}: ${words}`, field };
}

function required(field: string, words = ''): Cause {
  return { reason: 'FieldValueRequired', message: `Required value${words === '' ? '' : `: ${words}`}`, field };
}

function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? (value as Fields[]) : [];
}
