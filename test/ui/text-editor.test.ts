import { describe, expect, it } from 'vitest';
import * as edit from '../../src/ui/text-editor.ts';

/** `a|b`: the cursor stands at the bar. */
function given(marked: string): edit.EditedText {
  return edit.editedText(marked.replace('|', ''), marked.indexOf('|'));
}
const shown = ({ text, cursor }: edit.EditedText) => `${text.slice(0, cursor)}|${text.slice(cursor)}`;

const wide = 40;
const steps: Readonly<Record<string, (state: edit.EditedText) => edit.EditedText>> = {
  left: (s) => edit.moveIn(s, 'left', wide),
  right: (s) => edit.moveIn(s, 'right', wide),
  up: (s) => edit.moveIn(s, 'up', wide),
  down: (s) => edit.moveIn(s, 'down', wide),
  'up in 4 columns': (s) => edit.moveIn(s, 'up', 4),
  'down in 4 columns': (s) => edit.moveIn(s, 'down', 4),
  'word left': (s) => edit.moveIn(s, 'word-left', wide),
  'word right': (s) => edit.moveIn(s, 'word-right', wide),
  home: (s) => edit.moveIn(s, 'line-start', wide),
  end: (s) => edit.moveIn(s, 'line-end', wide),
  backspace: edit.eraseBefore,
  delete: edit.eraseAfter,
  'ctrl-w': edit.eraseWordBefore,
  'ctrl-u': edit.eraseToLineStart,
  enter: edit.breakLine,
  undo: edit.undo,
  redo: edit.redo,
};

describe('a text of several lines', () => {
  it.each([
    ['left', 'a|b', '|ab'],
    ['left', '👩‍💻|b', '|👩‍💻b'],
    ['right', '|👩‍💻b', '👩‍💻|b'],
    ['up', 'abcdef\nab\nabcd|ef', 'abcdef\nab|\nabcdef'],
    ['up', 'ab|c', '|abc'],
    ['down', 'ab|c', 'abc|'],
    ['down', 'abc|d\nx', 'abcd\nx|'],
    ['down in 4 columns', 'a|bcdefgh', 'abcde|fgh'],
    ['up in 4 columns', 'abcde|fgh', 'a|bcdefgh'],
    ['word left', 'one two |', 'one |two '],
    ['word right', 'one| two', 'one two|'],
    ['home', 'a\nbc|d', 'a\n|bcd'],
    ['end', 'a\n|bcd\ne', 'a\nbcd|\ne'],
    ['backspace', 'a\n|b', 'a|b'],
    ['backspace', '|a', '|a'],
    ['delete', 'a|\nb', 'a|b'],
    ['ctrl-w', 'one two|', 'one |'],
    ['ctrl-u', 'a\nbc|d', 'a\n|d'],
    ['ctrl-u', 'a\n|d', 'a|d'],
  ])('%s: %s → %s', (step, before, after) => {
    expect(shown((steps[step] as (s: edit.EditedText) => edit.EditedText)(given(before)))).toBe(after);
  });

  it('a new line begins as deep as the one before', () => {
    const state = edit.breakLine(edit.editedText('T\n  where x'));
    expect(state.text).toBe('T\n  where x\n  ');
  });

  it('up and down keep to their column across shorter lines', () => {
    const up = edit.moveIn(given('abcdef\nab\nabcde|f'), 'up', wide);
    expect(shown(edit.moveIn(up, 'up', wide))).toBe('abcde|f\nab\nabcdef');
  });

  it('undo takes words back, not letters, and redo brings them again', () => {
    let state = edit.editedText('');
    for (const letter of 'take five') state = edit.insertText(state, letter);
    state = edit.undo(state);
    expect(state.text).toBe('take ');
    state = edit.undo(edit.undo(state));
    expect(state.text).toBe('');
    expect(edit.redo(edit.redo(edit.redo(state))).text).toBe('take five');
    // Who types after an undo has chosen another way.
    expect(edit.redo(edit.insertText(edit.undo(edit.editedText('x')), 'y')).text).toBe('xy');
  });

  it('what cannot be seen is left out of what is pasted; lines and blanks stay', () => {
    expect(edit.insertText(edit.editedText(''), 'T\r\n\t| take\u200b 5\u202e\x07').text).toBe('T\n  | take 5');
  });

  it('a line too wide is drawn on several, broken at a blank where there is one', () => {
    const drawn = (text: string, columns: number) =>
      edit
        .drawnLines(text, columns)
        .map(({ start, end, number, continued }) => `${number}${continued ? '+' : ''} ${text.slice(start, end)}`);
    expect(drawn('where PodName == "a"\nx', 16)).toEqual(['1 where PodName ', '1+ == "a"', '2 x']);
    expect(drawn('aaaaaaaa', 3)).toEqual(['1 aaa', '1+ aaa', '1+ aa']);
    expect(drawn('日本語日本', 5)).toEqual(['1 日本', '1+ 語日', '1+ 本']);
  });
});
