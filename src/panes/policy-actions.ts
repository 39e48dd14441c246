import type { PolicyRef } from '../model/policies/rule.ts';
import type { Binding } from '../ui/keys/binding.ts';
import type { Frame } from '../ui/pane.ts';
import { whatIfView } from './views.ts';

type Context<R> = Readonly<{ row: R | undefined; frame: Frame }>;

/** `x` and a letter on a policy: what can be done to it. Each leads to a page that says first what would come of it. */
export function policyActions<R>(refOf: (row: R) => PolicyRef | undefined): Binding<Context<R>> {
  const on = ({ row }: Context<R>) => (row === undefined ? undefined : refOf(row));
  const none = (context: Context<R>) => (on(context) === undefined ? 'there is no policy under the cursor' : undefined);
  const choice = (key: string, title: string, way: 'edit' | 'delete'): Binding<Context<R>> => ({
    keys: [key],
    title,
    rank: 1,
    unless: none,
    run: (context) => {
      const ref = on(context);
      if (ref !== undefined) context.frame.go(whatIfView(way, ref));
    },
  });
  const choices = [choice('d', 'delete: what if', 'delete'), choice('e', 'edit: what if', 'edit')];
  return { keys: ['x'], title: 'actions', rank: 25, unless: none, run: () => {}, next: () => choices };
}
