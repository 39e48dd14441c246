import type { Finding } from '../model/finding.ts';
import { refKey } from '../model/ref.ts';

/** Names a finding between two judgements: its check and the first object it speaks of. */
export function findingKey(finding: Finding): string {
  const [first] = finding.objects;
  return first === undefined ? finding.id : `${finding.id}|${refKey(first)}`;
}

/** The finding of that key, or the first one of the same check: its objects may have changed while it stayed wrong. */
export function findFinding(findings: readonly Finding[], key: string): Finding | undefined {
  const id = key.split('|')[0];
  return findings.find((finding) => findingKey(finding) === key) ?? findings.find((finding) => finding.id === id);
}
