import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { differenceLines } from '../../../src/actions/difference-lines.ts';
import type { Outcome } from '../../../src/actions/road.ts';
import type { RawObject } from '../../../src/model/objects/row.ts';
import type { PairChange, PolicySummary, WhatIfReport } from '../../../src/model/policies/policy-asks.ts';
import { spansText } from '../../../src/panes/spans.ts';
import {
  type DraftState,
  nothingYet,
  withApplied,
  withBase,
  withText,
} from '../../../src/panes/what-if/draft-state.ts';
import { portsText } from '../../../src/panes/what-if/pair-rows.ts';
import type { Standing } from '../../../src/panes/what-if/standing.ts';
import type { Tried } from '../../../src/panes/what-if/tried.ts';
import { whatIfPage } from '../../../src/panes/what-if/what-if-page.ts';
import { width } from '../../../src/ui/text.ts';
import { createTheme } from '../../../src/ui/theme.ts';

const { glyphs } = createTheme({ ascii: false, colour: false });
const now = Date.parse('2026-11-22T12:00:00Z');
const ref = { kind: 'CiliumNetworkPolicy', namespace: 'shop', name: 'db' } as const;
const key = 'CiliumNetworkPolicy|shop/db';

const policy = (port: number, more: Record<string, unknown> = {}): RawObject =>
  parse(`apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: ${JSON.stringify({ name: 'db', namespace: 'shop', uid: 'u1', ...more })}
spec:
  endpointSelector: { matchLabels: { app: db } }
  ingress:
  - toPorts: [{ ports: [{ port: "${port}", protocol: TCP }] }]
`);
const live = policy(5432);
const draft = policy(5433);
const standing: Standing = {
  key,
  ref,
  way: 'put',
  live,
  difference: differenceLines(live, draft),
  refused: '',
  hint: '',
  warnings: [],
};
const pair = (
  from: string,
  to: string,
  port: number,
  before: PairChange['before'],
  after: PairChange['after'],
  pods: [number, number] = [3, 1],
): PairChange => ({
  from,
  to,
  pods,
  port: { port, protocol: 'TCP', other: false },
  before,
  after,
});
const summary: PolicySummary = { ref, selects: 1, isolates: { ingress: 1, egress: 0 }, inForce: 'yes', why: '' };
const report: WhatIfReport = {
  pairs: [
    pair('shop/report', 'shop/db', 5433, 'deny', 'allow', [1, 1]),
    pair('shop/checkout', 'shop/db', 5432, 'allow', 'deny'),
  ],
  outside: [pair('entity:world', 'shop/db', 5433, 'deny', 'allow', [0, 1])],
  undeclared: [],
  unchanged: 41_230,
  findings: [],
  summaries: [summary],
  at: now,
};
const state = withBase(withText(nothingYet, JSON.stringify(policy(5433)), 'shop'), new Map([[key, live]]));
const tried: Tried = {
  state,
  report,
  standings: { at: now, of: [standing] },
  unasked: '',
  uncomputed: '',
  before: () => ({ ...summary, selects: 3 }),
};

function page(more: Partial<Tried>, columns = 78): string[] {
  // What is no heading stands two columns in.
  return whatIfPage({ ...tried, ...more }, { columns, glyphs, now }).map(({ spans }) =>
    spansText(spans).trimEnd().replace(/^ {2}/, ''),
  );
}

describe('what a change would do', () => {
  it('says it first, then whom it cuts off, whom it lets in, and how it is written', () => {
    expect(page({})).toEqual([
      '▲ 1 pair newly denied, 1 newly allowed, 1 with nodes or the world · 41,230',
      '  pairs unchanged',
      '● The server would take CiliumNetworkPolicy shop/db (dry run).',
      '',
      'Newly denied · 1',
      'shop/checkout → shop/db  5432/TCP  3 → 1 pods  was allowed',
      '',
      'Newly allowed · 1',
      'shop/report → shop/db  5433/TCP  1 → 1 pods  was denied',
      '',
      'With nodes and the world outside · 1',
      'entity:world → shop/db  5433/TCP  – → 1 pods  ● allowed, was denied',
      '',
      'Whom it is about',
      'CNP shop/db  selects 3 → 1 pods, isolates 1 in ingress, 0 in egress',
      '',
      'What is changed: CiliumNetworkPolicy shop/db · +1 −1 lines',
      '  … line 10',
      ...standing.difference.slice(1).map(({ sign, text }) => `${sign} ${text}`.trimEnd()),
    ]);
  });

  it('a pair leads to its verdict of today', () => {
    const lines = whatIfPage(tried, { columns: 78, glyphs, now });
    expect(lines.find(({ id }) => id.startsWith('pair shop/checkout'))?.target).toEqual({
      pane: 'verdict',
      args: ['shop/checkout', 'shop/db', '5432/TCP'],
    });
  });

  it.each([78, 118, 198])('no line is wider than %i columns; the ends of names stay', (columns) => {
    const long = 'a-namespace-of-a-very-long-name/some-workload-with-a-name-that-goes-on-and-on-v2';
    const pairs = [pair(long, long.replace('v2', 'v1'), 65_535, 'allow', 'deny', [12_345, 12_345])];
    const pages = [page({ report: { ...report, pairs } }, columns), page({}, columns)];
    expect(pages.flat().filter((line) => width(line) > columns && !/^[+ -] /.test(line))).toEqual([]);
    expect(pages[0]?.join('\n')).toMatch(/v2 +→ .*v1 /);
  });

  it('nothing differs', () => {
    const [first] = page({ report: { ...report, pairs: [], outside: [] } });
    expect(first).toBe('● No verdict differs · 41,230 pairs unchanged');
  });

  it('thousands of pairs are counted, and the page stays one', () => {
    const pairs = Array.from({ length: 5_000 }, (_, index) => pair(`a/w${index}`, 'b/x', 80, 'allow', 'deny'));
    const lines = page({ report: { ...report, pairs } });
    expect(lines.length).toBeLessThan(400);
    expect(lines[0]).toMatch(/^▲ 5,000 pairs newly denied/);
    expect(lines).toContain('and 4,700 more pairs of workloads');
  });

  it('errors of the draft are told above, with path and mend below', () => {
    const finding = {
      id: 'policies/rejected',
      severity: 'error',
      path: 'spec.ingress[0]',
      text: 'Refused.',
      next: 'Mend it.',
      policy: ref,
    } as const;
    const lines = page({ report: { ...report, findings: [finding] } });
    expect(lines.join('\n')).toContain('✖ 1 error in the draft');
    expect(lines.join('\n')).toContain('✖ CNP shop/db spec.ingress[0]  policies/rejected\n  Refused.\n  Mend it.');
  });

  it('a draft that would not be in force', () => {
    const summaries = [{ ...summary, inForce: 'no', why: 'Cilium refuses it' } as const];
    expect(page({ report: { ...report, summaries } }).join('\n')).toContain(
      '✖ would not be in force: Cilium refuses it',
    );
  });
});

describe('what the server says', () => {
  const server = (more: Partial<Standing>, draftState: DraftState = state, at = now) =>
    page({ state: draftState, standings: { at, of: [{ ...standing, ...more }] } }).join('\n');

  it.each([
    [
      { live: undefined },
      /● The server would make CiliumNetworkPolicy shop\/db \(dry run\): it is not there yet\./,
      nothingYet.base,
    ],
    [{ difference: [] }, /● CiliumNetworkPolicy shop\/db is as the cluster has it\./, state.base],
    [
      { refused: 'spec.ingress[0]: unknown field "frm".', hint: 'Correct it.' },
      /✖ The server refuses it: spec\.ingress\[0\]: unknown field "frm"\. Correct it\./,
      state.base,
    ],
    [{ way: 'remove' as const }, /● The server would delete CiliumNetworkPolicy shop\/db \(dry run\)\./, state.base],
    [{ warnings: ['A controller keeps it.'] }, /▲ A controller keeps it\./, state.base],
  ])('%j', (more, said, base) => expect(server(more, { ...state, base }).replaceAll(/\n {2}/g, ' ')).toMatch(said));

  it('somebody else changed it meanwhile: who, and both differences', () => {
    const theirs = policy(5432, {
      labels: { team: 'pay' },
      managedFields: [{ manager: 'kubectl-edit', operation: 'Update', time: '2026-11-22T11:58:00Z' }],
    });
    const text = server({ live: theirs });
    expect(text.replaceAll(/\n {2}/g, ' ')).toMatch(
      /▲ CiliumNetworkPolicy shop\/db was changed meanwhile by kubectl-edit at 11:58:00/,
    );
    expect(text).toMatch(/Changed meanwhile: CiliumNetworkPolicy shop\/db · \+2 −0 lines/);
    expect(text).toMatch(/What is changed: CiliumNetworkPolicy shop\/db/);
  });

  it('the server was not asked, and why', () => {
    expect(page({ standings: undefined, unasked: 'The server does not answer.' }).join('\n')).toContain(
      '○ The server was not asked: The server does not answer.',
    );
  });
});

it('nobody can say what it would do, and why', () => {
  const lines = page({ report: undefined, uncomputed: 'Pods are still being read.' });
  expect(lines[0]).toBe('○ What it would do is not known: Pods are still being read.');
});

describe('what became of it', () => {
  const outcome = {
    outcome: 'verified',
    text: 'Seen in the watch.',
    hint: '',
    kind: '',
    undo: { id: '1', title: '', verb: 'restore', object: ref, at: now, user: '' },
  } as const satisfies Outcome;
  const applied = withApplied(state, key, { outcome, at: now, report });
  const at = (standings: Tried['standings']) => page({ state: applied, standings }, 118).join('\n');

  it('applied, and as long as nothing else is known it stands; what it did stays to be read', () => {
    expect(at({ at: now - 1, of: [standing] })).toMatch(
      /^● Applied 12:00:00\. Seen in the watch\. :undo takes it back\./,
    );
    expect(at({ at: now - 1, of: [standing] })).not.toMatch(/dry run|not so any more/);
    expect(at({ at: now + 1, of: [{ ...standing, live: draft, difference: [] }] })).not.toMatch(
      /dry run|not so any more/,
    );
    expect(at({ at: now + 1, of: [{ ...standing, live: draft, difference: [] }] })).toContain('Newly denied · 1');
  });

  it('taken back since', () => {
    expect(at({ at: now + 1, of: [standing] })).toMatch(
      /▲ CiliumNetworkPolicy shop\/db is not so any more: it was taken back, or changed again\./,
    );
  });

  it('refused: nothing was applied', () => {
    const refused = withApplied(state, key, {
      outcome: { ...outcome, outcome: 'refused', text: 'Somebody was faster.', undo: undefined },
      at: now,
      report,
    });
    expect(page({ state: refused }).join('\n')).toMatch(/^✖ Somebody was faster\.\n/);
  });

  it('a draft that cannot be read says where, and nothing else', () => {
    const broken = withText(state, 'kind: [', 'shop', 2);
    expect(page({ state: broken, report: undefined, standings: undefined }, 198)).toEqual([
      expect.stringMatching(/^✖ The draft cannot be read: line 3, column/),
      'e goes on editing it; nothing of it is lost.',
    ]);
  });
});

describe('the ports of a pair', () => {
  const port = (number: number, protocol: 'TCP' | 'UDP' | 'SCTP' | 'ICMP', other = false) => ({
    port: number,
    protocol,
    other,
  });
  it.each([
    [[port(8080, 'TCP')], '8080/TCP'],
    [[port(53, 'UDP'), port(53, 'TCP')], '53/UDP+TCP'],
    [
      [
        port(53, 'TCP'),
        port(53, 'UDP'),
        port(53, 'SCTP'),
        port(0, 'TCP', true),
        port(0, 'UDP', true),
        port(0, 'SCTP', true),
      ],
      'others, 53',
    ],
    [[port(80, 'TCP'), port(0, 'TCP', true)], 'others by TCP, 80/TCP'],
    [[port(8, 'ICMP')], 'ICMP type 8'],
  ])('%j', (ports, text) => expect(portsText(ports)).toBe(text));

  it('stand in one line, which leads to the verdict on all of them', () => {
    const pairs = [pair('a/x', 'b/y', 53, 'allow', 'deny'), pair('a/x', 'b/y', 80, 'allow', 'deny')];
    const lines = whatIfPage({ ...tried, report: { ...report, pairs } }, { columns: 78, glyphs, now });
    const rows = lines.filter(({ id }) => id.startsWith('pair a/x'));
    expect(rows.map(({ spans }) => spansText(spans).trim())).toEqual([
      'a/x → b/y  53/TCP, 80/TCP  3 → 1 pods  was allowed',
    ]);
    expect(rows[0]?.target).toEqual({ pane: 'verdict', args: ['a/x', 'b/y', ''] });
  });
});
