import { type Part, partsOf } from './protobuf.ts';

// kubectl 1.32 and newer sends what it makes through typed clients as protobuf, whatever the server would rather have.
// These are the kinds it does so with; the numbers are those of Kubernetes' generated.proto files.

type Shape = {
  [field: number]: readonly [name: string, shape: Shape | 'string' | 'number' | 'boolean' | 'map' | 'strings'];
};

const metadata: Shape = {
  1: ['name', 'string'],
  2: ['generateName', 'string'],
  3: ['namespace', 'string'],
  5: ['uid', 'string'],
  6: ['resourceVersion', 'string'],
  11: ['labels', 'map'],
  12: ['annotations', 'map'],
  14: ['finalizers', 'strings'],
};
const deleteOptions: Shape = {
  1: ['gracePeriodSeconds', 'number'],
  2: ['preconditions', { 1: ['uid', 'string'], 2: ['resourceVersion', 'string'] }],
  3: ['orphanDependents', 'boolean'],
  4: ['propagationPolicy', 'string'],
  5: ['dryRun', 'strings'],
};
const resourceAttributes: Shape = {
  1: ['namespace', 'string'],
  2: ['verb', 'string'],
  3: ['group', 'string'],
  4: ['version', 'string'],
  5: ['resource', 'string'],
  6: ['subresource', 'string'],
  7: ['name', 'string'],
};
const accessReview: Shape = {
  1: ['resourceAttributes', resourceAttributes],
  2: ['nonResourceAttributes', { 1: ['path', 'string'], 2: ['verb', 'string'] }],
};

const kinds: Record<string, Shape> = {
  ConfigMap: { 1: ['metadata', metadata], 2: ['data', 'map'] },
  DeleteOptions: deleteOptions,
  Eviction: { 1: ['metadata', metadata], 2: ['deleteOptions', deleteOptions] },
  Namespace: { 1: ['metadata', metadata] },
  Scale: { 1: ['metadata', metadata], 2: ['spec', { 1: ['replicas', 'number'] }] },
  SelfSubjectAccessReview: { 1: ['metadata', metadata], 2: ['spec', accessReview] },
  SelfSubjectReview: { 1: ['metadata', metadata] },
  SelfSubjectRulesReview: { 1: ['metadata', metadata], 2: ['spec', { 1: ['namespace', 'string'] }] },
  ServiceAccount: { 1: ['metadata', metadata] },
};

const magic = Buffer.from('k8s\0');

/** The object as JSON text; undefined for what is no protobuf or of a kind not listed here. */
export function readProtobuf(bytes: Buffer): string | undefined {
  if (!bytes.subarray(0, 4).equals(magic)) return undefined;
  try {
    const envelope = partsOf(bytes.subarray(4));
    const type = read(bytesOf(envelope, 1), { 1: ['apiVersion', 'string'], 2: ['kind', 'string'] });
    const shape = kinds[String(type['kind'])];
    return shape === undefined ? undefined : JSON.stringify({ ...type, ...read(bytesOf(envelope, 2), shape) });
  } catch {
    return undefined;
  }
}

function read(bytes: Buffer, shape: Shape): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const { field, value } of partsOf(bytes)) {
    const known = shape[field];
    if (known === undefined) continue;
    const [name, kind] = known;
    if (typeof value === 'number') {
      if (kind === 'number') out[name] = value;
      else if (kind === 'boolean') out[name] = value !== 0;
    } else if (kind === 'string') {
      // Go writes empty strings too.
      if (value.length > 0) out[name] = value.toString('utf8');
    } else if (kind === 'strings') out[name] = [...((out[name] as string[] | undefined) ?? []), value.toString('utf8')];
    else if (kind === 'map') {
      const entry = read(value, { 1: ['key', 'string'], 2: ['value', 'string'] });
      out[name] = { ...(out[name] as object | undefined), [String(entry['key'] ?? '')]: entry['value'] ?? '' };
    } else if (typeof kind === 'object') out[name] = read(value, kind);
  }
  return out;
}

function bytesOf(parts: readonly Part[], field: number): Buffer {
  const found = parts.find((part) => part.field === field)?.value;
  return Buffer.isBuffer(found) ? found : Buffer.alloc(0);
}
