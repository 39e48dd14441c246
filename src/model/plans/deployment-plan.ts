import type { RawObject } from '../objects/row.ts';

/** What a deployment would do, said before it is done: the answer of every `ciliscope plan …`, and of the cluster pane. */
export type DeploymentPlan = {
  id: PlanId;
  /** `create cluster aks1`, for the audit, the header and lists. */
  title: string;
  target: PlanTarget;
  /** Errors forbid it; warnings are to be known before. */
  problems: readonly PlanProblem[];
  /** What could not be checked, a sentence each with its reason. Never counted as fine. */
  notLookedAt: readonly string[];
  effects: readonly PlanEffect[];
  /** The same by hand: lines for a shell, in order. */
  commands: readonly string[];
  /** What those lines read from the current folder. */
  files: readonly { name: string; text: string }[];
  /** The least Azure CLI that knows these flags. */
  needsAz: string;
  /** What is PUT to ARM: the whole cluster, or for alerts a template of several resources. Opaque: it may hold what ARM gave us. */
  body: RawObject | null;
  /** There is nothing to do: it is so already. */
  isDone: boolean;
  /** More than a key is asked for: nodes are reimaged, or there is no way back. */
  dangerous: boolean;
  /** How much of it `--apply` does, and why not all; `text` '' with all. */
  byApply: { does: 'all' | 'part' | 'nothing'; text: string };
};

export type PlanId =
  | 'create'
  | 'enable-cilium'
  | 'enable-monitoring'
  | 'enable-acns'
  | 'enable-flow-logs'
  | 'upgrade'
  | 'alerts';

export type PlanTarget = { subscription: string; resourceGroup: string; name: string };

/** `where` is the flag or the field it is about. */
export type PlanProblem = { severity: 'error' | 'warning'; where: string; text: string; hint: string };

/** `takes` is about time; `back` about the way back; `then` about what somebody has to do afterwards. */
export type PlanEffect = { about: 'does' | 'disrupts' | 'takes' | 'back' | 'then'; text: string };

export function isOk({ problems }: Pick<DeploymentPlan, 'problems'>): boolean {
  return problems.every(({ severity }) => severity !== 'error');
}

export function problem(where: string, text: string, hint = ''): PlanProblem {
  return { severity: 'error', where, text, hint };
}

export function caution(where: string, text: string, hint = ''): PlanProblem {
  return { severity: 'warning', where, text, hint };
}

export const byAll: DeploymentPlan['byApply'] = { does: 'all', text: '' };

/** Several effects about one thing. */
export function effects(about: PlanEffect['about'], ...texts: readonly string[]): readonly PlanEffect[] {
  return texts.map((text) => ({ about, text }));
}

/** What stands only where something holds. */
export function when<T>(condition: boolean, ...items: readonly T[]): readonly T[] {
  return condition ? items : [];
}
