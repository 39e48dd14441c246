import { afterEach, expect, test, vi } from 'vitest';
import type { AzureLogin } from '../../src/model/azure/login.ts';
import type { PaneProps } from '../../src/panes/pane-props.ts';
import { signIn } from '../../src/panes/sign-in.tsx';
import type { Frame } from '../../src/ui/pane.ts';
import { now, snapshotOf } from './fixtures/cluster.ts';
import { frameOf, noAsks } from './fixtures/frame.tsx';
import { type Mounted, mount } from './fixtures/mount.tsx';

let app: Mounted | undefined;
afterEach(() => app?.close());

function snapshotAt(login: Partial<AzureLogin>) {
  const nobody = { cloud: 'public', credential: '', account: '', tenant: '', expires: 0, problems: [] } as const;
  const value: AzureLogin = { state: 'none', ...nobody, ...login };
  const link = { phase: 'live', heard: now } as const;
  return snapshotOf({ changes: [{ type: 'fact', fact: 'azureLogin', value, link, at: now }] });
}
const code = { userCode: 'F7K29QX4', address: 'https://example.test/device', until: now + 754_000 };

/** The overlay alone, as `:login` lays it over a pane. */
function opened(login: Partial<AzureLogin>, [width, height]: [number, number] = [80, 12]) {
  const asked: { signal: AbortSignal; done: PromiseWithResolvers<void> }[] = [];
  const azure = {
    signIn(signal: AbortSignal) {
      const done = Promise.withResolvers<void>();
      asked.push({ signal, done });
      return done.promise;
    },
  };
  const asks = { ...noAsks, azure } as unknown as PaneProps['asks'];
  let overlay: Parameters<Frame['open']>[0] | undefined;
  const closed = vi.fn();
  const frame = frameOf(width, height, {
    open(made) {
      overlay = made;
      return closed;
    },
  });
  let begun = false;
  const drawn = (props: PaneProps & Frame) => {
    if (!begun) signIn(props, frame);
    begun = true;
    return overlay?.(closed, { width, height });
  };
  app = mount(drawn, snapshotAt(login), frame, asks);
  return { app, asked, closed, told: frame.told };
}

test('the code, where to type it, for how long; c copies it, esc gives up', async () => {
  const { app, asked, closed, told } = opened({ state: 'asking' });
  expect(app.lines().join('\n')).toContain('Asking Azure (public) for a code.');
  expect(await app.press('c')).toBe('there is no code');
  app.show(snapshotAt({ state: 'code', code }));
  const text = await app.until(/12:34 left/);
  expect(text).toContain('open   https://example.test/device');
  expect(text).toContain(' F 7 K 2 9 Q X 4 ');
  await app.press('c');
  expect(told.copied).toEqual(['F7K29QX4']);
  await app.press('esc');
  expect([asked[0]?.signal.aborted, closed.mock.calls.length]).toEqual([true, 1]);
});

test('signed in: the overlay goes by itself', async () => {
  const { asked, closed, told } = opened({ state: 'code', code });
  asked[0]?.done.resolve();
  await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce());
  expect(told.flashes).toEqual(['signed in to Azure']);
});

test('declined: it says so and stays; l asks for another code', async () => {
  const { app, asked } = opened({ state: 'none' });
  asked[0]?.done.reject(new Error('The sign-in was declined. Ask for another code to try again.'));
  await app.until(/✖ sign-in failed[\s\S]*The sign-in was declined/);
  await app.press('l');
  expect(asked).toHaveLength(2);
  expect(app.lines().join('\n')).toContain('asking for a code');
});

test('in a very small terminal the title still counts', async () => {
  const { app } = opened({ state: 'code', code }, [20, 5]);
  expect((await app.until(/device/)).split('\n').length).toBeLessThanOrEqual(5);
});
