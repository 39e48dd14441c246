import type { Pane } from '../ui/pane.ts';
import { actions } from './actions/index.ts';
import { agent } from './agent/index.ts';
import { agents } from './agents/index.ts';
import { alerts } from './alerts/index.ts';
import { audit } from './audit/index.ts';
import { azure } from './azure/index.ts';
import { cluster } from './cluster/index.ts';
import { contexts } from './contexts/index.ts';
import { drops } from './drops/index.ts';
import { endpointPanes } from './endpoints/index.ts';
import { health } from './health/index.ts';
import { lag } from './lag/index.ts';
import { containerLogPanes } from './log/index.ts';
import { logPatterns } from './log-patterns/index.ts';
import { logPanes } from './logs/index.ts';
import { mentions } from './mentions/index.ts';
import { namespaces } from './namespaces/index.ts';
import { object } from './object/index.ts';
import { overview } from './overview/index.ts';
import type { PaneProps } from './pane-props.ts';
import { policyPanes } from './policies/index.ts';
import { policy } from './policy/index.ts';
import { reach } from './reach/index.ts';
import { requests } from './requests/index.ts';
import { rights } from './rights/index.ts';
import { rollout } from './rollout/index.ts';
import { runbook } from './runbook/index.ts';
import { slice } from './slice/index.ts';
import { table } from './table/index.ts';
import { timeline } from './timeline/index.ts';
import { tree } from './tree/index.ts';
import { troubleshoot } from './troubleshoot/index.ts';
import { truth } from './truth/index.ts';
import { undo } from './undo/index.ts';
import { verdict } from './verdict/index.ts';
import { whatIf } from './what-if/index.ts';
import { why } from './why/index.ts';

/** Every screen: first those behind a digit, in its order, then those one is sent to. */
export const panes: readonly Pane<PaneProps>[] = [
  overview,
  cluster,
  agents,
  ...endpointPanes,
  ...policyPanes,
  ...logPanes,
  troubleshoot,
  timeline,
  why,
  runbook,
  verdict,
  reach,
  policy,
  agent,
  slice,
  mentions,
  table,
  object,
  ...containerLogPanes,
  logPatterns,
  drops,
  health,
  lag,
  truth,
  tree,
  namespaces,
  contexts,
  azure,
  requests,
  actions,
  rollout,
  audit,
  undo,
  rights,
  alerts,
  whatIf,
];
