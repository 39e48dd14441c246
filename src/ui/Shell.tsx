import { Box } from 'ink';
import { type FC, useCallback, useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import { BottomLine } from './BottomLine.tsx';
import { commandQuestion, wordsOf } from './command-line.ts';
import { type Size, useDevice } from './device.ts';
import { createKeyLayers } from './keys/key-layers.ts';
import { createKeyQueue } from './keys/key-queue.ts';
import { KeysContext, OverlayContext, useBindings, useKeys } from './keys/use-bindings.ts';
import { PaneBoundary } from './PaneBoundary.tsx';
import type { Frame, Pane } from './pane.ts';
import { ScreenContext } from './screen.ts';
import { interruptBindings, type ShellContext, shellBindings } from './shell-bindings.ts';
import type { ShellProps } from './shell-props.ts';
import { current, takeAway } from './shell-state.ts';
import { createShellStore, type ShellStore } from './shell-store.ts';
import { useStore } from './store.ts';
import type { Span } from './theme.ts';
import { Help } from './widgets/Help.tsx';
import { Line } from './widgets/Line.tsx';

/** Everything around the panes: where one is, what a key means, the header and the bottom line. */
export function Shell<P extends object>(props: ShellProps<P>) {
  const device = useDevice();
  const keys = useMemo(createKeyLayers, []);
  const home = useMemo(() => ({ pane: props.home }), [props.home]);
  const { startScope = '' } = props;
  const store = useMemo(() => createShellStore(home, startScope, device), [home, startScope, device]);
  const { greeting = '', onPress } = props;
  const pressed = useRef(onPress);
  pressed.current = onPress;
  useEffect(() => {
    if (greeting !== '') store.flash(greeting);
  }, [greeting, store]);
  useEffect(() => {
    const bring = createKeyQueue(keys, store.answer);
    return device.listen((input) => {
      // What has been said has been read when the next key comes.
      store.message.update(() => undefined);
      pressed.current?.();
      bring(input);
    });
  }, [device, keys, store]);
  return (
    <KeysContext value={keys}>
      <ScreenContext value={store}>
        <Screens {...props} store={store} />
      </ScreenContext>
    </KeysContext>
  );
}

/** Below this nothing but one line makes sense. */
const smallest: Size = { width: 40, height: 8 };
const needed: Span = { text: ` needs ${smallest.width}×${smallest.height}`, tone: 'dim' };
/** From here on messages have a line of their own. */
const roomy = 30;

function Screens<P extends object>(props: ShellProps<P> & { store: ShellStore }) {
  const { store, Header, Narrow, headerHeight = 1 } = props;
  const size = useStore(useDevice().size);
  const state = useStore(store.state);
  const visit = current(state);
  useShellKeys(props);
  useTellView(props, store);
  if (size.width < smallest.width || size.height < smallest.height) {
    return (
      <Box flexDirection="column" width={size.width} height={size.height} overflow="hidden">
        <Narrow {...props.props} width={size.width} />
        {size.height > 1 && <Line spans={[needed]} width={size.width} />}
      </Box>
    );
  }
  const bottom = size.height >= roomy ? 2 : 1;
  const area = { width: size.width, height: size.height - headerHeight - bottom };
  const frame: Frame = { ...store.frameOf(visit), ...area, active: true };
  const pane =
    props.panes.find((one) => one.id === visit.view.pane) ?? props.panes.find((one) => one.id === props.home);
  const overlay = state.overlays.at(-1);
  return (
    <Box flexDirection="column" width={size.width} height={size.height}>
      <Header {...props.props} width={size.width} scope={state.scope} view={visit.view} />
      <Box flexDirection="column" width={area.width} height={area.height} overflow="hidden">
        {overlay !== undefined && (
          <OverlayContext key={overlay.id} value={overlay.id}>
            {overlay.draw(() => store.state.update((before) => takeAway(before, overlay.id)), area)}
          </OverlayContext>
        )}
        <Box flexDirection="column" display={overlay === undefined ? 'flex' : 'none'}>
          {pane && <PaneScreen key={visit.id} pane={pane} props={props.props} frame={frame} />}
        </Box>
      </Box>
      <BottomLine store={store} width={size.width} lines={bottom} />
    </Box>
  );
}

function PaneScreen<P extends object>({ pane, props, frame }: { pane: Pane<P>; props: P; frame: Frame }) {
  const Screen = pane.Screen as FC<P & Frame>;
  return (
    <PaneBoundary title={pane.title} width={frame.width} height={frame.height}>
      <Screen {...props} {...frame} />
    </PaneBoundary>
  );
}

/** Registers the keys that work on every pane. */
function useShellKeys<P extends object>(props: ShellProps<P> & { store: ShellStore }): void {
  const { store } = props;
  const device = useDevice();
  const keys = useKeys();
  const latest = useRef(props);
  useLayoutEffect(() => {
    latest.current = props;
  });
  const asked = useMemo(() => ({ q: Number.NEGATIVE_INFINITY, interrupt: Number.NEGATIVE_INFINITY }), []);
  const panes = props.panes as readonly Pane<never>[];
  const frameNow = useCallback(
    (): Frame => ({ ...store.frameOf(current(store.state.get())), ...device.size.get(), active: true }),
    [store, device],
  );
  const words = useCallback(
    () => [
      ...wordsOf(latest.current.panes as readonly Pane<never>[], latest.current.words ?? []),
      { word: 'suspend', title: 'back to the shell, fg returns', run: () => device.suspend() },
      { word: 'q', title: 'quit', run: () => latest.current.onQuit() },
      { word: 'quit', title: 'quit', run: () => latest.current.onQuit() },
    ],
    [device],
  );
  const help = useCallback(() => {
    const offers = keys.offers();
    const { store: shell } = latest.current;
    frameNow().open((close, area) => <Help offers={offers} words={words()} {...area} onClose={close} />);
    shell.message.update(() => undefined);
  }, [keys, frameNow, words]);
  const context = (): ShellContext => ({
    store,
    panes,
    device,
    now: () => performance.now(),
    asked,
    command: () =>
      store.ask(
        commandQuestion(
          words,
          store,
          keys,
          frameNow,
          (word, args) => latest.current.otherWord?.(word, args, frameNow()) ?? false,
        ),
      ),
    help,
    cancel: () => cancelOne(store),
    quit: () => latest.current.onQuit(),
  });
  useBindings(shellBindings(panes), context, { layer: 'global', title: 'Everywhere' });
  useBindings(interruptBindings, context, { layer: 'always', title: 'Always' });
  useBindings(props.bindings ?? [], frameNow, { layer: 'global', title: 'Everywhere' });
}

/** What ctrl-c ends first: what lies over the pane. */
function cancelOne(store: ShellStore): boolean {
  const overlay = store.state.get().overlays.at(-1);
  if (overlay === undefined) return false;
  store.state.update((before) => takeAway(before, overlay.id));
  return true;
}

function useTellView<P extends object>({ onView }: ShellProps<P>, store: ShellStore): void {
  useEffect(() => {
    const tell = () => onView?.(current(store.state.get()).view, store.state.get().scope);
    tell();
    return store.state.subscribe(tell);
  }, [onView, store]);
}
