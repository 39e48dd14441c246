import { at, record, text, time } from '../objects/raw.ts';
import type { ActivityEntry } from './azure-facts.ts';

/** One event of the activity log. Names come twice: `value` for programs, `localizedValue` for people. */
export function readActivityEntry(raw: unknown): ActivityEntry {
  const event = record(raw);
  const operation = text(at(event.operationName, 'value'));
  return {
    id: text(event.eventDataId) || text(event.id, 1_024),
    at: time(event.eventTimestamp),
    operation,
    title: text(at(event.operationName, 'localizedValue')) || operation,
    status: text(at(event.status, 'value')),
    caller: text(event.caller),
    resource: text(event.resourceId, 1_024),
    correlation: text(event.correlationId),
  };
}
