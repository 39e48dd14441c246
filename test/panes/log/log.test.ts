import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { LogEvent } from '../../../src/model/asks.ts';
import { emptyLog, foldLog } from '../../../src/panes/log/log-buffer.ts';
import { logText } from '../../../src/panes/log/log-text.ts';
import { containersOf, likeliest } from '../../../src/panes/log/use-containers.ts';

const lines = (...text: string[]): LogEvent => ({ type: 'lines', lines: text });

describe('the log that is kept', () => {
  it('is bounded, and says how much is no longer there', () => {
    const buffer = foldLog(emptyLog, [lines('1', '2', '3'), lines('4', '5')], 3);
    expect(buffer).toMatchObject({ dropped: 2, received: 5 });
    expect(logText(buffer, '').map((span) => span.text)).toEqual([
      '— 2 older lines are no longer kept here —',
      '3',
      '4',
      '5',
    ]);
  });

  it('marks where lines are missing and why it ended, whatever is filtered', () => {
    const buffer = foldLog(emptyLog, [
      lines('keep me', 'other'),
      { type: 'gap', text: '120 lines dropped' },
      { type: 'end', text: 'container ended' },
    ]);
    expect(logText(buffer, 'keep').map((span) => span.text)).toEqual([
      'keep me',
      '— 120 lines dropped —',
      '— container ended —',
    ]);
    expect(buffer.end).toBe('container ended');
  });

  it.each([
    ['time=2026 level=error msg="x"', 'error'],
    ['level=fatal msg="operation not permitted"', 'error'],
    ['time=2026 level=warn msg=x', 'warning'],
    ['level=warning msg=x', 'warning'],
    ['E1122 03:00:00.0 1 reflector.go:1] x', 'error'],
    ['time=2026 level=info msg="no error here"', undefined],
    ['Error budget fine', undefined],
  ])('%s is %s', (text, tone) => {
    expect(logText(foldLog(emptyLog, [lines(text)]), '')[0]?.tone).toBe(tone);
  });
});

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
