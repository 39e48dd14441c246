import { useEffect, useMemo } from 'react';
import { messageOf } from '../../errors.ts';
import type { AzureLogin } from '../../model/azure/login.ts';
import { useSnapshot } from '../../state/use-snapshot.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import type { Frame } from '../../ui/pane.ts';
import { useTheme } from '../../ui/theme.ts';
import { type LineKeys, LinesScreen } from '../LinesScreen.tsx';
import type { PaneProps } from '../pane-props.ts';
import { useNow } from '../use-now.ts';
import { azurePage } from './azure-page.ts';
import { loginState } from './login-state.ts';

/** Signing in to Azure and out of it, and what can be read there. Args: `login` asks for a code at once. */
export function AzureScreen({ store, asks, now, ...frame }: PaneProps & Frame) {
  const { glyphs } = useTheme();
  const facts = useSnapshot(store, (snapshot) => snapshot.facts);
  const time = useNow(now);
  const login = facts.azureLogin?.value;
  // A code is typed elsewhere, and takes as long as it takes: looking at another pane meanwhile does not end it.
  const signIn = frame.keep('azure sign-in', () => createSignIn());
  const begin = () => void signIn.begin((signal) => asks.azure.signIn(signal), frame.flash);
  const wanted = frame.args[0] === 'login';
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each time it is asked for
  useEffect(() => {
    if (!wanted) return;
    frame.become([]);
    begin();
  }, [wanted]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what they use is looked up when a key is pressed
  const bindings = useMemo(() => keysOf(login, begin, signIn.cancel, () => signOut(asks, frame)), [login]);
  return (
    <LinesScreen
      frame={frame}
      name="azure"
      title="Azure"
      state={loginState(login, time)}
      lines={azurePage(facts, time, frame.width, glyphs)}
      none="Nothing is known of Azure yet."
      bindings={bindings}
    />
  );
}

type SignIn = {
  begin(signIn: (signal: AbortSignal) => Promise<void>, flash: Frame['flash']): Promise<void>;
  cancel(): void;
};

function createSignIn(): SignIn {
  let running: AbortController | undefined;
  return {
    async begin(signIn, flash) {
      running?.abort();
      const mine = new AbortController();
      running = mine;
      try {
        await signIn(mine.signal);
        flash('signed in to Azure');
      } catch (error) {
        if (!mine.signal.aborted) flash(messageOf(error), 'warning');
      }
    },
    cancel: () => running?.abort(),
  };
}

function signOut(asks: PaneProps['asks'], frame: Frame): void {
  asks.azure.signOut().then(
    () => frame.flash('signed out of Azure; az itself stays logged in'),
    (error: unknown) => frame.flash(messageOf(error), 'warning'),
  );
}

function keysOf(
  login: AzureLogin | undefined,
  begin: () => void,
  cancel: () => void,
  out: () => void,
): readonly Binding<LineKeys>[] {
  const off = login?.state === 'off' ? 'started with --no-azure' : undefined;
  const code: readonly Binding<LineKeys>[] = [
    { keys: ['c'], title: 'copy the code', rank: 1, run: ({ frame }) => frame.copy(login?.code?.userCode ?? '') },
    { keys: ['esc'], title: 'give up', rank: 2, run: cancel },
  ];
  const isOut = login?.state !== 'signed-in';
  return [
    ...(login?.state === 'code' ? code : []),
    {
      keys: ['l'],
      title: login?.state === 'code' ? 'another code' : isOut ? 'sign in' : 'sign in again',
      rank: 3,
      unless: () => off,
      run: begin,
    },
    {
      keys: ['L'],
      title: 'sign out',
      rank: 8,
      unless: () => off ?? (isOut ? 'nobody is signed in' : undefined),
      run: out,
    },
  ];
}
