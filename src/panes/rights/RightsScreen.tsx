import { useEffect, useMemo, useState } from 'react';
import { actions } from '../../actions/index.ts';
import { messageOf } from '../../errors.ts';
import { type HeldRights, neededToWrite } from '../../model/needed-right.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import type { Frame } from '../../ui/pane.ts';
import { useTheme } from '../../ui/theme.ts';
import { type LineKeys, LinesScreen } from '../LinesScreen.tsx';
import type { PaneProps } from '../pane-props.ts';
import type { PaneState } from '../pane-state.ts';
import { rightsPage } from './rights-page.ts';

/** `:rights`: what the server lets one do, for each pane and each change. */
export function RightsScreen({ asks, ...frame }: PaneProps & Frame) {
  const { glyphs } = useTheme();
  const [turn, setTurn] = useState(0);
  const [answer, setAnswer] = useState<HeldRights | string>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: every turn asks anew
  useEffect(() => {
    const stop = new AbortController();
    const writing = neededToWrite(actions.flatMap((action) => action.rights ?? []));
    asks.rights(writing, stop.signal).then(
      (held) => !stop.signal.aborted && setAnswer(held),
      (error: unknown) => !stop.signal.aborted && setAnswer(messageOf(error)),
    );
    return () => stop.abort();
  }, [asks, turn]);
  const columns = frame.width - 1;
  const lines = useMemo(() => {
    if (answer === undefined || typeof answer === 'string') return [];
    const changes = actions.map(({ title, rights = [] }) => ({ title, rights }));
    return rightsPage(answer, changes, { columns, glyphs });
  }, [answer, columns, glyphs]);
  const bindings = useMemo(
    (): readonly Binding<LineKeys>[] => [
      { keys: ['ctrl-r'], title: 'ask again', rank: 5, run: () => setTurn((now) => now + 1) },
    ],
    [],
  );
  return (
    <LinesScreen frame={frame} name="rights" title="Rights" state={stateOf(answer)} lines={lines} bindings={bindings} />
  );
}

function stateOf(answer: HeldRights | string | undefined): PaneState {
  const base = { sentence: '', old: false } as const;
  if (answer === undefined)
    return {
      ...base,
      phase: 'loading',
      glyph: 'progress',
      tone: 'progress',
      text: 'asking the server',
      sentence: 'Asking the server what you may do here.',
    };
  if (typeof answer === 'string')
    return {
      ...base,
      phase: 'failed',
      glyph: 'error',
      tone: 'error',
      text: 'failed',
      sentence: `${answer} ctrl-r asks again.`,
    };
  return {
    ...base,
    phase: 'live',
    glyph: '',
    tone: 'dim',
    text: answer.user === '' ? 'as the server says' : `as ${answer.user}`,
  };
}
