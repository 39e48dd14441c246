import { agentCrashLoop } from './agent-crash-loop.ts';
import type { Runbook } from './runbook.ts';

/** Every runbook, in the order of the dossier (R1 …), then the playbooks, then what else on-call engineers meet. */
export const runbooks: readonly Runbook[] = [agentCrashLoop];
