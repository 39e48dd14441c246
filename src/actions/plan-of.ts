import { UserError } from '../errors.ts';
import type { RawObject } from '../model/objects/row.ts';
import { type ObjectRef, refText } from '../model/ref.ts';
import { callText, type WriteRequest } from '../model/writes.ts';
import type { Plan, PlanWorld } from './action.ts';
import { differenceLines } from './difference-lines.ts';
import { kubectlLine } from './kubectl.ts';
import { keepers } from './owners.ts';
import { isJudged } from './seen.ts';

export type Planned = {
  /** Id of the action. */
  action: string;
  request: WriteRequest;
  /** As the server has it now. */
  live: RawObject | undefined;
  reach: readonly string[];
  world: PlanWorld;
  signal: AbortSignal;
  title?: string;
  warnings?: readonly string[];
  dangerous?: boolean;
  uses?: string;
  /** What the action knows better than the verb and the kind tell: its own sentence, how one sees that it is done. */
  own?: Partial<Pick<Plan, 'sentence' | 'undo' | 'verify' | 'kubectl' | 'done' | 'doneMs' | 'noUndo' | 'then'>>;
};

/** Rehearses the request on the server and says in words what it would do. Throws a UserError where it is refused. */
export async function planOf(planned: Planned): Promise<Plan> {
  const { action, request, live, reach, world, warnings = [], dangerous = false, uses = '' } = planned;
  const { resource, namespace, name } = request;
  const object: ObjectRef = { kind: resource.kind, name, ...(namespace === '' ? {} : { namespace }) };
  const rehearsed = await rehearse(planned);
  const difference = differenceLines(live, rehearsed.after);
  return {
    action,
    title: planned.title ?? `${verbs[request.verb].title} ${refText(object)}`,
    sentence: `${verbs[request.verb].sentence} ${refText(object)}.`,
    object,
    request,
    call: callText(request),
    kubectl: kubectlLine(request, world.snapshot()),
    before: live,
    after: rehearsed.after,
    difference,
    reach,
    warnings: [...warnings, ...keepers(live), ...rehearsed.warnings],
    undo: undoWords(request.verb),
    verify: verifyWords(request.verb, resource.kind),
    // One of these can cut off every pod there is.
    dangerous: dangerous || resource.kind === 'CiliumClusterwideNetworkPolicy',
    uses,
    ...planned.own,
  };
}

const verbs: Record<WriteRequest['verb'], { title: string; sentence: string }> = {
  create: { title: 'create', sentence: 'Creates' },
  replace: { title: 'edit', sentence: 'Replaces' },
  patch: { title: 'patch', sentence: 'Patches' },
  apply: { title: 'apply', sentence: 'Applies' },
  delete: { title: 'delete', sentence: 'Deletes' },
};

type Rehearsed = { after: RawObject | undefined; warnings: readonly string[] };

async function rehearse({ request, world, signal }: Planned): Promise<Rehearsed> {
  try {
    return { after: await world.rehearse(request, signal), warnings: [] };
  } catch (error) {
    // Webhooks with side effects of their own refuse every dry run: then only the draft itself can be shown.
    if (!(error instanceof UserError) || !/does not support dry run/i.test(error.message)) throw error;
    return {
      after: request.verb === 'delete' ? undefined : request.body,
      warnings: ['The server cannot rehearse it (a webhook takes no dry run): the difference is that of the draft.'],
    };
  }
}

function undoWords(verb: WriteRequest['verb']): string {
  if (verb === 'create') return ':undo deletes it again.';
  if (verb === 'delete') return ':undo makes it anew as it is now; its uid and age will be others.';
  return ':undo puts back what is there now, which is kept until then.';
}

function verifyWords(verb: WriteRequest['verb'], kind: string): string {
  if (verb === 'delete') return 'Done when the watch shows that it is gone.';
  const accepted = isJudged(kind) ? ', and Cilium calls it valid' : '';
  return `Done when the watch shows the new version${accepted}.`;
}
