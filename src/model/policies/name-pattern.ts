/** A name or a pattern of names, as toFQDNs takes them. Plain data, for policies cross threads. */
export type NamePattern = {
  text: string;
  /** What the labels of a name must be, each with `*` for characters in it; before them may stand what `before` says. */
  labels: readonly string[];
  before: 'nothing' | 'one or more' | 'anything';
};

const MOST = 255;

/** An exact name; a trailing dot is of no account. Undefined where Cilium would refuse it. */
export function exactName(text: unknown): NamePattern | undefined {
  if (typeof text !== 'string' || text.length > MOST || !isDotted(text, /^[-a-zA-Z0-9_]+$/)) return undefined;
  return { text, labels: labelsOf(text), before: 'nothing' };
}

/**
 * A pattern: `*` stands for characters within one label, a leading `**.` for one label or more, and a bare `*` for every
 * name (domain §7.3; so does Cilium's own matcher). Undefined where Cilium would refuse it.
 */
export function namePattern(text: unknown): NamePattern | undefined {
  if (typeof text !== 'string' || text.length > MOST || !isDotted(text, /^[-a-zA-Z0-9_*]+$/)) return undefined;
  if (/^\*+\.?$/.test(text)) return { text, labels: [], before: 'anything' };
  const deep = /^\*{2,}\./.exec(text);
  if (deep) return { text, labels: labelsOf(text.slice(deep[0].length)), before: 'one or more' };
  return { text, labels: labelsOf(text), before: 'nothing' };
}

export function matchesName({ labels, before }: NamePattern, name: string): boolean {
  if (before === 'anything') return true;
  const given = labelsOf(name);
  const above = given.length - labels.length;
  if (before === 'nothing' ? above !== 0 : above < 1) return false;
  return labels.every((pattern, index) => matchesGlob(pattern, given[above + index] ?? ''));
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

function labelsOf(name: string): readonly string[] {
  return name.toLowerCase().replace(/\.$/, '').split('.');
}
