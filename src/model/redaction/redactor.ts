import { type Memory, REDACTED, redactText } from './redact-text.ts';
import { isHarmless, isSecretName, isSecretVariable } from './secret-name.ts';

/** Takes secrets out of all that leaves. It remembers those it met under a name, and takes them out wherever they come again. */
export type Redactor = {
  text(text: string): string;
  /** A copy of plain data, such as a Kubernetes object, without what its names or its texts give away. */
  data(value: unknown): unknown;
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
    const redacted = withoutKnown(redactText(given, memory));
    if (redacted !== given) taken += 1;
    return redacted;
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

  function data(value: unknown, depth = 0): unknown {
    if (typeof value === 'string') return text(value);
    if (typeof value !== 'object' || value === null) return value;
    if (depth > deepest) return '[left out: nested too deep]';
    if (Array.isArray(value)) return list(value, depth);
    const raw = value as Record<string, unknown>;
    const entries = Object.entries(raw).map(([key, one]) => [text(key), field(raw, key, one, depth)]);
    return Object.fromEntries(entries);
  }

  /** `["--password", "hunter2"]`: the name is the item before. */
  function list(items: readonly unknown[], depth: number): unknown[] {
    return items.map((item, at) => {
      const before = items[at - 1];
      const isNamed = typeof before === 'string' && /^--?[\w.-]+$/.test(before) && isSecretName(before);
      if (isNamed && typeof item === 'string' && !item.startsWith('-') && !isHarmless(item)) return withheld(item);
      return data(item, depth + 1);
    });
  }

  function field(owner: Readonly<Record<string, unknown>>, key: string, value: unknown, depth: number): unknown {
    // What kubectl applied is the whole object once more, as one string.
    if (key === lastApplied) return '[left out]';
    if (typeof value !== 'string') return data(value, depth + 1);
    // An environment variable, a header, an option: the name is beside the value.
    const { name } = owner;
    const isNamed = key === 'value' && typeof name === 'string' && isSecretVariable(name);
    if ((isNamed || isSecretName(key)) && !isHarmless(value)) return withheld(value);
    return text(value);
  }

  return { text, data: (value) => data(value), know, count: () => taken };
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
  return [...new Set([secret, base64, encodeURIComponent(secret), inText])];
}

function longestFirst(a: string, b: string): number {
  return b.length - a.length;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
