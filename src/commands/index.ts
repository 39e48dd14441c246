import { show } from './audit/show.ts';
import { verify } from './audit/verify.ts';
import { bundle } from './bundle.ts';
import { check } from './check.ts';
import type { Command, CommandGroup } from './command.ts';
import { console } from './console.ts';
import { alerts } from './plan/alerts.ts';
import { create } from './plan/create.ts';
import { enableAcns } from './plan/enable-acns.ts';
import { enableCilium } from './plan/enable-cilium.ts';
import { enableFlowLogs } from './plan/enable-flow-logs.ts';
import { enableMonitoring } from './plan/enable-monitoring.ts';
import { resume } from './plan/resume.ts';
import { upgrade } from './plan/upgrade.ts';
import { diff } from './policy/diff.ts';
import { drift } from './policy/drift.ts';
import { exportPolicies } from './policy/export.ts';
import { lint } from './policy/lint.ts';
import { map } from './policy/map.ts';
import { reach, whoCanReachIt } from './policy/reach.ts';
import { template } from './policy/template.ts';
import { verdict } from './policy/verdict.ts';
import { query } from './query.ts';
import { rbac } from './rbac.ts';
import { report } from './report.ts';
import { runbook } from './runbook.ts';
import { simulate } from './simulate.ts';

/** What can be typed after the program's name, and what runs when nothing is. */
export const commands: { byDefault: Command; named: readonly (Command | CommandGroup)[] } = {
  byDefault: console,
  named: [
    check,
    {
      name: 'policy',
      summary: 'who may talk to whom, and why',
      commands: [verdict, lint, template, exportPolicies, drift, whoCanReachIt, reach, map, diff],
    },
    {
      name: 'plan',
      summary: 'deployments, checked before they are done: what they do, disrupt and take, and how to go back',
      commands: [create, enableCilium, enableMonitoring, enableAcns, enableFlowLogs, upgrade, alerts, resume],
    },
    runbook,
    query,
    report,
    {
      name: 'audit',
      summary: 'what this program changed and ran, on record: shown, and held against its chain of hashes',
      commands: [show, verify],
    },
    bundle,
    rbac,
    simulate,
  ],
};
