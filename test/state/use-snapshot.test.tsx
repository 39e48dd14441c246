import { Text } from 'ink';
import { render } from 'ink-testing-library';
import { act } from 'react';
import { expect, test, vi } from 'vitest';
import { apply, emptySnapshot, type Snapshot } from '../../src/model/snapshot.ts';
import { createSnapshotStore, type Store } from '../../src/state/store.ts';
import { useSnapshot } from '../../src/state/use-snapshot.ts';

const select = ({ cluster }: Snapshot) => cluster.context;

function Context({ store, onRender }: { store: Store; onRender(): void }) {
  onRender();
  return <Text>{`context ${useSnapshot(store, select)}`}</Text>;
}

test('renders when its part changes, and only then', async () => {
  const store = createSnapshotStore(emptySnapshot(0), apply, { busyMs: 0, frameMs: 0 });
  let renders = 0;
  const { lastFrame, unmount } = render(<Context store={store} onRender={() => renders++} />);
  await act(async () => store.push([{ type: 'cluster', cluster: { context: 'blue' } }]));
  await vi.waitFor(() => expect(lastFrame()).toBe('context blue'));
  const before = renders;
  await act(async () => store.push([{ type: 'cluster', cluster: { latency: 5 } }]));
  expect(renders).toBe(before);
  unmount();
  store.close();
});
