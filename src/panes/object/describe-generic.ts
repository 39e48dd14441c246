import { list, record } from '../../model/objects/raw.ts';
import { sanitiseLine as text } from '../../model/sanitise.ts';
import { type Entry, field, line, type Section } from './document.ts';

const told = new Set(['apiVersion', 'kind', 'metadata']);

/** Any kind: its own fields as an indented outline, spec and status first. */
export function describeGeneric(object: unknown): Section[] {
  const own = Object.entries(record(object)).filter(([key]) => !told.has(key));
  const rank = (key: string) => ['spec', 'specs', 'status'].indexOf(key) + 1 || 9;
  const scalars = own.filter(([, value]) => isScalar(value));
  const nested = own.filter(([, value]) => !isScalar(value)).sort(([a], [b]) => rank(a) - rank(b));
  return [
    { title: 'Fields', entries: scalars.flatMap(([key, value]) => field(text(key), text(value))) },
    ...nested.map(([key, value]) => ({ title: text(key), entries: outline(value, 0) })),
  ];
}

// 2,000 lines are more than anyone reads; the YAML has the rest.
const MOST = 2_000;

function outline(value: unknown, indent: number): Entry[] {
  const entries = Array.isArray(value)
    ? list(value).flatMap((item) => listItem(item, indent))
    : mapLines(value, indent);
  return entries.length > MOST ? [...entries.slice(0, MOST), line('… more in the YAML (y)', 'dim')] : entries;
}

function mapLines(value: unknown, indent: number): Entry[] {
  return Object.entries(record(value)).flatMap(([key, inner]) =>
    isScalar(inner)
      ? [line(`${text(key)}: ${text(inner)}`, undefined, indent)]
      : [line(`${text(key)}:`, undefined, indent), ...outline(inner, indent + 1)],
  );
}

function listItem(item: unknown, indent: number): Entry[] {
  if (isScalar(item)) return [line(`- ${text(item)}`, undefined, indent)];
  const [first, ...rest] = outline(item, indent + 1);
  return first?.type === 'line'
    ? [{ ...first, text: `- ${first.text}`, indent }, ...rest]
    : [line('- {}', undefined, indent)];
}

function isScalar(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}
