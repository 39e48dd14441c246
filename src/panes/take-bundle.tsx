import { messageOf } from '../errors.ts';
import type { BundleAsks, BundleRequest } from '../model/bundle/bundle-request.ts';
import type { Frame } from '../ui/pane.ts';
import { createStore } from '../ui/store.ts';
import { BundleOverlay } from './bundle/BundleOverlay.tsx';
import type { BundleState } from './bundle/bundle-state.ts';

/**
 * Lays over the pane what a bundle would take; `y` takes it. `request` is made then: what is told along is as of that
 * moment.
 */
export function takeBundle(
  asks: BundleAsks,
  planned: Pick<BundleRequest, 'plan' | 'path'>,
  request: () => Promise<BundleRequest>,
  frame: Pick<Frame, 'open' | 'copy'>,
): void {
  const { path } = planned;
  const state = createStore<BundleState>({ phase: 'asked', ...planned });
  const tell = (now: BundleState) => state.update(() => now);
  frame.open((close, area) => (
    <BundleOverlay
      {...area}
      state={state}
      onBegin={() => void take()}
      onStop={() => {
        state.update((now) => (now.phase === 'taking' ? { ...now, stopping: true } : now));
        void asks.endBundle().catch(() => {});
      }}
      onCopy={frame.copy}
      onClose={close}
    />
  ));

  async function take(): Promise<void> {
    let stopping = false;
    tell({ phase: 'taking', path, stopping, progress: { type: 'progress', text: 'beginning', requests: 0, bytes: 0 } });
    try {
      for await (const event of asks.takeBundle(await request(), new AbortController().signal)) {
        const now = state.get();
        stopping = now.phase === 'taking' && now.stopping;
        if (event.type === 'end') tell({ phase: 'ended', end: event });
        else tell({ phase: 'taking', path, stopping, progress: event });
      }
    } catch (error) {
      tell({ phase: 'failed', text: messageOf(error) });
    }
  }
}
