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

it('a name too long for the line is cut in its middle, and leaves room for the state', () => {
  const title = `Policy · CNP shop/${'long-'.repeat(10)}ingress`;
  const { lastFrame, unmount } = render(<TitleRule title={title} state={{ text: '● live' }} width={40} />);
  expect(stripVTControlCharacters(lastFrame() ?? '')).toMatch(/^── Policy · CNP .*…-long-ingress ─ ● live *$/);
  unmount();
});
