import { UserError } from '../errors.ts';

/** A KQL string literal that means exactly this text, whatever is in it. Throws UserError on control characters: no name has any. */
export function kqlString(text: string): string {
  if (/[\x00-\x1f\x7f\u2028\u2029]/.test(text))
    throw new UserError('A value holds a line break or another control character.', 'Give it without.');
  return `"${text.replace(/[\\"]/g, '\\$&')}"`;
}

/** Lines of a query; those that are '' are left out. */
export function kql(...lines: readonly string[]): string {
  return lines.filter((line) => line !== '').join('\n');
}

/** `| where Namespace == "shop"`, or nothing where nothing was given. */
export function whereIs(column: string, value: string | undefined): string {
  return value === undefined || value === '' ? '' : `| where ${column} == ${kqlString(value)}`;
}

/** Rows about this resource alone, or nothing where none was given. */
export function whereResource(id: string | undefined): string {
  return id === undefined || id === '' ? '' : `| where _ResourceId =~ ${kqlString(id)}`;
}

/** One of several columns has it. */
export function whereAny(columns: readonly string[], value: string | undefined): string {
  if (value === undefined || value === '') return '';
  return `| where ${columns.map((column) => `${column} == ${kqlString(value)}`).join(' or ')}`;
}
