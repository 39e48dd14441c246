import { differenceLines } from '../../actions/difference-lines.ts';
import type { RawObject } from '../../model/objects/row.ts';
import { type DeploymentPlan, isOk, type PlanEffect, type PlanProblem } from '../../model/plans/deployment-plan.ts';
import { writableBody } from '../../model/plans/writable-body.ts';
import { sanitiseLine, sanitiseText } from '../../model/sanitise.ts';
import { wrap } from '../../ui/text.ts';

const columns = 100;

/** A plan for people: whether it can be done, what it does and disrupts, what was not looked at, and the commands. */
export function planText(plan: DeploymentPlan, before: RawObject | undefined): string {
  const errors = plan.problems.filter(({ severity }) => severity === 'error');
  const lines = [
    headline(plan, errors.length),
    ...plan.problems.flatMap(problemLines),
    ...section('What it does', plan.effects, 'does'),
    ...section('What it disrupts', plan.effects, 'disrupts'),
    ...section('How long', plan.effects, 'takes'),
    ...section('The way back', plan.effects, 'back'),
    ...section('Afterwards', plan.effects, 'then'),
    ...titled(
      'Not looked at',
      plan.notLookedAt.flatMap((text) => said(text, '  ○ ')),
    ),
    ...(errors.length > 0 ? [] : [...titled('In ARM', differenceOf(plan, before)), ...byHand(plan)]),
  ];
  return `${lines.join('\n')}\n`;
}
/** Only of what can be done: nobody is given lines to paste that cannot work. */
function byHand({ commands, files, needsAz, byApply, isDone }: DeploymentPlan): readonly string[] {
  return [
    ...titled(
      commands.length === 0 ? '' : `The same by hand (az ${needsAz} or later)`,
      commands.map((command) => sanitiseText(command)),
    ),
    ...files.flatMap(({ name, text }) => titled(`File ${name}`, [sanitiseText(text).trimEnd()])),
    ...titled(byApply.text === '' || isDone ? '' : 'With --apply', said(byApply.text, '  ')),
  ];
}

function headline({ title, isDone, problems, notLookedAt }: DeploymentPlan, errors: number): string {
  const what = sanitiseLine(title, 200);
  if (isDone) return `● ${what}: there is nothing to do.`;
  if (errors > 0) return `✖ ${what}: it cannot be done so (${errors} ${errors === 1 ? 'error' : 'errors'}).`;
  const warnings = problems.length;
  const doubts = [
    ...(warnings === 0 ? [] : [`${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`]),
    ...(notLookedAt.length === 0 ? [] : [`${notLookedAt.length} not looked at`]),
  ];
  const sign = warnings > 0 ? '▲' : notLookedAt.length > 0 ? '○' : '●';
  return `${sign} ${what}: nothing speaks against it${doubts.length === 0 ? '' : ` (${doubts.join(', ')})`}.`;
}

function problemLines({ severity, where, text, hint }: PlanProblem): readonly string[] {
  const line = sanitiseLine(`${where}: ${text}${hint === '' ? '' : ` ${hint}`}`, 2_000);
  return said(line, severity === 'error' ? '  ✖ ' : '  ▲ ');
}

function section(title: string, all: readonly PlanEffect[], about: PlanEffect['about']): readonly string[] {
  return titled(
    title,
    all.filter((one) => one.about === about).flatMap(({ text }) => said(text, '  ')),
  );
}

/** What is written to ARM: a new thing whole, a change as its difference. */
function differenceOf({ id, body, isDone }: DeploymentPlan, before: RawObject | undefined): readonly string[] {
  if (id === 'alerts' || body === null || isDone || before === undefined) return [];
  return bodyDifference(before, body);
}

export function bodyDifference(before: RawObject, body: RawObject): readonly string[] {
  return differenceLines(writableBody(before), body, (one) => one).map(({ sign, text }) => `  ${sign} ${text}`);
}

function titled(title: string, lines: readonly string[]): readonly string[] {
  return title === '' || lines.length === 0 ? [] : ['', title, ...lines];
}

function said(text: string, first: string): readonly string[] {
  const indent = ' '.repeat(first.length);
  return wrap(sanitiseLine(text, 2_000), columns - first.length).map(
    (line, index) => `${index === 0 ? first : indent}${line}`,
  );
}

/** What `--json` prints (output.md). */
export function planJson(plan: DeploymentPlan, startedAt: string, applied?: object): string {
  const { id, target, problems, notLookedAt, effects, commands, files, needsAz, body, isDone, dangerous, byApply } =
    plan;
  const cluster = { ...target };
  const answer = {
    ...{ version: 1, command: `plan ${id}`, cluster, startedAt, ok: isOk(plan), done: isDone, problems, notLookedAt },
    ...{ effects, commands, files, needsAz, dangerous, byApply, body },
    ...(applied === undefined ? {} : { applied }),
  };
  return `${JSON.stringify(answer, null, 2)}\n`;
}
