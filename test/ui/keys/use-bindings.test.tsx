import { renderToString, Text } from 'ink';
import { expect, test } from 'vitest';
import { createKeyLayers } from '../../../src/ui/keys/key-layers.ts';
import { KeysContext, useBindings } from '../../../src/ui/keys/use-bindings.ts';

function WithKeys() {
  useBindings([{ keys: ['x'], title: 'something', run: () => {} }], () => undefined);
  return <Text>drawn</Text>;
}

test('keys belong to the reader around them; without one they are refused rather than kept where nobody asks', () => {
  const keys = createKeyLayers();
  expect(
    renderToString(
      <KeysContext value={keys}>
        <WithKeys />
      </KeysContext>,
    ),
  ).toBe('drawn');
  expect(() => renderToString(<WithKeys />)).toThrow(/outside of <KeysContext>/);
});
