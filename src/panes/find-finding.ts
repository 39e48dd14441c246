import { type Finding, findingKey } from '../model/finding.ts';

/** The finding of that key, or the first one of the same check: its objects may have changed while it stayed wrong. */
export function findFinding(findings: readonly Finding[], key: string): Finding | undefined {
  const id = key.split('|')[0];
  return findings.find((finding) => findingKey(finding) === key) ?? findings.find((finding) => finding.id === id);
}
