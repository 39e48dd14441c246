import { messageOf } from '../errors.ts';
import type { PolicyAsks } from '../model/policies/policy-asks.ts';
import type { PolicyRef } from '../model/policies/rule.ts';
import type { Binding } from '../ui/keys/binding.ts';
import type { Frame } from '../ui/pane.ts';
import type { PaneProps } from './pane-props.ts';
import { policyActions } from './policy-actions.ts';
import { endName } from './verdict-key.ts';
import { policyName } from './verdict-words.ts';
import { policyView, reachView, whatIfView } from './views.ts';

type Context<R> = Readonly<{ row: R | undefined; frame: Frame }>;

/** What a screen waits for before it goes elsewhere; whoever leaves it first aborts it. */
export type Going = { current: AbortController | undefined };

/** The keys every line has that stands for a policy: open it, who may reach its pods, change it, delete it. */
export function policyKeys<R>(
  refOf: (row: R) => PolicyRef | undefined,
  { policies }: Pick<PaneProps, 'policies'>,
  going: Going,
): readonly Binding<Context<R>>[] {
  const on = ({ row }: Context<R>) => (row === undefined ? undefined : refOf(row));
  const none = (context: Context<R>) => (on(context) === undefined ? 'there is no policy under the cursor' : undefined);
  const key = (
    name: string,
    title: string,
    rank: number,
    run: (frame: Frame, policy: PolicyRef) => void,
  ): Binding<Context<R>> => ({
    keys: [name],
    title,
    rank,
    unless: none,
    run: (context) => {
      const policy = on(context);
      if (policy !== undefined) run(context.frame, policy);
    },
  });
  return [
    key('enter', 'open', 1, (frame, policy) => frame.go(policyView(policy))),
    key('v', 'who may reach its pods', 2, (frame, policy) => void goToReach(frame, policy, policies, going)),
    editKey(refOf),
    policyActions(refOf),
  ];
}

/** What would become of the cluster if it were another: leads to a page that says so, and writes nothing by itself. */
export function editKey<R>(refOf: (row: R) => PolicyRef | undefined): Binding<Context<R>> {
  const on = ({ row }: Context<R>) => (row === undefined ? undefined : refOf(row));
  return {
    keys: ['e'],
    title: 'edit: what if',
    rank: 8,
    unless: (context) => (on(context) === undefined ? 'there is no policy under the cursor' : undefined),
    run: (context) => {
      const policy = on(context);
      if (policy !== undefined) context.frame.go(whatIfView('edit', policy));
    },
  };
}

/** Of all that it selects the first workload stands for it; the policy's page has the others. */
async function goToReach(frame: Frame, policy: PolicyRef, asks: PolicyAsks, going: Going): Promise<void> {
  going.current?.abort();
  const stop = new AbortController();
  going.current = stop;
  try {
    const { subjects, isolates } = await asks.policy(policy, stop.signal);
    if (stop.signal.aborted) return;
    const [first] = subjects;
    if (first === undefined)
      frame.flash(`${policyName(policy)} selects no pod: there is nobody to ask about`, 'warning');
    else
      frame.go(
        reachView(
          endName(first) ?? `${first.namespace}/${first.name}`,
          isolates.ingress > 0 || isolates.egress === 0 ? 'ingress' : 'egress',
        ),
      );
  } catch (error) {
    if (!stop.signal.aborted) frame.flash(messageOf(error), 'warning');
  }
}
