import { text, time } from '../objects/raw.ts';
import type { AuditDelete } from './azure-facts.ts';
import type { ResultColumn, ResultRow } from './log-query.ts';

/** A row of the saved query `deletes`, by the names of its columns. */
export function readAuditDelete(columns: readonly ResultColumn[], row: ResultRow): AuditDelete {
  const cell = (name: string) => row[columns.findIndex((column) => column.name === name)];
  const id = text(cell('AuditId'));
  const at = time(cell('TimeGenerated'));
  const resource = text(cell('Kind'));
  const [namespace, name, user] = [text(cell('Namespace')), text(cell('Name')), text(cell('Account'))];
  return { id: id || `${at}|${resource}|${namespace}|${name}`, at, resource, namespace, name, user, agent: '' };
}
