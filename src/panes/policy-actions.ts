import { deletePolicy } from '../actions/delete-policy.ts';
import type { PolicyRef } from '../model/policies/rule.ts';
import type { Binding } from '../ui/keys/binding.ts';
import type { Frame } from '../ui/pane.ts';
import { act } from './act.tsx';
import type { PaneProps } from './pane-props.ts';

type Context<R> = Readonly<{ row: R | undefined; frame: Frame }>;

/** `x` and a letter on a policy: what can be done to it. */
export function policyActions<R>(
  refOf: (row: R) => PolicyRef | undefined,
  road: PaneProps['road'],
): Binding<Context<R>> {
  const on = ({ row }: Context<R>) => (row === undefined ? undefined : refOf(row));
  const refusal = (context: Context<R>) =>
    on(context) === undefined ? 'there is no policy under the cursor' : road.refusal();
  const choices: readonly Binding<Context<R>>[] = [
    {
      keys: ['d'],
      title: 'delete it',
      rank: 1,
      unless: refusal,
      run: (context) => {
        const ref = on(context);
        if (ref !== undefined) act(deletePolicy, { ref }, { road }, context.frame);
      },
    },
  ];
  return { keys: ['x'], title: 'actions', rank: 25, unless: refusal, run: () => {}, next: () => choices };
}
