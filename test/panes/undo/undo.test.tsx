import { afterEach, expect, it } from 'vitest';
import { NO_JOBS, type UndoEntry } from '../../../src/model/jobs.ts';
import { UndoScreen } from '../../../src/panes/undo/UndoScreen.tsx';
import { now, snapshotOf } from '../fixtures/cluster.ts';
import { frameOf, noAsks, noRoad } from '../fixtures/frame.tsx';
import { type Mounted, mount } from '../fixtures/mount.tsx';
import { policyAsks } from '../fixtures/policies.ts';

let app: Mounted | undefined;
afterEach(() => app?.close());

const entry: UndoEntry = {
  id: '1',
  title: 'delete CiliumClusterwideNetworkPolicy identity-platform-default-deny',
  verb: 'create',
  object: { kind: 'CiliumClusterwideNetworkPolicy', name: 'identity-platform-default-deny' },
  at: now - 5_000,
  user: 'admin',
};

async function listed(undo: readonly UndoEntry[]): Promise<string> {
  const snapshot = snapshotOf({ changes: [{ type: 'jobs', jobs: { ...NO_JOBS, undo } }] });
  app = mount(UndoScreen, snapshot, frameOf(80, 12), noAsks, noRoad, policyAsks({}));
  return app.until(/WHAT WAS DONE/);
}

it('names what was changed whole at 80 columns', async () => {
  expect(await listed([entry])).toMatch(/delete CCNP identity-platform-default-deny +makes it anew +admin/);
});
