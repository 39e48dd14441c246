import type { Edit } from '../model/objects/row.ts';

/** The newest edit of the object itself: what controllers write into the status says nothing about who changed it. */
export function lastEdit(edits: readonly Edit[]): Edit | undefined {
  return edits
    .filter((edit) => edit.subresource === '')
    .reduce<Edit | undefined>((last, edit) => (last && last.at >= edit.at ? last : edit), undefined);
}
