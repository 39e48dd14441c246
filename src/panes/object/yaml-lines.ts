import { stringify } from 'yaml';
import { sanitiseLine } from '../../model/sanitise.ts';
import { at, fields } from '../fields.ts';

/** The object as YAML, a line an entry, inert. Values of Secrets are never shown; managedFields only when asked for. */
export function yamlLines(object: unknown, options: { managedFields: boolean }): string[] {
  const shown = withoutSecrets(options.managedFields ? object : withoutManagedFields(object));
  // Aliases would be made for parts that happen to be one object in memory: the server sent none.
  return stringify(shown ?? null, { lineWidth: 0, aliasDuplicateObjects: false })
    .trimEnd()
    .split('\n')
    .map((line) => sanitiseLine(line, 4_096));
}

function withoutManagedFields(object: unknown): unknown {
  const { managedFields: _, ...metadata } = fields(at(object, 'metadata'));
  return 'metadata' in fields(object) ? { ...fields(object), metadata } : object;
}

const SECRET_PARTS = ['data', 'stringData'];
const APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

function withoutSecrets(object: unknown): unknown {
  if (at(object, 'kind') !== 'Secret') return object;
  const masked: Record<string, unknown> = { ...fields(object) };
  for (const part of SECRET_PARTS) if (part in masked) masked[part] = mapValues(fields(masked[part]), hidden);
  const annotations = fields(at(object, 'metadata', 'annotations'));
  if (APPLIED in annotations)
    masked.metadata = {
      ...fields(masked.metadata),
      annotations: { ...annotations, [APPLIED]: hidden(annotations[APPLIED]) },
    };
  return masked;
}

function hidden(value: unknown): string {
  return `(hidden, ${typeof value === 'string' ? value.length : 0} characters)`;
}

function mapValues(values: Record<string, unknown>, change: (value: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));
}
