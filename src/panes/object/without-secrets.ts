import { at, record } from '../../model/objects/raw.ts';

const SECRET_PARTS = ['data', 'stringData'];
const APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * The object as it may be shown: what a Secret holds is replaced by its length, also where kubectl apply remembers it.
 * Done where an object arrives, so that no way of drawing or copying it can forget to.
 */
export function withoutSecrets(object: unknown): unknown {
  if (at(object, 'kind') !== 'Secret') return object;
  const masked: Record<string, unknown> = { ...record(object) };
  for (const part of SECRET_PARTS) if (part in masked) masked[part] = mapValues(record(masked[part]), hidden);
  const annotations = record(at(object, 'metadata', 'annotations'));
  if (APPLIED in annotations) {
    const hiddenOne = { ...annotations, [APPLIED]: hidden(annotations[APPLIED]) };
    masked.metadata = { ...record(masked.metadata), annotations: hiddenOne };
  }
  return masked;
}

function hidden(value: unknown): string {
  return `(hidden, ${typeof value === 'string' ? value.length : 0} characters)`;
}

function mapValues(values: Record<string, unknown>, change: (value: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));
}
