import { at, count, list, record, text } from '../objects/raw.ts';
import type { Workspace, WorkspaceTable } from './azure-facts.ts';

/** A Log Analytics workspace as ARM has it, without its tables. */
export function readWorkspace(raw: unknown): Omit<Workspace, 'tables'> {
  const properties = record(at(raw, 'properties'));
  const capping = record(properties.workspaceCapping);
  const cap = capping.dailyQuotaGb;
  return {
    id: text(at(raw, 'id'), 1_024),
    customerId: text(properties.customerId),
    name: text(at(raw, 'name')),
    location: text(at(raw, 'location')),
    retentionDays: count(properties.retentionInDays),
    dailyCapGb: typeof cap === 'number' && cap >= 0 ? cap : -1,
    // `ForceOff` is by hand; both take in nothing.
    capReached: /^(OverQuota|ForceOff)$/i.test(text(capping.dataIngestionStatus)),
  };
}

/** One of its `tables`: the standard columns of the table and those that were added. */
export function readWorkspaceTable(raw: unknown): WorkspaceTable {
  const properties = at(raw, 'properties');
  const schema = record(at(properties, 'schema'));
  const seen = new Set<string>();
  const columns = [...list(schema.standardColumns, 2_000), ...list(schema.columns, 2_000)]
    .map((column) => ({ name: text(at(column, 'name')), type: kustoType(text(at(column, 'type'))) }))
    .filter(({ name }) => name !== '' && !seen.has(name) && seen.add(name));
  return { name: text(schema.name) || text(at(raw, 'name')), plan: text(at(properties, 'plan')), columns };
}

/** ARM says `dateTime` and `boolean` where Kusto says `datetime` and `bool`. */
function kustoType(type: string): string {
  const plain = type.toLowerCase();
  return plain === 'boolean' ? 'bool' : plain;
}
