import { deletePolicy } from '../actions/delete-policy.ts';
import type { PolicyRef } from '../model/policies/rule.ts';
import type { Binding } from '../ui/keys/binding.ts';
import type { Frame } from '../ui/pane.ts';
import { act } from './act.tsx';
import type { PaneProps } from './pane-props.ts';
import { whatIfView } from './views.ts';

type Context<R> = Readonly<{ row: R | undefined; frame: Frame }>;

/** `x` and a letter on a policy: what can be done to it. */
export function policyActions<R>(
  refOf: (row: R) => PolicyRef | undefined,
  road: PaneProps['road'],
): Binding<Context<R>> {
  const on = ({ row }: Context<R>) => (row === undefined ? undefined : refOf(row));
  const none = (context: Context<R>) => (on(context) === undefined ? 'there is no policy under the cursor' : undefined);
  const choices: readonly Binding<Context<R>>[] = [
    {
      keys: ['d'],
      title: 'delete it',
      rank: 1,
      unless: (context) => none(context) ?? road.refusal(),
      run: (context) => {
        const ref = on(context);
        if (ref !== undefined) act(deletePolicy, { ref }, { road }, context.frame);
      },
    },
    {
      keys: ['w'],
      title: 'what if it were not there',
      rank: 2,
      run: (context) => {
        const ref = on(context);
        if (ref !== undefined) context.frame.go(whatIfView('delete', ref));
      },
    },
  ];
  return { keys: ['x'], title: 'actions', rank: 25, unless: none, run: () => {}, next: () => choices };
}
