import type { Config } from '../../config.ts';
import { UserError } from '../../errors.ts';
import type { ManagedCluster } from '../../model/azure/managed-cluster.ts';
import type { DeploymentPlan, PlanTarget } from '../../model/plans/deployment-plan.ts';
import type { Deployments, DeploymentWish, OperationEvent } from '../../model/plans/deployments.ts';
import { planEnableAcns } from '../../model/plans/enable-acns.ts';
import { planEnableCilium } from '../../model/plans/enable-cilium.ts';
import { planEnableFlowLogs } from '../../model/plans/enable-flow-logs.ts';
import { planEnableMonitoring } from '../../model/plans/enable-monitoring.ts';
import type { Existing } from '../../model/plans/existing-cluster.ts';
import type { AgreedChange, OperationEnd, OperationStep } from '../../model/plans/operation.ts';
import { planUpgrade } from '../../model/plans/upgrade.ts';
import type { WholeJob } from '../write-jobs.ts';
import type { AzureConnection } from './azure-connection.ts';
import { createClusterOperations } from './cluster-operations.ts';
import { readCluster } from './cluster-read.ts';
import { auditOperation } from './operation-audit.ts';
import { otherOwner } from './operation-owner.ts';
import { createOperationRecords } from './operation-records.ts';
import { readCollection, readLocation, readUpgrades } from './plan-facts.ts';

export type DeploymentsOptions = {
  config: Pick<Config, 'stateDir'>;
  connection: AzureConnection;
  /** As ARM told it last. */
  cluster(): ManagedCluster | undefined;
  /** The cluster is another by now: what is known of it is asked for again. */
  onChange(): void;
  /** The gate of all writes. `begin` throws a UserError while the write window is closed. */
  jobs: { begin(job: WholeJob): number; progress(id: number, text: string): void; end(id: number, end: JobEnd): void };
};
type JobEnd = { outcome: 'verified' | 'refused' | 'unknown'; text: string };

/** Changes of the managed cluster itself, planned on what ARM says and done as jobs. */
export function createDeployments(options: DeploymentsOptions): Deployments & {
  /** Follows what was begun on this cluster and cut off: after a lost line, a kill. Sends nothing. */
  followPending(): void;
} {
  const { config, connection, cluster, jobs, onChange } = options;
  const operations = createClusterOperations({
    connection,
    records: createOperationRecords(config.stateDir),
    audit: auditOperation(config.stateDir, connection),
  });
  const following = new Set<string>();

  function target(): PlanTarget {
    const known = cluster();
    if (known === undefined) {
      throw new UserError('Azure has not told of this cluster.', 'See :azure; Reader on the cluster is needed.');
    }
    return { subscription: known.subscription, resourceGroup: known.resourceGroup, name: known.name };
  }

  /** One job from its beginning to its end, whoever listens. */
  async function carryOut(
    job: WholeJob,
    of: PlanTarget,
    work: (onStep: (step: OperationStep) => void) => Promise<OperationEnd>,
    onStep: (step: OperationStep) => void,
  ): Promise<OperationEnd> {
    const key = JSON.stringify(of).toLowerCase();
    const id = jobs.begin(job);
    following.add(key);
    try {
      const end = await work((step) => {
        jobs.progress(id, step.percent === undefined ? step.text : `${step.percent}%`);
        onStep(step);
        if (step.taken) onChange();
      });
      jobs.end(id, jobEnd(end));
      onChange();
      return end;
    } finally {
      following.delete(key);
    }
  }

  return {
    async planDeployment(wish, signal) {
      const of = target();
      const found = await readCluster(connection, of, signal);
      if (found === undefined) throw new UserError(`There is no managed cluster ${of.name} any more.`);
      if (found.etag === '') throw new UserError('ARM told no etag: nobody could say whether it changed meanwhile.');
      const { raw, etag } = found;
      const plan = await planOf(connection, wish, { raw, azVersion: '' }, of, signal);
      const { id, title, body } = plan;
      return { plan, before: raw, change: { plan: id, title, target: of, body: body ?? {}, before: raw, etag } };
    },
    async *operate(change, signal) {
      const events: OperationEvent[] = [];
      let woken = Promise.withResolvers<void>();
      const push = (event: OperationEvent) => {
        events.push(event);
        woken.resolve();
      };
      const pending = operations.pending(change.target);
      if (pending !== undefined) {
        throw new UserError(`${pending.title} was begun before and has not come to its end.`, 'It is being followed.');
      }
      // Nobody stops it: what was sent goes on.
      const { signal: forever } = new AbortController();
      const onStep = (step: OperationStep) => push({ type: 'step', step });
      const work = (tell: typeof onStep) => operations.begin(change, { onStep: tell, signal: forever });
      const done = carryOut(jobOf(change, true), change.target, work, onStep);
      done.then(
        (end) => push({ type: 'end', end }),
        // What throws before anything was sent is the gate.
        (error: unknown) => push({ type: 'end', end: notBegun(error) }),
      );
      while (!signal.aborted) {
        const event = events.shift();
        if (event === undefined) {
          await woken.promise;
          woken = Promise.withResolvers();
          continue;
        }
        yield event;
        if (event.type === 'end') return;
      }
    },
    followPending() {
      const known = cluster();
      if (known === undefined) return;
      const of = target();
      const pending = operations.pending(of);
      if (pending === undefined || following.has(JSON.stringify(of).toLowerCase())) return;
      // A command beside us is at it: it alone knows whether what it sends arrived.
      if (otherOwner(pending) !== undefined) return;
      const { signal } = new AbortController();
      const work = (onStep: (step: OperationStep) => void) => operations.resume(pending, { onStep, signal });
      void carryOut(jobOf(pending, false), of, work, () => {}).catch(() => {});
    },
  };
}

async function planOf(
  connection: AzureConnection,
  wish: DeploymentWish,
  existing: Existing,
  target: PlanTarget,
  signal: AbortSignal,
): Promise<DeploymentPlan> {
  switch (wish.id) {
    case 'enable-cilium':
      return planEnableCilium(existing);
    case 'enable-acns': {
      const rest = { encryption: '', acceleration: '', observability: true, security: true } as const;
      return planEnableAcns(existing, { policies: wish.policies, ...rest });
    }
    case 'enable-monitoring': {
      const collection = await readCollection(connection, target, signal);
      const workspaceLocation = await readLocation(connection, wish.workspace, signal);
      const rest = { workspaceLocation, prometheus: false, metricsWorkspace: '', hasRule: collection?.hasRule };
      return planEnableMonitoring(existing, { workspace: wish.workspace, ...rest });
    }
    case 'enable-flow-logs': {
      const collection = await readCollection(connection, target, signal);
      return planEnableFlowLogs(existing, { namespaces: [], forwarded: false, hasStream: collection?.hasFlowStream });
    }
    case 'upgrade': {
      const profile = await readUpgrades(connection, target, signal);
      return planUpgrade(existing, { version: wish.version, controlPlaneOnly: false, profile });
    }
  }
}

function jobOf({ title, target }: AgreedChange, changes: boolean): WholeJob {
  const object = { kind: 'ManagedCluster', namespace: target.resourceGroup, name: target.name };
  return { title, object, changes };
}

function jobEnd(end: OperationEnd): JobEnd {
  const text = 'hint' in end && end.hint !== '' ? `${end.text} ${end.hint}` : end.text;
  const outcome = { done: 'verified', refused: 'refused', failed: 'unknown', left: 'unknown' } as const;
  return { outcome: outcome[end.outcome], text };
}

function notBegun(error: unknown): OperationEnd {
  const { what, hint } = error instanceof UserError ? error : { what: String(error), hint: '' };
  return { outcome: 'refused', kind: 'refused', text: what, hint };
}
