import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/model/finding.ts';
import { vitals } from '../../src/panes/vitals.ts';
import { now, snapshotOf } from './fixtures/cluster.ts';

const finding = (id: string, more: Partial<Finding> = {}): Finding => ({
  id,
  severity: 'error',
  title: id,
  objects: [],
  evidence: [],
  reach: '320 pods',
  next: '',
  ...more,
});
const slices = (findings: readonly Finding[]) => {
  const found = vitals(snapshotOf({ findings }), now).find(({ id }) => id === 'slices');
  return `${found?.glyph} ${found?.text}`;
};

describe('how the slices do', () => {
  it.each<[string, readonly Finding[], string]>([
    ['well', [], 'ok 0'],
    ['they lag', [finding('endpoints/slice-lag')], 'error 320 pods wait over 1m'],
    [
      'they lag because of something else',
      [
        finding('agents/operator-unavailable', {
          explains: [{ id: 'endpoints/slice-lag', title: 'slices lag', reach: '9 pods' }],
        }),
      ],
      'error 9 pods wait over 1m',
    ],
    [
      'what came before we watched is in no slice',
      [
        finding('agents/operator-unavailable', {
          explains: [
            { id: 'endpoints/missing-from-slices', title: '87 endpoints in no slice', reach: '87 pods' },
            {
              id: 'endpoints/stale-slice-entry',
              title: '92 slice entries of endpoints that are gone',
              reach: '92 pods',
            },
          ],
        }),
      ],
      'error 87 pods in no slice',
    ],
    ['an entry without endpoint', [finding('endpoints/stale-slice-entry', { severity: 'warning' })], 'warning 0'],
    ['what is wrong elsewhere', [finding('agents/crash-looping')], 'ok 0'],
  ])('%s', (_, findings, text) => expect(slices(findings)).toBe(text));
});
