import { type Turns, toItsEnd } from '../policies/turns.ts';
import { type Memory, REDACTED } from './named-values.ts';
import { redactText } from './redact-text.ts';
import { isHarmless, isReference, isSecretName, isSecretVariable } from './secret-name.ts';

/** Takes secrets out of all that leaves. It remembers those it met under a name, and takes them out wherever they come again. */
export type Redactor = {
  text(text: string): string;
  /** The same of a text of megabytes. */
  longText(text: string): Turns<string>;
  /** A copy of plain data, such as a Kubernetes object, without what its names or its texts give away. */
  data(value: unknown): unknown;
  /** The same of data with long lists in its fields, such as a report. */
  longData(value: Readonly<Record<string, unknown>>): Turns<unknown>;
  /** Something known to be secret, whatever it looks like. */
  know(secret: string): void;
  /** How often something was taken out. */
  count(): number;
};

/** `isName`: what is part of an object's name stays, although somewhere it may be a password, too. */
export function createRedactor(isName: (text: string) => boolean = () => false): Redactor {
  const known = new Set<string>();
  const memory: Memory = { hear: know, holds: (text) => known.size > 0 && patternNow().test(text) };
  let pattern: RegExp | undefined;
  let taken = 0;

  function know(secret: string): void {
    if (known.has(secret) || known.size >= mostKnown || !isTelling(secret) || isName(secret)) return;
    known.add(secret);
    pattern = undefined;
  }

  function text(given: string): string {
    return toItsEnd(longText(given));
  }

  function* longText(given: string): Turns<string> {
    const redacted = withoutKnown(yield* redactText(given, memory));
    if (redacted !== given) taken += 1;
    return redacted;
  }

  function* longData(value: Readonly<Record<string, unknown>>): Turns<unknown> {
    const copy: Record<string, unknown> = {};
    for (const [key, one] of Object.entries(value)) {
      yield;
      const isLong = Array.isArray(one) && !isSecretName(key) && one.every((item) => typeof item === 'object');
      if (!isLong) {
        copy[key] = field(value, key, one, 0, '');
        continue;
      }
      const items: unknown[] = [];
      for (const item of one) {
        items.push(data(item, 2));
        yield;
      }
      copy[key] = items;
    }
    return copy;
  }

  function withoutKnown(given: string): string {
    return known.size === 0 ? given : given.replace(patternNow(), REDACTED);
  }

  function patternNow(): RegExp {
    pattern ??= new RegExp([...known].flatMap(formsOf).toSorted(longestFirst).map(escaped).join('|'), 'g');
    pattern.lastIndex = 0;
    return pattern;
  }

  function withheld(value: string): string {
    taken += 1;
    know(value);
    return REDACTED;
  }

  /** `within`: of what is called as secrets are: every text in it is one, but for those that say which. */
  function data(value: unknown, depth: number, within = ''): unknown {
    if (typeof value === 'number' && within !== '' && !isHarmless(String(value), within))
      return withheld(String(value));
    if (typeof value === 'string') return within === '' || isHarmless(value, within) ? text(value) : withheld(value);
    if (typeof value !== 'object' || value === null) return value;
    if (depth > deepest) return '[left out: nested too deep]';
    if (Array.isArray(value)) return list(value, depth, within);
    const raw = value as Record<string, unknown>;
    const held = columnsOf(raw);
    const entries = Object.entries(raw).map(([key, one]) => [
      text(key),
      key === 'rows' && held !== undefined
        ? rows(one as readonly unknown[], held, depth)
        : field(raw, key, one, depth, within),
    ]);
    return Object.fromEntries(entries);
  }

  /** `["--password", "hunter2"]`: the name is the item before. */
  function list(items: readonly unknown[], depth: number, within: string): unknown[] {
    return items.map((item, at) => {
      const before = items[at - 1];
      const isNamed = typeof before === 'string' && /^--?[\w.-]+$/.test(before) && isSecretName(before);
      if (isNamed && typeof item === 'string' && !item.startsWith('-') && !isHarmless(item, before))
        return withheld(item);
      return data(item, depth + 1, within);
    });
  }

  /** Of an answer in columns: the name is the column's. */
  function rows(all: readonly unknown[], columns: readonly string[], depth: number): unknown[] {
    return all.map((row) =>
      Array.isArray(row)
        ? row.map((cell, at) => data(cell, depth + 2, isSecretName(columns[at] ?? '') ? columns[at] : ''))
        : data(row, depth + 1),
    );
  }

  function field(owner: Readonly<Record<string, unknown>>, key: string, value: unknown, depth: number, within: string) {
    // What kubectl applied is the whole object once more, as one string.
    if (key === lastApplied) return '[left out]';
    // An environment variable, a header, an option: the name is beside the value.
    const name = owner['name'] ?? owner['Name'] ?? owner['key'];
    const isNamed = /^value$/i.test(key) && typeof name === 'string' && isSecretVariable(name);
    const isSecret = isNamed || isSecretName(key) || (owner['kind'] === 'Secret' && /^(stringData|data)$/.test(key));
    return data(value, depth + 1, isSecret ? key : isReference(key) ? '' : within);
  }

  return { text, longText, data: (value) => data(value, 0), longData, know, count: () => taken };
}

/** Its names, where a value is an answer of rows below columns. */
function columnsOf({ columns, rows }: Readonly<Record<string, unknown>>): readonly string[] | undefined {
  if (!Array.isArray(columns) || !Array.isArray(rows)) return undefined;
  return columns.map((column) =>
    typeof column === 'string' ? column : String((column as { name?: unknown })?.name ?? ''),
  );
}

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
const deepest = 60;
const mostKnown = 2_000;

/** A mere word is not looked for elsewhere: a password `password` is in every second log line. */
function isTelling(secret: string): boolean {
  return secret.length >= 6 && secret.length <= 4_096 && /[a-z]/i.test(secret) && /[^a-z-]/.test(secret);
}

function formsOf(secret: string): readonly string[] {
  const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '');
  const inText = JSON.stringify(secret).slice(1, -1);
  const inHtml = secret.replace(/[&<>"'`]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return [...new Set([secret, base64, encodeURIComponent(secret.toWellFormed()), inText, inHtml])];
}

function longestFirst(a: string, b: string): number {
  return b.length - a.length;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
