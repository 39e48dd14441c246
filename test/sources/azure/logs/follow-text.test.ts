import { describe, expect, it } from 'vitest';
import { followText } from '../../../../src/sources/azure/logs/follow-text.ts';

describe('a question that is followed', () => {
  it('is cut to what was ingested since, behind its table, and our columns travel through', () => {
    const { ask } = followText('Flows | where A == "x|y;z" // why | not\n | project A, B | order by A asc', 'UUID');
    expect(ask('>= datetime(2026-11-22T12:00:00.0000000Z)', 500)).toBe(
      [
        'Flows',
        'where ingestion_time() >= datetime(2026-11-22T12:00:00.0000000Z)',
        'extend ciliscope_ingested = ingestion_time(), ciliscope_now = now(), ciliscope_generated = TimeGenerated, ciliscope_id = UUID',
        'where A == "x|y;z"',
        'project A, B, ciliscope_ingested, ciliscope_now, ciliscope_generated, ciliscope_id',
        'project-reorder ciliscope_ingested, ciliscope_now, ciliscope_generated, ciliscope_id',
        'order by ciliscope_ingested asc',
        'take 500',
      ].join('\n| '),
    );
  });

  it('keeps its let statements, and goes without times on a plan that has them in the address', () => {
    const text =
      'let a = dynamic({"x":[1,2]}); let f = (s:string) { T | where B == s | count };\nT | where B in (a);\n';
    expect(followText(text, '').search()).toBe(
      'let a = dynamic({"x":[1,2]});\nlet f = (s:string) { T | where B == s | count };\nT\n| extend ciliscope_generated = TimeGenerated\n| where B in (a)\n| project-reorder ciliscope_generated',
    );
  });

  it('leaves out what only bounds or sorts, and says what it no longer bounds', () => {
    const { ask, remarks } = followText("T | top 5 by A | where B has '|' | sort by B | take 10 | render table", '');
    expect(ask('> ago(60s)', 1)).not.toMatch(/top 5|sort|take 10|render/);
    expect(remarks).toEqual(['top is left out: every row is followed.', 'take is left out: every row is followed.']);
  });

  it.each(['T | summarize count()', 'T | where A | distinct B', 'T | join (U) on A', 'T | count', 'T | 5'])(
    'is refused where rows do not come one by one: %s',
    (text) => {
      expect(() => followText(text, '')).toThrow('cannot be followed');
    },
  );
});
