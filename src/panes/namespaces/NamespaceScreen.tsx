import { useMemo } from 'react';
import type { CellReport } from '../../model/policies/policy-asks.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Frame } from '../../ui/pane.ts';
import { useTheme } from '../../ui/theme.ts';
import { LinesScreen, type ScreenLine } from '../LinesScreen.tsx';
import { objectKeys } from '../object-keys.ts';
import type { PaneProps } from '../pane-props.ts';
import { policyVersion } from '../policy-version.ts';
import { useAnswer } from '../use-answer.ts';
import { anyChange, useDerived } from '../use-derived.ts';
import { verdictKey } from '../verdict-key.ts';
import { namespacePage } from './namespace-page.ts';
import { namespaceState } from './namespace-state.ts';

/** One namespace: what is wrong in it, its pods with the stuck ones first, its endpoints, policies, changes and warnings. */
export function NamespaceScreen({
  store,
  policies,
  now,
  namespace,
  frame,
}: PaneProps & Readonly<{ namespace: string; frame: Frame }>) {
  const theme = useTheme();
  const { width, height } = frame;
  // Whether its pods may ask for names is a matter of its policies and of those on the DNS pods.
  const { value: cell, problem } = useAnswer<CellReport>(
    store,
    namespace,
    (signal) => policies.cell(namespace, 'kube-system', signal),
    policyVersion,
  );
  const dns = useMemo(() => ({ cell, problem }), [cell, problem]);
  const make = (snapshot: Snapshot) => {
    const time = now();
    const lines = namespacePage(snapshot, namespace, theme.glyphs, { columns: width - 1, rows: height }, dns, time);
    return { state: namespaceState(snapshot, namespace, time), lines };
  };
  const { state, lines } = useDerived(store, anyChange, make, {
    everyMs: 1_000,
    dependencies: `${namespace} ${width} ${height} ${cell?.at ?? problem}`,
  });
  const known = state.phase !== 'none' && state.phase !== 'forbidden' && state.phase !== 'connecting';
  return (
    <LinesScreen
      frame={frame}
      name={`namespace ${namespace}`}
      title={`Namespace ${namespace}`}
      state={state}
      lines={known ? lines : []}
      bindings={keys}
    />
  );
}

const keys = [
  verdictKey<ScreenLine>((line) => line.ref),
  ...objectKeys<ScreenLine>((line) => line.ref, {
    pod: ({ ref }) => (ref?.kind === 'Pod' ? { namespace: ref.namespace ?? '', name: ref.name } : undefined),
  }),
];
