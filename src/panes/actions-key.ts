import { isPolicyKind } from '../model/policies/rule.ts';
import type { ObjectRef } from '../model/ref.ts';
import type { Binding } from '../ui/keys/binding.ts';
import type { Frame } from '../ui/pane.ts';
import { hasActions, plainKind } from './action-kinds.ts';
import { actionsView } from './views.ts';

type Context<R> = Readonly<{ row: R | undefined; frame: Frame }>;

/** `x` on an object: a page of what can be done to it, each behind a letter, and why not where it cannot. A policy has its own. */
export function actionsKey<R>(refOf: (row: R) => ObjectRef | undefined): Binding<Context<R>> {
  const on = ({ row }: Context<R>) => (row === undefined ? undefined : refOf(row));
  return {
    keys: ['x'],
    title: 'actions',
    rank: 25,
    applies(context) {
      const ref = on(context);
      return ref === undefined || !isPolicyKind(ref.kind);
    },
    unless(context) {
      const ref = on(context);
      if (ref === undefined) return 'there is no object under the cursor';
      return hasActions(ref) ? undefined : `nothing is done to a ${plainKind(ref.kind)} from here`;
    },
    run(context) {
      const ref = on(context);
      if (ref !== undefined) context.frame.go(actionsView(ref));
    },
  };
}
