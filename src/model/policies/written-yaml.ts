import { stringify } from 'yaml';

/** The same text for the same object, which YAML 1.1 (kubectl) and 1.2 read alike. */
export function yamlOf(value: unknown): string {
  return stringify(value, { aliasDuplicateObjects: false, compat: 'yaml-1.1', indentSeq: false, lineWidth: 0 });
}
