import { createInterface } from 'node:readline/promises';
import { UserError } from '../../errors.ts';
import { type DeploymentPlan, isOk } from '../../model/plans/deployment-plan.ts';
import type { OperationEnd, OperationRecord, OperationStep } from '../../model/plans/operation.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import type { AzureConnection } from '../../sources/azure/azure-connection.ts';
import { type ClusterOperations, createClusterOperations } from '../../sources/azure/cluster-operations.ts';
import { auditOperation, auditRule } from '../../sources/azure/operation-audit.ts';
import { createOperationRecords } from '../../sources/azure/operation-records.ts';
import { putRules } from '../../sources/azure/put-rules.ts';
import type { Terminal } from '../command.ts';
import { forTerminal } from '../policy/for-terminal.ts';
import type { progressOn } from '../progress.ts';
import type { Looked, PlanRun } from './plan-run.ts';
import { bodyDifference, planJson, planText } from './plan-text.ts';

export type ApplyRun = PlanRun & {
  connection: AzureConnection;
  progress: ReturnType<typeof progressOn>;
  startedAt: string;
};

/** So often it is planned anew because somebody else was faster. */
const mostRounds = 5;

/** Does what the plan says: what was begun before is followed first, somebody is asked, and nothing is sent twice. */
export async function applyPlan(run: ApplyRun): Promise<number> {
  const { options, terminal, connection, look } = run;
  const { stderr } = terminal;
  const stop = stopOnSignal(stderr);
  const tell = teller(run);
  const operations = operationsOf(run);
  try {
    let looked = await look(connection, stop.signal);
    const pending = operations.pending(looked.plan.target);
    if (pending !== undefined) {
      tell.line(
        `${pending.title} was begun ${new Date(pending.since).toISOString()} and its end is not known: it is followed first.`,
      );
      const end = await operations.resume(pending, { onStep: tell.step, signal: stop.signal });
      if (isEnd(end, pending, looked.plan)) return ended(run, looked.plan, end);
      tell.line(endText(end));
      looked = await look(connection, stop.signal);
    }
    let agreed = '';
    for (let round = 1; ; round += 1) {
      const { plan, before, etag } = looked;
      run.progress.clear();
      if (!isOk(plan) || plan.isDone || plan.byApply.does === 'nothing') return notApplied(run, looked);
      const difference = differenceText(looked);
      if (difference !== agreed) {
        if (agreed !== '') tell.line('What would be changed is another by now:');
        if (agreed !== '' && options.yes !== undefined) return changedMeanwhile(run, looked);
        if (!(await agree(run, looked))) return ended(run, plan, refused('Nothing was changed.'));
        agreed = difference;
      }
      if (plan.id === 'alerts') {
        const audit = auditRule(run.config.stateDir, connection);
        return ended(run, plan, await putRules(connection, plan, stop.signal, tell.step, audit));
      }
      const change = {
        plan: plan.id,
        title: plan.title,
        target: plan.target,
        body: plan.body ?? {},
        before: before ?? null,
        etag,
      };
      const end = await operations.begin(change, { onStep: tell.step, signal: stop.signal });
      const again = end.outcome === 'refused' && (end.kind === 'busy' || end.kind === 'changed') && round < mostRounds;
      if (!again || stop.signal.aborted) return ended(run, plan, end);
      tell.line(`${endText(end)} It is read again.`);
      looked = await look(connection, stop.signal);
    }
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    tell.line('Stopped while reading: nothing was sent.');
    return 2;
  } finally {
    stop.end();
  }
}

export function operationsOf({ config, connection }: Pick<ApplyRun, 'config' | 'connection'>): ClusterOperations {
  return createClusterOperations({
    connection,
    records: createOperationRecords(config.stateDir),
    audit: auditOperation(config.stateDir, connection),
  });
}

/** What was followed is what is asked for now, or nothing more can be done here. */
function isEnd(end: OperationEnd, { plan, title }: OperationRecord, now: DeploymentPlan): boolean {
  if (end.outcome === 'left' || end.outcome === 'failed') return true;
  return end.outcome === 'done' && plan === now.id && title === now.title;
}

async function agree({ options, terminal, progress }: ApplyRun, { plan, before }: Looked): Promise<boolean> {
  const name = plan.target.name;
  const { yes, json } = options;
  const text = forTerminal(planText(plan, before), options, terminal.env);
  if (!json) terminal.stdout.write(text);
  if (yes !== undefined) {
    if (yes === name) return true;
    throw new UserError(
      `--yes says "${sanitiseLine(yes, 100)}", the cluster is ${sanitiseLine(name, 100)}.`,
      'Nothing was changed.',
    );
  }
  progress.clear();
  const asking = createInterface({ input: terminal.stdin, output: terminal.stderr });
  // Ctrl-C and the end of the input close it; the question would wait for ever.
  const gone = new AbortController();
  asking.on('close', () => gone.abort());
  try {
    const question = plan.dangerous ? `Type ${sanitiseLine(name, 100)} to do it: ` : 'Do it? [y/N] ';
    const answer = (await asking.question(`\n${question}`, { signal: gone.signal })).trim();
    return plan.dangerous ? answer === name : /^y(es)?$/i.test(answer);
  } catch (error) {
    if (gone.signal.aborted) return false;
    throw error;
  } finally {
    asking.close();
  }
}

function differenceText({ plan, before }: Looked): string {
  const isNew = before === undefined || plan.id === 'alerts';
  return isNew ? JSON.stringify(plan.body) : bodyDifference(before, plan.body ?? {}).join('\n');
}

function changedMeanwhile(run: ApplyRun, looked: Looked): number {
  if (!run.options.json) run.terminal.stderr.write(`${differenceText(looked)}\n`);
  return ended(run, looked.plan, {
    ...{ outcome: 'refused', kind: 'changed' },
    text: 'The cluster was changed since you agreed, and the plan would do something else now: nothing was changed.',
    hint: 'Look at the difference and run it again.',
  });
}

function notApplied(run: ApplyRun, { plan, before }: Looked): number {
  const { terminal, options } = run;
  if (!options.json) terminal.stdout.write(forTerminal(planText(plan, before), options, terminal.env));
  if (plan.isDone && isOk(plan))
    return ended(run, plan, { outcome: 'done', text: 'There was nothing to do.', object: undefined });
  const why = isOk(plan) ? plan.byApply.text : 'The plan has errors: nothing was changed.';
  return ended(run, plan, refused(why));
}

function refused(text: string): OperationEnd {
  return { outcome: 'refused', kind: 'refused', text, hint: '' };
}

/** Says how it ended: on stderr for people, in the object for programs. */
function ended({ options, terminal, progress, startedAt }: ApplyRun, plan: DeploymentPlan, end: OperationEnd): number {
  progress.clear();
  const { object: _, ...said } = { object: undefined, ...end };
  if (options.json) terminal.stdout.write(planJson(plan, startedAt, said));
  else terminal.stderr.write(`ciliscope: ${endText(end)}\n`);
  return exitCode(end);
}

export function endText(end: OperationEnd): string {
  const sentence = end.outcome === 'done' ? `Done. ${end.text}` : `${end.text} ${end.hint}`;
  return sanitiseLine(sentence.trim(), 2_000);
}

/** 0 done · 1 it did not come to its end, or what is there is another than was planned for · 2 it could not be. */
export function exitCode(end: OperationEnd): number {
  if (end.outcome === 'done') return 0;
  return end.outcome === 'failed' || (end.outcome === 'refused' && end.kind !== 'busy') ? 1 : 2;
}

/** How far it is: one line that is overwritten where somebody looks, else a line for each new thing. */
export function teller({ terminal, progress }: Pick<ApplyRun, 'terminal' | 'progress'>): {
  step(step: OperationStep): void;
  line(text: string): void;
} {
  let last = '';
  return {
    step({ text, percent, elapsedMs }) {
      const far = percent === undefined ? '' : `${percent}% · `;
      progress.say(`${far}${clock(elapsedMs)} · ${sanitiseLine(text, 300)}`);
      if (terminal.stderr.isTTY || text === last) return;
      last = text;
      terminal.stderr.write(`ciliscope: ${clock(elapsedMs)} ${sanitiseLine(text, 300)}\n`);
    },
    line(text) {
      progress.clear();
      terminal.stderr.write(`ciliscope: ${sanitiseLine(text, 1_000)}\n`);
    },
  };
}

function clock(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** Ctrl-C leaves the operation to itself, once; a second one ends us at once. */
export function stopOnSignal(stderr: Terminal['stderr']): { signal: AbortSignal; end(): void } {
  const stop = new AbortController();
  const onSignal = () => {
    stderr.write('\n');
    stop.abort();
    process.off('SIGINT', onSignal);
  };
  process.on('SIGINT', onSignal);
  return { signal: stop.signal, end: () => void process.off('SIGINT', onSignal) };
}
