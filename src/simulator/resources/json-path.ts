import { humanDuration } from './cells.ts';

/** A printer column's cell: the value its JSON path finds, dates as ages, null where there is none. */
export function cellOf(column: { type: string; jsonPath: string }, object: unknown, now: number): unknown {
  const found = valuesAt(object, column.jsonPath)[0];
  if (found === undefined || found === null) return null;
  if (column.type === 'date') return humanDuration(now - Date.parse(String(found)));
  if (column.type === 'string') return typeof found === 'string' ? found : JSON.stringify(found);
  return found;
}

/** The subset of JSONPath that printer columns use: `.a.b`, `[0]`, `[*]`, `['a.b']`, `\.`, `[?(@.type=="Ready")]`. */
function valuesAt(root: unknown, path: string): unknown[] {
  const steps = path.match(/\.(?:\\.|[^.[\\])+|\[[^\]]*\]/g) ?? [];
  return steps.reduce<unknown[]>((values, step) => values.flatMap((value) => stepInto(value, step)), [root]);
}

function stepInto(value: unknown, step: string): unknown[] {
  if (value === null || typeof value !== 'object') return [];
  if (step.startsWith('.')) return present((value as Record<string, unknown>)[step.slice(1).replace(/\\(.)/g, '$1')]);
  const inside = step.slice(1, -1);
  const filter = /^\?\(@((?:\.[^=!]+)?)\s*==\s*["'](.*)["']\)$/.exec(inside);
  if (filter !== null) {
    const items = Array.isArray(value) ? value : [];
    return items.filter((item) => valuesAt(item, (filter[1] ?? '').trim())[0] === filter[2]);
  }
  if (inside === '*') return Object.values(value);
  const quoted = /^["'](.*)["']$/.exec(inside);
  return present((value as Record<string, unknown>)[quoted?.[1] ?? inside]);
}

function present(value: unknown): unknown[] {
  return value === undefined ? [] : [value];
}
