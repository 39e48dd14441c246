import { agentErrors } from './agent-errors.ts';
import { agentErrorsOverTime } from './agent-errors-over-time.ts';
import { agentRestarts } from './agent-restarts.ts';
import { apiClients } from './api-clients.ts';
import { azureChanges } from './azure-changes.ts';
import { cesOperatorErrors } from './ces-operator-errors.ts';
import { collectionTroubles } from './collection-troubles.ts';
import { controlPlaneErrors } from './control-plane-errors.ts';
import { deletes } from './deletes.ts';
import { deniedFlows } from './denied-flows.ts';
import { deniedFlowsByPolicy } from './denied-flows-by-policy.ts';
import { deniedNow } from './denied-now.ts';
import { deniedOverTime } from './denied-over-time.ts';
import { dnsFailures } from './dns-failures.ts';
import { dropsByNode } from './drops-by-node.ts';
import { flows } from './flows.ts';
import { flowsBetween } from './flows-between.ts';
import { flowsByBackend } from './flows-by-backend.ts';
import { httpAnswers } from './http-answers.ts';
import { httpErrors } from './http-errors.ts';
import { ingestionHealth } from './ingestion-health.ts';
import { kubernetesEvents } from './kubernetes-events.ts';
import { nodeToApiFailures } from './node-to-api-failures.ts';
import { podLogs } from './pod-logs.ts';
import { policyChanges } from './policy-changes.ts';
import type { SavedQuery } from './saved-query.ts';
import { topDeniedTalkers } from './top-denied-talkers.ts';

/** In the order in which they are offered: what is asked most in the night comes first. */
export const queries: readonly SavedQuery[] = [
  deniedFlows,
  deniedFlowsByPolicy,
  topDeniedTalkers,
  deniedNow,
  deniedOverTime,
  flows,
  flowsBetween,
  flowsByBackend,
  dropsByNode,
  dnsFailures,
  httpErrors,
  httpAnswers,
  agentErrors,
  agentErrorsOverTime,
  agentRestarts,
  cesOperatorErrors,
  nodeToApiFailures,
  podLogs,
  policyChanges,
  deletes,
  kubernetesEvents,
  apiClients,
  controlPlaneErrors,
  azureChanges,
  ingestionHealth,
  collectionTroubles,
];
