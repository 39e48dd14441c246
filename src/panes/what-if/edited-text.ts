import { type Unread, unreadText } from './draft-state.ts';

const MARK = '# ciliscope: ';

/**
 * The text as it is given to the editor: what this is stands above it, and where the last draft could not be read, why.
 * Always so many lines, so that the place of a mistake counts from the top of what one sees.
 */
export function toEdit(text: string, about: string, unread: Unread | undefined): string {
  const second =
    unread === undefined
      ? 'An unchanged file, or an empty one, changes nothing.'
      : `It could not be read: ${unreadText({ ...unread, above: linesAbove })}.`;
  return `${MARK}${about}\n${MARK}${second}\n${text}`;
}

/** How many lines stand above the text. */
export const linesAbove = 2;

/** What was written, without what stood above it. */
export function fromEdited(edited: string): string {
  const lines = edited
    .replaceAll('\r\n', '\n')
    .replace(/^\uFEFF/, '')
    .split('\n');
  const kept = lines.findIndex((line) => !line.startsWith(MARK));
  return kept < 0 ? '' : lines.slice(kept).join('\n');
}
