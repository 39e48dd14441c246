import { expect, test } from 'vitest';
import { deleteBefore, deleteWordBefore, editedLine, insert, moveCursor } from '../../../src/ui/widgets/edited-line.ts';

test('typing and deleting go by whole characters', () => {
  expect(insert(moveCursor(editedLine('ac'), -1), 'b')).toEqual({ text: 'abc', cursor: 2 });
  expect(deleteBefore(editedLine('a👩‍👩‍👧'))).toEqual({ text: 'a', cursor: 1 });
  expect(deleteBefore(editedLine('e\u0301'))).toEqual({ text: '', cursor: 0 });
  expect(deleteBefore(editedLine(''))).toEqual({ text: '', cursor: 0 });
  expect(moveCursor(editedLine('漢😀'), -1).cursor).toBe(1);
});

test('a word goes with the blanks behind it', () => {
  expect(deleteWordBefore(editedLine('ns shop  '))).toEqual({ text: 'ns ', cursor: 3 });
  expect(deleteWordBefore(editedLine('ns'))).toEqual({ text: '', cursor: 0 });
});

test('the ends are the ends', () => {
  expect(moveCursor(moveCursor(editedLine('abc'), Number.NEGATIVE_INFINITY), -1).cursor).toBe(0);
  expect(moveCursor(editedLine('abc'), 1).cursor).toBe(3);
});
