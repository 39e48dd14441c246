import { at, list, record, text } from '../objects/raw.ts';
import type { DiagnosticSetting } from './azure-facts.ts';

/** One of `diagnosticSettings` (domain §1.1). A category that is not on is left out. */
export function readDiagnosticSetting(raw: unknown): DiagnosticSetting {
  const properties = record(at(raw, 'properties'));
  return {
    name: text(at(raw, 'name')),
    categories: list(properties.logs, 200)
      .map(record)
      .filter(({ enabled }) => enabled === true)
      .map(({ category, categoryGroup }) => text(category) || text(categoryGroup))
      .filter((category) => category !== ''),
    workspace: text(properties.workspaceId, 1_024),
    isDedicated: /^dedicated$/i.test(text(properties.logAnalyticsDestinationType)),
  };
}
