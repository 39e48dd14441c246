import { afterEach, expect, test } from 'vitest';
import { emptySnapshot } from '../../../src/model/snapshot.ts';
import { LogScreen } from '../../../src/panes/log/LogScreen.tsx';
import { frameOf, noAsks } from '../fixtures/frame.tsx';
import { type Mounted, mount } from '../fixtures/mount.tsx';

let app: Mounted | undefined;
afterEach(() => app?.close());

test('without a pod it says how one is named, and asks for none', async () => {
  const object = () => Promise.reject(new Error('asked'));
  app = mount(LogScreen, emptySnapshot(0), frameOf(80, 12, { args: ['shop'] }), { ...noAsks, object });
  expect(await app.until(/Name a pod/)).toMatch(/:log NAMESPACE\/POD/);
});

test('a pod is named as everywhere else, too', async () => {
  const object = (_: unknown, namespace: string, name: string) =>
    Promise.reject(new Error(`no ${name} in ${namespace}`));
  app = mount(LogScreen, emptySnapshot(0), frameOf(80, 12, { args: ['shop/web-1'] }), { ...noAsks, object });
  await app.until(/no web-1 in shop/);
});
