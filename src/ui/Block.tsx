import { createContext, type FC, useContext, useMemo } from 'react';
import { PaneBoundary } from './PaneBoundary.tsx';
import type { Frame, Pane } from './pane.ts';

/** The panes and what they are given, for those that show others small. */
export type Blocks = Readonly<{ panes: readonly Pane<object>[]; props: object; frame: Frame }>;

export const BlocksContext = createContext<Blocks | undefined>(undefined);

/** Another pane as a block of this one: the same screen, small, without keys. Draws nothing for a pane that is not there. */
export function Block({ pane: id, width, height }: { pane: string; width: number; height: number }) {
  const blocks = useContext(BlocksContext);
  const kept = useMemo(() => new Map<string, unknown>(), []);
  const pane = blocks?.panes.find((one) => one.id === id);
  if (blocks === undefined || pane === undefined) return null;
  const Screen = pane.Screen as FC<object>;
  const frame: Frame = { ...blocks.frame, width, height, active: false, size: 'block', args: [], keep: keeper(kept) };
  return (
    <PaneBoundary title={pane.title} width={width} height={height}>
      <Screen {...blocks.props} {...frame} />
    </PaneBoundary>
  );
}

/** Values by name, each made once. */
export function keeper(kept: Map<string, unknown>): Frame['keep'] {
  return <T,>(name: string, make: () => T): T => {
    if (!kept.has(name)) kept.set(name, make());
    return kept.get(name) as T;
  };
}
