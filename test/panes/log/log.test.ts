import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { LogEvent } from '../../../src/model/asks.ts';
import { emptyBook, foldBook, type LogBook } from '../../../src/panes/log/log-book.ts';
import { logState } from '../../../src/panes/log/log-state.ts';
import { seenLine } from '../../../src/panes/log/row-detail.ts';
import { rowSpans, tellingNames } from '../../../src/panes/log/row-spans.ts';
import { sinceSeconds } from '../../../src/panes/log/since.ts';
import { containersOf, likeliest } from '../../../src/panes/log/use-containers.ts';
import { spansText } from '../../../src/panes/spans.ts';
import { createTheme } from '../../../src/ui/theme.ts';

const { glyphs } = createTheme({ ascii: false, colour: true });
const texts = ({ rows }: LogBook) => rows.map(({ text }) => text);

/** `'3 text'` = written in the third second. */
function lines(...written: string[]): LogEvent {
  return {
    type: 'lines',
    lines: written.map((one) => one.replace(/^\d+ /, '')),
    at: written.map((one) => Number.parseInt(one, 10) * 1_000 || 0),
    known: written.flatMap((one, place) => (one.includes('full') ? [{ place, pattern: 'policy-map-full' }] : [])),
  };
}

function bookOf(...batches: [source: number, event: LogEvent][][]): LogBook {
  return batches.reduce(
    (book, items) =>
      foldBook(
        book,
        items.map(([source, event]) => ({ source, event })),
        5,
      ),
    emptyBook(),
  );
}

describe('logs that are kept', () => {
  it('are merged by time, whichever comes first', () => {
    const book = bookOf([[0, lines('1 a', '4 d')]], [[1, lines('2 b', '3 c', '5 e')]]);
    expect(texts(book)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(book.reordered).toBe(1);
  });

  it('keep the order of each log, though its clock was set back or its lines have no time', () => {
    expect(texts(bookOf([[0, lines('5 a', '2 b', 'c')]], [[1, lines('6 d')]], [[0, lines('1 e')]]))).toEqual([
      'a',
      'b',
      'c',
      'e',
      'd',
    ]);
  });

  it('are bounded in lines, and say how many are gone', () => {
    const book = bookOf([[0, lines('1 a', '2 b full', '3 c')]], [[0, lines('4 d', '5 e', '6 f', '7 g')]]);
    expect(texts(book)).toEqual(['c', 'd', 'e', 'f', 'g']);
    expect(book).toMatchObject({ dropped: 2, received: 7, known: [] });
    // What was seen of it stays.
    expect(book.seen.get('policy-map-full')).toEqual({ count: 1, last: 2_000 });
  });

  it('are bounded in size: a thousand lines of 60,000 characters are not all there', () => {
    const long = 'x'.repeat(60_000);
    const book = foldBook(emptyBook(), [{ source: 0, event: { type: 'lines', lines: Array(1_000).fill(long) } }]);
    expect(book.size).toBeLessThan(24_000_000);
    expect(book.rows.length + book.dropped).toBe(1_000);
  });

  it('mark where lines are missing, where one log ends and that another goes on', () => {
    const book = bookOf(
      [
        [0, lines('1 a')],
        [1, lines('2 b')],
        [0, { type: 'gap', text: '120 lines dropped' }],
      ],
      [
        [0, lines('3 c')],
        [0, { type: 'end', text: 'The pod is gone.' }],
      ],
    );
    expect(texts(book)).toEqual(['a', '120 lines dropped', 'b', 'c', 'The pod is gone.']);
    expect(book.known.map(({ mark }) => mark)).toEqual(['gap', 'end']);
    expect([...book.ended]).toEqual([[0, { failed: false, text: 'The pod is gone.' }]]);
  });
});

describe('a line as drawn', () => {
  const row = {
    id: 1,
    source: 0,
    at: Date.parse('2026-11-22T03:14:07Z'),
    order: 0,
    text: '',
    known: '',
    mark: '',
  } as const;
  const look = { glyphs, nameWidth: 0, name: 'np1-vmss0002', search: '' };
  it.each([
    [
      'time=2026-11-22T03:14:07Z level=error msg="Failed to add PolicyMap key" endpointID=7',
      '03:14:07 ✖ Failed to add PolicyMap key  endpointID=7',
      'error',
    ],
    [
      'time="2026-11-22T03:14:07Z" level=warning msg="say \\"x\\"" subsys=daemon',
      '03:14:07 ✖ say "x"  subsys=daemon',
      'warning',
    ],
    ['{"level":"error","ts":"2026","msg":"no address","wanted":1}', '03:14:07 ✖ no address  wanted=1', 'error'],
    ['E1122 03:14:07.2 1 reflector.go:1] x', '03:14:07 ✖ E1122 03:14:07.2 1 reflector.go:1] x', 'error'],
    ['mount: /sys/fs/bpf: operation not permitted', '03:14:07 ✖ mount: /sys/fs/bpf: operation not permitted', 'plain'],
  ])('%s', (text, drawn, tone) => {
    const spans = rowSpans({ ...row, text, known: 'policy-map-full' }, look);
    expect(spansText(spans)).toBe(drawn);
    expect(spans[3]?.tone).toBe(tone);
  });

  it('says whose it is where there are several, and what is searched for stands out', () => {
    const spans = rowSpans({ ...row, text: 'an apple' }, { ...look, nameWidth: 8, search: 'APP' });
    expect(spansText(spans)).toBe('np1-…002 03:14:07   an apple');
    expect(spans.filter(({ inverse }) => inverse).map(({ text }) => text)).toEqual(['app']);
  });

  it('a mark says what is missing', () => {
    expect(spansText(rowSpans({ ...row, mark: 'gap', text: '9 lines dropped' }, look))).toBe('── 9 lines dropped ──');
  });
});

it.each([
  [
    ['aks-np1-vmss0', 'aks-np1-vmss1', 'aks-np2-vmss0'],
    ['np1-vmss0', 'np1-vmss1', 'np2-vmss0'],
  ],
  [
    ['aks-np1-vmss0', 'aks-np1-vmss1'],
    ['vmss0', 'vmss1'],
  ],
  [['node-1'], ['node-1']],
  [
    ['a', 'b'],
    ['a', 'b'],
  ],
  [
    ['web', 'web-1'],
    ['web', 'web-1'],
  ],
])('of the names %j %j tells them apart', (names, telling) => expect(tellingNames(names)).toEqual(telling));

it('the known lines are counted below, worst first, as far as there is room', () => {
  const seen = new Map([
    ['localhost-allowed', { count: 9, last: 0 }],
    ['policy-map-full', { count: 1_200, last: 50_000 }],
  ]);
  const line = (columns: number) => spansText(seenLine({ ...emptyBook(), seen }, columns, glyphs, 60_000));
  expect(line(80)).toBe(' known: ✖ policy-map-full ×1,200 10s ago · · localhost-allowed ×9');
  expect(line(50)).toBe(' known: ✖ policy-map-full ×1,200 10s ago · 1 more');
});

it.each([
  ['2h', 7_200],
  ['90s', 90],
  ['PT5M', 300],
  ['', 0],
  ['all', 0],
  ['yesterday', undefined],
  ['2026-11-22/PT1H', undefined],
])('since %s is %s seconds', (typed, seconds) => expect(sinceSeconds(typed)).toBe(seconds));

describe('which container one wants', () => {
  const pod = (yaml: string) => likeliest(containersOf(parse(yaml)))?.name;
  it.each([
    [
      'the failing init container',
      'spec: {initContainers: [{name: a}, {name: b}], containers: [{name: c}]}\nstatus: {initContainerStatuses: [{name: a, state: {terminated: {exitCode: 0}}}, {name: b, state: {waiting: {reason: CrashLoopBackOff}}}]}',
      'b',
    ],
    [
      'the first that is no init container',
      'spec: {initContainers: [{name: a}], containers: [{name: c}, {name: d}]}\nstatus: {}',
      'c',
    ],
    [
      'the one that ended badly',
      'spec: {containers: [{name: c}, {name: d}]}\nstatus: {containerStatuses: [{name: c, state: {running: {}}}, {name: d, state: {terminated: {exitCode: 137}}}]}',
      'd',
    ],
    ['none of a pod without any', '{}', undefined],
  ])('%s', (_, yaml, expected) => {
    expect(pod(yaml)).toBe(expected);
  });
});

it('is not called followed where the server has been silent', () => {
  const book = { ...bookOf([[0, lines('1 a')]]), sources: [{ namespace: 'n', pod: 'p', container: 'c', node: '' }] };
  const state = (silent: string, following = true) =>
    logState(book, { following, unseen: 0, finite: false, silent }, glyphs).text;
  expect(state('')).toBe('● following · 1 line');
  expect(state('stale 42s')).toBe('▲ API stale 42s · 1 line');
});
