import { useMemo } from 'react';
import { messageOf } from '../../errors.ts';
import type { AzureLogin } from '../../model/azure/login.ts';
import { useSnapshot } from '../../state/use-snapshot.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import type { Frame } from '../../ui/pane.ts';
import { useTheme } from '../../ui/theme.ts';
import { type LineKeys, LinesScreen } from '../LinesScreen.tsx';
import type { PaneProps } from '../pane-props.ts';
import { signIn } from '../sign-in.tsx';
import { useNow } from '../use-now.ts';
import { azurePage } from './azure-page.ts';
import { loginState } from './login-state.ts';

/** Who is signed in to Azure, and how each thing that is read there is doing. */
export function AzureScreen({ store, asks, now, ...frame }: PaneProps & Frame) {
  const { glyphs } = useTheme();
  const facts = useSnapshot(store, (snapshot) => snapshot.facts);
  const time = useNow(now);
  const login = facts.azureLogin?.value;
  const bindings = useMemo(
    () => keysOf(login, (to) => signIn({ store, asks, now }, to), asks),
    [login, store, asks, now],
  );
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

function keysOf(
  login: AzureLogin | undefined,
  begin: (frame: Frame) => void,
  asks: PaneProps['asks'],
): readonly Binding<LineKeys>[] {
  const off = login?.state === 'off' ? 'started with --no-azure' : undefined;
  const isOut = login?.state !== 'signed-in';
  return [
    {
      keys: ['l'],
      title: isOut ? 'sign in' : 'sign in again',
      rank: 2,
      unless: () => off,
      run: ({ frame }) => begin(frame),
    },
    {
      keys: ['L'],
      title: 'sign out',
      rank: 8,
      unless: () => off ?? (isOut ? 'nobody is signed in' : undefined),
      run: ({ frame }) => signOut(asks, frame),
    },
  ];
}

function signOut(asks: PaneProps['asks'], frame: Frame): void {
  asks.azure.signOut().then(
    () => frame.flash('signed out of Azure; az itself stays logged in'),
    (error: unknown) => frame.flash(messageOf(error), 'warning'),
  );
}
