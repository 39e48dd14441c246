import { stringify } from 'yaml';
import { at, record } from '../../model/objects/raw.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import { bounded } from './bounded.ts';

/** The object as YAML, a line an entry, inert; managedFields only when asked for. Secrets are masked before (see without-secrets.ts). */
export function yamlLines(object: unknown, options: { managedFields: boolean }): string[] {
  const { value, cut } = bounded(options.managedFields ? object : withoutManagedFields(object));
  // Aliases would be made for parts that happen to be one object in memory: the server sent none.
  const text = stringify(value ?? null, { lineWidth: 0, aliasDuplicateObjects: false });
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => sanitiseLine(line, 4_096));
  return cut ? [...lines, '# … cut: more than 20,000 values or 60 levels; kubectl get -o yaml has the rest'] : lines;
}

function withoutManagedFields(object: unknown): unknown {
  const { managedFields: _, ...metadata } = record(at(object, 'metadata'));
  return 'metadata' in record(object) ? { ...record(object), metadata } : object;
}
