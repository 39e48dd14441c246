import type { Finding, Judgement } from '../../model/finding.ts';
import { explained } from './as-json.ts';

/**
 * The verdict as JUnit XML: a test case per check, failed where it found an error or a warning, skipped where it could
 * not look. Notes are output of a case that passed.
 */
export function asJunit(
  judgement: Judgement,
  checks: readonly { id: string }[],
  startedAt: number,
  command = 'check',
): string {
  const cases = checks.map((check) => caseOf(check, judgement));
  const counts = {
    tests: checks.length,
    failures: cases.filter((one) => one.failed).length,
    errors: 0,
    skipped: cases.filter((one) => one.skipped).length,
    time: ((judgement.at - startedAt) / 1000).toFixed(3),
  };
  const attributes = Object.entries(counts).map(([name, value]) => `${name}="${value}"`);
  const timestamp = new Date(startedAt).toISOString().slice(0, 19);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="ciliscope" ${attributes.join(' ')}>`,
    `  <testsuite name="ciliscope ${command}" ${attributes.join(' ')} timestamp="${timestamp}">`,
    ...cases.map((one) => one.xml),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function caseOf(check: { id: string }, judgement: Judgement): { xml: string; failed: boolean; skipped: boolean } {
  const found = judgement.findings.filter((finding) => finding.id === check.id);
  const failures = found.filter((finding) => finding.severity !== 'note');
  const notLooked = [...judgement.notLookedAt, ...judgement.notAsked].find((entry) => entry.id === check.id);
  const open = `    <testcase classname="${xml(check.id.split('/')[0] ?? '')}" name="${xml(check.id)}" time="0"`;
  const [first] = failures;
  if (first) {
    const more = failures.length > 1 ? ` (and ${failures.length - 1} more)` : '';
    const text = failures.map(lines).join('\n\n');
    const failure = `<failure message="${xml(first.title + more)}" type="${first.severity}">${xml(text)}</failure>`;
    return { xml: `${open}>${failure}</testcase>`, failed: true, skipped: false };
  }
  if (notLooked) {
    const skipped = `<skipped message="${xml(notLooked.reason)}"/>`;
    return { xml: `${open}>${skipped}</testcase>`, failed: false, skipped: true };
  }
  if (found.length > 0) {
    const output = `<system-out>${xml(found.map(lines).join('\n\n'))}</system-out>`;
    return { xml: `${open}>${output}</testcase>`, failed: false, skipped: false };
  }
  return { xml: `${open}/>`, failed: false, skipped: false };
}

function lines(finding: Finding): string {
  return [finding.title, ...finding.evidence, ...explained(finding), `next: ${finding.next}`].join('\n');
}

/** Escaped for text and attributes; what XML 1.0 cannot hold at all becomes U+FFFD. */
function xml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/\r/g, '&#13;');
}
