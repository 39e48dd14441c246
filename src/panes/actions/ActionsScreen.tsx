import { useMemo, useRef } from 'react';
import type { Road } from '../../actions/road.ts';
import { type ObjectRef, refText } from '../../model/ref.ts';
import type { Offer } from '../../model/runbook-result.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import type { Frame } from '../../ui/pane.ts';
import { useScreen } from '../../ui/screen.ts';
import { useTheme } from '../../ui/theme.ts';
import { act } from '../act.tsx';
import { type LineKeys, LinesScreen } from '../LinesScreen.tsx';
import { offeredAction } from '../offered-action.ts';
import type { PaneProps } from '../pane-props.ts';
import type { PaneState } from '../pane-state.ts';
import { anyChange, useDerived } from '../use-derived.ts';
import { type Menu, type MenuEntry, menuOf } from './menu.ts';
import { menuPage } from './menu-page.ts';

/** `:actions`, or `x` on an object: what can be done, each behind its letter; nothing is done before a plan is confirmed. */
export function ActionsScreen({ store, road, now, ...frame }: PaneProps & Frame) {
  const { glyphs } = useTheme();
  const screen = useScreen();
  const about = aboutOf(frame.args);
  const menu = useDerived(store, anyChange, (snapshot) => menuOf(snapshot, about, now()), {
    everyMs: 1_000,
    dependencies: frame.args.join(' '),
  });
  const begin = ({ begins }: MenuEntry) => {
    const plan = (offer: Offer) => act(offeredAction(offer), offer.target as never, { road }, frame);
    if (begins.type === 'look') return frame.go(begins.view);
    if (begins.type === 'plan') return plan(begins.offer);
    const { sign, initial, offerOf } = begins;
    screen.ask({ sign, initial, onDone: (text) => text.trim() !== '' && plan(offerOf(text.trim())) });
  };
  const latest = useRef<Now>({ menu, begin, road });
  latest.current = { menu, begin, road };
  const keys = menu.entries.map(({ key }) => key).join('');
  const bindings = useMemo(() => bindingsOf(keys, () => latest.current), [keys]);
  const lines = menuPage(menu, {
    columns: frame.width - 1,
    glyphs,
    choose: (entry) => choose(entry, latest.current, frame),
  });
  return (
    <LinesScreen
      frame={frame}
      name={`actions ${frame.args.join(' ')}`}
      title={menu.about === undefined ? 'Actions' : `Actions · ${refText(menu.about)}`}
      state={stateOf(road.refusal())}
      lines={lines}
      bindings={bindings}
      none="Nothing is done to it from here."
    />
  );
}

type Now = { menu: Menu; begin(entry: MenuEntry): void; road: Pick<Road, 'refusal'> };

/** The letter, and the capital letter for what has another before it. */
function bindingsOf(keys: string, at: () => Now): readonly Binding<LineKeys>[] {
  const entryOf = (key: string) => at().menu.entries.find((one) => one.key === key);
  return [...keys].flatMap((key): Binding<LineKeys>[] => [
    {
      keys: [key],
      title: entryOf(key)?.title ?? '',
      unless: () => whyNot(entryOf(key), at()),
      run: () => runEntry(entryOf(key), at()),
    },
    {
      keys: [key.toUpperCase()],
      title: `${entryOf(key)?.title ?? ''}, out of turn`,
      applies: () => entryOf(key)?.first !== '',
      unless: () => whyNot(entryOf(key), at(), true),
      run: () => runEntry(entryOf(key), at()),
    },
  ]);
}

function whyNot(entry: MenuEntry | undefined, { road }: Now, outOfTurn = false): string | undefined {
  if (entry === undefined) return 'it is not offered any more';
  if (entry.refusal !== '') return entry.refusal;
  if (entry.first !== '' && !outOfTurn) return `${entry.first}; ${entry.key.toUpperCase()} takes it anyway`;
  if (entry.begins.type === 'look') return undefined;
  const { offer } = entry.begins;
  return road.refusal(offeredAction(offer), offer.target as never);
}

function runEntry(entry: MenuEntry | undefined, { begin }: Now): void {
  if (entry !== undefined) begin(entry);
}

function choose(entry: MenuEntry, now: Now, frame: Frame): void {
  const reason = whyNot(entry, now);
  if (reason === undefined) now.begin(entry);
  else frame.flash(reason, 'warning');
}

function aboutOf([kind = '', namespace = '', name = '']: readonly string[]): ObjectRef | undefined {
  if (kind === '' || name === '') return undefined;
  return { kind, name, ...(namespace === '' ? {} : { namespace }) };
}

function stateOf(refusal: string | undefined): PaneState {
  const base = { phase: 'live', sentence: '', old: false, glyph: '' } as const;
  if (refusal === undefined) return { ...base, tone: 'dim', text: 'each is shown before it is done' };
  return { ...base, tone: 'dim', text: refusal };
}
