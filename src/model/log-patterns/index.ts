import { agentPatterns } from './agent.ts';
import { agentPolicyPatterns } from './agent-policies.ts';
import { anyProgramPatterns } from './any-program.ts';
import type { LogPattern } from './log-pattern.ts';
import { operatorPatterns } from './operator.ts';
import { podAddressPatterns } from './pod-addresses.ts';
import { proxyPatterns } from './proxies.ts';

/** Domain §5, all 52 rows. Where several match a line the first counts: what says more stands before what wraps it. */
export const logPatterns: readonly LogPattern[] = [
  ...podAddressPatterns,
  ...agentPolicyPatterns,
  ...agentPatterns,
  ...operatorPatterns,
  ...proxyPatterns,
  ...anyProgramPatterns,
];

/** Undefined where there is no pattern of that id. */
export function patternOf(id: string): LogPattern | undefined {
  return id === '' ? undefined : logPatterns.find((pattern) => pattern.id === id);
}
