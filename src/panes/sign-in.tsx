import { messageOf } from '../errors.ts';
import type { Frame } from '../ui/pane.ts';
import { createStore } from '../ui/store.ts';
import type { PaneProps } from './pane-props.ts';
import { SignInOverlay } from './sign-in/SignInOverlay.tsx';
import type { SignInState } from './sign-in/sign-in-state.ts';

/**
 * Signs a person in to Azure: lays the code over the pane until it was typed elsewhere, ran out, or was given up. On
 * success the overlay goes by itself.
 */
export function signIn(
  props: Pick<PaneProps, 'store' | 'now'> & { asks: Pick<PaneProps['asks'], 'azure'> },
  frame: Pick<Frame, 'open' | 'flash' | 'copy'>,
): void {
  const state = createStore<SignInState>({ phase: 'asking' });
  let stop = new AbortController();
  const close = frame.open((leave, area) => (
    <SignInOverlay
      {...area}
      snapshots={props.store}
      state={state}
      now={props.now}
      onAgain={begin}
      onCopy={frame.copy}
      onClose={() => {
        stop.abort();
        leave();
      }}
    />
  ));

  function begin(): void {
    stop.abort();
    stop = new AbortController();
    const { signal } = stop;
    state.update(() => ({ phase: 'asking' }));
    props.asks.azure.signIn(signal).then(
      () => {
        close();
        frame.flash('signed in to Azure', 'ok');
      },
      (error: unknown) => {
        if (!signal.aborted) state.update(() => ({ phase: 'ended', text: messageOf(error) }));
      },
    );
  }

  begin();
}
