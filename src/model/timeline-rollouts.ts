import { refKey } from './ref.ts';
import type { TimelineEntry } from './timeline.ts';

/** Between the edit of a workload's template and the revision its controller makes of it. */
const AT_ONCE_MS = 5_000;

/**
 * A template that was edited and the rollout that followed from it are one deed, told as the rollout by who edited it.
 * Newest first, in and out.
 */
export function withRollouts(entries: readonly TimelineEntry[]): readonly TimelineEntry[] {
  const edits = Map.groupBy(entries.filter(isTemplateEdit), ({ object }) => refKey(object));
  const images = Map.groupBy(
    entries.filter(({ what }) => what === 'image'),
    ({ object }) => refKey(object),
  );
  if (edits.size === 0 && images.size === 0) return entries;
  const told = new Set<TimelineEntry>();
  const newest = new Set<string>();
  const who = new Map<TimelineEntry, string>();
  for (const rollout of entries) {
    if (rollout.what !== 'rollout') continue;
    // The rollout says from which image to which.
    const object = refKey(rollout.object);
    const isNewest = !newest.has(object);
    newest.add(object);
    for (const image of images.get(object) ?? []) {
      const noticedLater = isNewest && image.at > rollout.at && says(rollout, image);
      if (noticedLater || Math.abs(image.at - rollout.at) <= AT_ONCE_MS) told.add(image);
    }
    const deed = edits.get(refKey(rollout.object))?.find((edit) => isCause(edit, rollout) && !told.has(edit));
    if (deed === undefined) continue;
    told.add(deed);
    who.set(rollout, deed.who);
  }
  return entries.flatMap((entry) => {
    const by = who.get(entry);
    if (by !== undefined) return [{ ...entry, who: by }];
    return told.has(entry) ? [] : [entry];
  });
}

/** After a broken watch a new image is noticed only when all is listed anew, long after the rollout that brought it. */
function says(rollout: TimelineEntry, image: TimelineEntry): boolean {
  const tags = image.detail.split(', ').map((one) => one.slice(one.lastIndexOf(':') + 1));
  return tags.every((tag) => rollout.detail.split(', ').some((part) => part.endsWith(` → ${tag}`)));
}

/** Of the template alone: what else was changed with it is news of its own. */
function isTemplateEdit({ what, detail }: TimelineEntry): boolean {
  const fields = what === 'edited' ? detail.split(', ') : [];
  return (
    fields.some((field) => field.startsWith('spec.template')) &&
    fields.every((field) => field.startsWith('spec.template') || field.startsWith('metadata.'))
  );
}

function isCause(edit: TimelineEntry, rollout: TimelineEntry): boolean {
  const after = rollout.at - edit.at;
  return after >= 0 && after <= AT_ONCE_MS;
}
