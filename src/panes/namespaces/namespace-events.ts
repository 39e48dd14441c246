import { sandboxWords } from '../../model/cni-words.ts';
import type { EventRow } from '../../model/objects/others.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { age, number } from '../../ui/text.ts';
import type { Glyphs } from '../../ui/theme.ts';
import type { Page } from '../page.ts';
import { span } from '../spans.ts';
import { objectView, tableView } from '../views.ts';
import { unread } from './namespace-state.ts';

/** The namespace's warnings, those that say the same as one, the newest first. */
export function eventLines(
  page: Page,
  snapshot: Snapshot,
  namespace: string,
  glyphs: Glyphs,
  most: number,
  now: number,
): void {
  const state = unread(snapshot, 'events', namespace, now);
  if (state !== undefined) {
    page.section('Warnings', state.text);
    return;
  }
  const warnings = snapshot.tables.events.by('namespace', namespace).filter(({ type }) => type === 'Warning');
  const told = [...Map.groupBy(warnings, sayingOf)].map(([saying, events]) => warningOf(saying, events));
  page.section('Warnings', told.length === 0 ? 'none that the server still knows' : number(told.length));
  for (const { saying, objects, count, last, newest } of told.sort((a, b) => b.last - a.last).slice(0, most)) {
    const ref = { kind: newest.objectKind, namespace, name: newest.objectName };
    const whom = objects === 1 ? `${newest.objectKind} ${newest.objectName}` : `${objects} ${newest.objectKind}s`;
    page.line(
      [
        span(`${glyphs.warning} `, 'warning'),
        span(`${whom} `),
        span(saying),
        span(`${count > objects ? ` ×${number(count)}` : ''}, last ${age(now - last)} ago`, 'dim'),
      ],
      { id: `warning ${saying}`, ref, target: objects === 1 ? objectView(ref, 'events') : eventsHere(namespace) },
    );
  }
  const left = told.length - most;
  if (left > 0)
    page.line([span(`and ${number(left)} more kinds of warning`, 'dim')], { target: eventsHere(namespace) });
}

function eventsHere(namespace: string) {
  return tableView('ev', '-n', namespace, '/Warning');
}

/** Messages name the object they are about; what they have in common is the reason. */
function sayingOf({ reason, message }: EventRow): string {
  return sandboxWords(reason, message) ?? reason;
}

function warningOf(saying: string, events: readonly EventRow[]) {
  const [first] = events as [EventRow];
  const newest = events.reduce((one, other) => (other.last > one.last ? other : one), first);
  const objects = new Set(events.map(({ objectKind, objectName }) => `${objectKind}/${objectName}`)).size;
  const alone = objects === 1 && saying === newest.reason;
  return {
    saying: alone ? `${saying}: ${newest.message}` : saying,
    objects,
    count: events.reduce((sum, { count }) => sum + Math.max(1, count), 0),
    last: newest.last,
    newest,
  };
}
