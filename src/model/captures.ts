import { record, time } from './objects/raw.ts';
import type { RawObject } from './objects/row.ts';

export const managedBy = 'app.kubernetes.io/managed-by';
export const managedByUs = 'ciliscope';

/** Until when a capture was wanted, ms since 1970; 0 where the object is none of ours. */
export function captureUntil(object: RawObject): number {
  const { labels, annotations } = record(object.metadata);
  if (record(labels)[managedBy] !== managedByUs) return 0;
  return time(record(annotations)['ciliscope/until']);
}
