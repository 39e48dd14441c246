import type { KubeObject } from '../cluster.ts';

// How the printers of kubectl's tables say things (pkg/printers/internalversion of Kubernetes).

export const none = '<none>';
export const unknown = '<unknown>';

/** duration.HumanDuration: 42s, 7m3s, 3h, 2d4h, 5y32d. */
export function humanDuration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return two(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return two(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (hours < 192) return two(days, 'd', hours % 24, 'h');
  if (hours < 24 * 365 * 2) return `${days}d`;
  const years = Math.floor(days / 365);
  return hours < 24 * 365 * 8 ? two(years, 'y', days % 365, 'd') : `${years}y`;
}

function two(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`;
}

export function ageSince(time: unknown, now: number): string {
  return typeof time === 'string' && time !== '' ? humanDuration(now - Date.parse(time)) : unknown;
}

export function ageOf(object: KubeObject, now: number): string {
  return ageSince(object.metadata.creationTimestamp, now);
}

/** `a=b,c=d`, sorted; `<none>` for nothing. */
export function tellLabels(labels: unknown): string {
  const entries = Object.entries((labels ?? {}) as Record<string, string>);
  return (
    entries
      .map(([key, value]) => `${key}=${value}`)
      .sort()
      .join(',') || none
  );
}

type Requirement = { key: string; operator: string; values?: string[] };

/** metav1.FormatLabelSelector. */
export function tellSelector(selector: unknown): string {
  const { matchLabels, matchExpressions } = (selector ?? {}) as {
    matchLabels?: Record<string, string>;
    matchExpressions?: Requirement[];
  };
  const told = Object.entries(matchLabels ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`);
  for (const { key, operator, values = [] } of matchExpressions ?? []) {
    if (operator === 'Exists') told.push(key);
    else if (operator === 'DoesNotExist') told.push(`!${key}`);
    else told.push(`${key} ${operator === 'In' ? 'in' : 'notin'} (${[...values].sort().join(',')})`);
  }
  return told.join(',') || none;
}

/** A value deep inside an object; undefined where anything on the way is missing. */
export function at(object: unknown, ...path: (string | number)[]): unknown {
  let value = object;
  for (const step of path) {
    if (value === null || typeof value !== 'object') return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}

export function listAt(object: unknown, ...path: (string | number)[]): Record<string, unknown>[] {
  const value = at(object, ...path);
  return Array.isArray(value) ? value : [];
}

export function numberAt(object: unknown, ...path: (string | number)[]): number {
  const value = at(object, ...path);
  return typeof value === 'number' ? value : 0;
}

export function textAt(object: unknown, ...path: (string | number)[]): string {
  const value = at(object, ...path);
  return value === undefined || value === null ? '' : String(value);
}
