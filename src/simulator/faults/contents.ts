// Objects no program expects: incomplete, enormous, or written by somebody who means harm.

import type { FaultAction } from '../api/intercept.ts';
import { chance } from '../voices/chance.ts';
import { type Fault, reads } from './fault.ts';

type Loose = { [field: string]: unknown };

export const contentFaults: readonly Fault[] = [
  {
    id: 'odd-objects',
    title: 'Some objects lack their status, carry nulls, an annotation of 1 MB, or 5,000 labels.',
    verbs: reads,
    intercept: () => () => rewriting(odd),
  },
  {
    id: 'hostile-text',
    title: 'Labels, annotations and messages carry escape sequences, bidirectional controls and wide characters.',
    verbs: reads,
    intercept: () => () => rewriting((object) => hostile(object) as Loose),
  },
  {
    id: 'clock-skew',
    title: "The server's clock, and so every time in its objects, is ten minutes ahead.",
    intercept: () => () => [{ kind: 'clock', aheadMs }, ...rewriting((object) => later(object) as Loose)],
  },
  {
    id: 'reordered-keys',
    title: 'The fields of objects come in another order.',
    verbs: reads,
    intercept: () => () => rewriting((object) => reversed(object) as Loose),
  },
];

function rewriting(rewrite: (object: Loose) => Loose): FaultAction[] {
  return [
    { kind: 'rewrite', rewrite },
    {
      kind: 'watch-rewrite',
      rewrite: (line) =>
        line.type === 'ERROR' || line.type === 'BOOKMARK' ? [line] : [{ ...line, object: rewrite(line.object) }],
    },
  ];
}

function odd(object: Loose): Loose {
  const metadata = object.metadata as Loose | undefined;
  const which = Math.floor(chance(String(metadata?.uid ?? '')) * 20);
  const { status: _, spec, ...rest } = object;
  switch (which) {
    case 0:
      return { ...rest, spec };
    case 1:
      return { ...object, status: null, spec: null };
    case 2:
      return {
        ...rest,
        metadata: {
          name: metadata?.name,
          namespace: metadata?.namespace,
          uid: metadata?.uid,
          resourceVersion: metadata?.resourceVersion,
        },
      };
    case 3:
      return { ...object, metadata: { ...metadata, annotations: { 'example.com/note': 'n'.repeat(1_000_000) } } };
    case 4:
      return {
        ...object,
        metadata: {
          ...metadata,
          labels: Object.fromEntries(
            Array.from({ length: 5000 }, (_unused, index) => [`example.com/label-${index}`, 'x']),
          ),
        },
      };
    case 5:
      return {
        ...object,
        metadata: {
          ...metadata,
          labels: null,
          annotations: null,
          ownerReferences: null,
          managedFields: null,
          creationTimestamp: null,
        },
      };
    default:
      return object;
  }
}

const hostileTexts = [
  '\u001b[2J\u001b[31mred',
  '\u001b]52;c;cm0gLXJmIC8=\u0007',
  '\u001b]0;title\u0007',
  '\u009b31m\u0085\u0090',
  'a\rb\u2028c\u202Egpj.exe',
  '漢字かな👩‍👩‍👧‍👦é\u0301\u200b',
];

// Fields that people write freely; names stay as they are, or nothing could be asked for any more.
const freeFields = new Set(['message', 'reason', 'note', 'description']);

function hostile(value: unknown, key = '', depth = 0): unknown {
  if (typeof value === 'string') {
    return freeFields.has(key) ? `${value}${hostileTexts[value.length % hostileTexts.length]}` : value;
  }
  if (Array.isArray(value)) return value.map((each) => hostile(each, key, depth + 1));
  if (value === null || typeof value !== 'object') return value;
  const out: Loose = {};
  for (const [name, each] of Object.entries(value)) {
    const labels = (name === 'labels' || name === 'annotations') && key === 'metadata';
    out[name] = labels ? withHostileEntry(each as Loose) : hostile(each, name, depth + 1);
  }
  if (key === 'metadata' && depth === 1) out.annotations ??= withHostileEntry({});
  return out;
}

function withHostileEntry(entries: Loose | null): Loose {
  return { ...entries, 'example.com/hostile': hostileTexts.join(' ') };
}

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

const aheadMs = 600_000;

function later(value: unknown): unknown {
  if (typeof value === 'string') {
    if (!rfc3339.test(value)) return value;
    const moved = new Date(Date.parse(value) + aheadMs).toISOString();
    return value.includes('.') ? moved.replace('Z', '000Z') : moved.replace(/\.\d+Z$/, 'Z');
  }
  if (Array.isArray(value)) return value.map(later);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, later(each)]));
}

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, each]): [string, unknown] => [key, reversed(each)])
      .reverse(),
  );
}
