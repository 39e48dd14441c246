import { expect, it } from 'vitest';
import { unseenDeletes } from '../../src/panes/unseen-deletes.ts';

const noon = Date.parse('2026-11-22T12:00:00Z');
const at = (minutes: number) => noon + minutes * 60_000;
const text = (audited?: { from: number; until: number }) =>
  unseenDeletes({ entries: [], watchedSince: noon, tellsSince: 0, ...(audited ? { audited } : {}) }, at(5));

it.each([
  ['nobody audits', undefined, 'deletes before 12:00Z unseen'],
  [
    'the audit log reaches back, and its last minutes are on their way',
    { from: at(-360), until: at(-5) },
    'deletes before 06:00Z unseen, 11:55–12:00 not yet',
  ],
  ['it has come as far as we watch', { from: at(-360), until: at(2) }, 'deletes before 06:00Z unseen'],
  ['it reaches back no further than we do', { from: at(3), until: at(4) }, 'deletes before 12:00Z unseen'],
])('%s', (_, audited, said) => expect(text(audited)).toBe(said));
