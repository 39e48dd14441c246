import { stripVTControlCharacters } from 'node:util';
import { render } from 'ink-testing-library';
import { expect, it } from 'vitest';
import { TitleRule } from '../../../src/ui/widgets/TitleRule.tsx';

it.each([
  [undefined, '── Contexts 4 ──────'],
  [{ text: '' }, '── Contexts 4 ──────'],
  [{ text: '● live' }, '── Contexts 4 ─ ● live ─'],
])('a state that says nothing leaves no gap in the rule: %o', (state, start) => {
  const { lastFrame, unmount } = render(<TitleRule title="Contexts" total={4} width={40} {...(state && { state })} />);
  expect(stripVTControlCharacters(lastFrame() ?? '')).toContain(start);
  unmount();
});
