/** A name or a pattern of names, as toFQDNs takes them. */
export type NamePattern = { text: string; matches(name: string): boolean };

const MOST = 255;

/** An exact name; a trailing dot is of no account. Undefined where Cilium would refuse it. */
export function exactName(text: unknown): NamePattern | undefined {
  if (typeof text !== 'string' || text.length > MOST || !isDotted(text, /^[-a-zA-Z0-9_]+$/)) return undefined;
  const wanted = plain(text);
  return { text, matches: (name) => plain(name) === wanted };
}

/**
 * A pattern: `*` stands for characters within one label, a leading `**.` for one label or more, and a bare `*` for every
 * name (domain §7.3; so does Cilium's own matcher). Undefined where Cilium would refuse it.
 */
export function namePattern(text: unknown): NamePattern | undefined {
  if (typeof text !== 'string' || text.length > MOST || !isDotted(text, /^[-a-zA-Z0-9_*]+$/)) return undefined;
  if (/^\*+\.?$/.test(text)) return { text, matches: () => true };
  const deep = /^\*{2,}\./.exec(text);
  const labels = plain(deep ? text.slice(deep[0].length) : text).split('.');
  return { text, matches: (name) => matchesLabels(labels, deep !== null, plain(name).split('.')) };
}

function matchesLabels(patterns: readonly string[], deep: boolean, labels: readonly string[]): boolean {
  const above = labels.length - patterns.length;
  if (deep ? above < 1 : above !== 0) return false;
  return patterns.every((pattern, index) => matchesGlob(pattern, labels[above + index] ?? ''));
}

/** Linear in both: patterns come from outside. */
function matchesGlob(pattern: string, label: string): boolean {
  const parts = pattern.split('*');
  const first = parts[0] ?? '';
  if (parts.length === 1) return label === first;
  const last = parts.at(-1) ?? '';
  if (label.length < first.length + last.length || !label.startsWith(first) || !label.endsWith(last)) return false;
  let from = first.length;
  for (const part of parts.slice(1, -1)) {
    const at = label.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return from <= label.length - last.length;
}

function isDotted(text: string, label: RegExp): boolean {
  const body = text.endsWith('.') ? text.slice(0, -1) : text;
  return body.split('.').every((part) => label.test(part));
}

function plain(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
