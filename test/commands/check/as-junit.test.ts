import { describe, expect, it } from 'vitest';
import type { Check } from '../../../src/checks/check.ts';
import { asJunit } from '../../../src/commands/check/as-junit.ts';
import type { Finding, Judgement, Severity } from '../../../src/model/finding.ts';

const check = (id: string): Check => ({
  id,
  title: id,
  why: '',
  severity: 'error',
  needs: [],
  look: () => [],
  tell: () => [],
});
const finding = (id: string, title: string, severity: Severity = 'error'): Finding => ({
  id,
  severity,
  title,
  objects: [],
  evidence: ['seen'],
  reach: '',
  next: 'do',
});
const judgement = (more: Partial<Judgement>): Judgement => ({
  findings: [],
  notLookedAt: [],
  notAsked: [],
  looked: 0,
  of: 0,
  waiting: [],
  cleared: [],
  since: 0,
  at: 2_000,
  ...more,
});
const ids = ['a/failed', 'a/skipped', 'a/note', 'a/fine'];

describe('asJunit', () => {
  const xml = asJunit(
    judgement({
      findings: [
        finding('a/failed', 'first'),
        finding('a/failed', 'second', 'warning'),
        finding('a/note', 'by the way', 'note'),
      ],
      notLookedAt: [{ id: 'a/skipped', reason: 'forbidden: list pods' }],
    }),
    ids.map(check),
    500,
  );

  it('counts checks, not findings; a note is no failure', () => {
    expect(xml).toContain('tests="4" failures="1" errors="0" skipped="1" time="1.500"');
  });

  it('has a case per check: failed, skipped, with output, passed', () => {
    expect(xml).toContain(
      '<failure message="first (and 1 more)" type="error">first\nseen\nnext: do\n\nsecond\nseen\nnext: do</failure>',
    );
    expect(xml).toContain('name="a/skipped" time="0"><skipped message="forbidden: list pods"/></testcase>');
    expect(xml).toContain('name="a/note" time="0"><system-out>by the way\nseen\nnext: do</system-out></testcase>');
    expect(xml).toContain('name="a/fine" time="0"/>');
  });

  it('escapes whatever a cluster can put into a name, and holds no character XML cannot', () => {
    const hostile = `<b>&"'\u0000\u0007\u001b[31m\uD800\uFFFE]]>`;
    const text = asJunit(judgement({ findings: [finding('a/failed', hostile)] }), ids.map(check), 0);
    expect(text).toContain('&lt;b&gt;&amp;&quot;');
    expect(text).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\uD800-\uDFFF\uFFFE\uFFFF]/);
    expect(text).not.toContain(']]>');
  });
});
