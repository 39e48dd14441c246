import { describe, expect, it } from 'vitest';
import { unreadText } from '../../../src/commands/check/unread.ts';
import { exitCode } from '../../../src/commands/check.ts';
import type { Judgement, Severity } from '../../../src/model/finding.ts';
import { given } from '../../checks/given.ts';

const judgement = (severities: readonly Severity[], notLookedAt = 0): Judgement => ({
  findings: severities.map((severity) => ({
    id: 'a/b',
    severity,
    title: '',
    objects: [],
    evidence: [],
    reach: '',
    next: '',
  })),
  notLookedAt: Array.from({ length: notLookedAt }, () => ({ id: 'a/c', reason: '' })),
  notAsked: [],
  looked: 0,
  of: 0,
  waiting: [],
  cleared: [],
  since: 0,
  at: 0,
});

describe('exit code of check', () => {
  it.each([
    ['nothing found', [], 0, false, 0],
    ['a note', ['note'], 0, false, 0],
    ['a warning', ['warning'], 0, false, 1],
    ['an error', ['note', 'error'], 0, false, 1],
    ['not looked at', [], 3, false, 0],
    ['not looked at, strictly', [], 3, true, 2],
    ['all looked at, strictly', [], 0, true, 0],
    ['found and not looked at, strictly', ['error'], 3, true, 1],
  ] as const)('%s', (_, severities, notLooked, strict, code) => {
    expect(exitCode(judgement(severities, notLooked), given(), strict)).toBe(code);
  });

  it.each([
    ['nodes', 'nodes'],
    ['pods', 'pods'],
    ['systemPods', 'agents'],
  ] as const)('2 without %s, whatever was found', (source, name) => {
    const snapshot = given({ links: { [source]: 'forbidden' } });
    expect(exitCode(judgement(['error']), snapshot, false)).toBe(2);
    expect(unreadText(snapshot)).toContain(`${name}: forbidden`);
  });
});
