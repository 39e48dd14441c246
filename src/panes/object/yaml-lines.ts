import { stringify } from 'yaml';
import { at, record } from '../../model/objects/raw.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import { number } from '../../ui/text.ts';
import { bounded, bounds } from './bounded.ts';

/** The object as YAML, a line an entry, inert; managedFields only when asked for. Secrets are masked before (see without-secrets.ts). */
export function yamlLines(object: unknown, options: { managedFields: boolean }): string[] {
  const { value, cut } = bounded(options.managedFields ? object : withoutManagedFields(object));
  // Aliases would be made for parts that happen to be one object in memory: the server sent none.
  const text = stringify(value ?? null, { lineWidth: 0, aliasDuplicateObjects: false });
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => sanitiseLine(line, 4_096));
  if (!cut) return lines;
  const { values, levels } = bounds;
  return [
    ...lines,
    `# … cut: more than ${number(values)} values or ${levels} levels; kubectl get -o yaml has the rest`,
  ];
}

function withoutManagedFields(object: unknown): unknown {
  const { managedFields: _, ...metadata } = record(at(object, 'metadata'));
  return 'metadata' in record(object) ? { ...record(object), metadata } : object;
}
