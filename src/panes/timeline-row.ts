import { clockMinute, clockTime } from '../model/clock.ts';
import type { TimelineEntry } from '../model/timeline.ts';
import type { Tone } from '../ui/theme.ts';
import { shortKind, shortObjects } from './short-kind.ts';

/** A change as the timeline and the overview show it. */
export type TimelineRow = {
  /** The same change keeps its id while the list grows at its top. */
  id: string;
  entry: TimelineEntry;
  time: string;
  what: string;
  tone: Tone;
  object: string;
  detail: string;
  who: string;
};

export function timelineRow(entry: TimelineEntry, now: number): TimelineRow {
  const { others = [] } = entry;
  const times = entry.count > 1 + others.length ? ` ×${entry.count}` : '';
  const last = entry.last === undefined ? '' : `, last ${clockMinute(entry.last, now)}`;
  return {
    id: timelineId(entry),
    entry,
    time: clockTime(entry.at, now),
    what: entry.what,
    tone: tones[entry.what] ?? 'plain',
    object: shortObjects([entry.object, ...others], entry),
    detail: `${entry.detail}${last}${times}${lateText(entry)}`.replace(/^(, | )/, ''),
    who: entry.who,
  };
}

/** What Azure's logs tell came minutes after it happened: who reads an order of events out of it must know. */
function lateText({ origin, detail }: TimelineEntry): string {
  return origin === undefined ? '' : `${detail === '' ? '' : ' '}(${origin}, late)`;
}

export function timelineId({ id, at, what, object, detail }: TimelineEntry): string {
  return id ?? `${Math.floor(at / 60_000)}|${what}|${object.kind}|${object.namespace ?? ''}|${object.name}|${detail}`;
}

/** Told of the namespace, or of what belongs to none. */
export function isInScope({ object, others = [] }: TimelineEntry, scope: string): boolean {
  return scope === '' || [object, ...others].some(({ namespace = '' }) => namespace === '' || namespace === scope);
}

/** What `/` looks at. */
export function timelineText({ what, object, others = [], nodes = [], detail, who }: TimelineEntry): string {
  const names = [object, ...others].map(({ namespace = '', name }) => `${namespace}/${name}`).join(' ');
  return `${what} ${object.kind} ${shortKind(object.kind)} ${names} ${nodes.join(' ')} ${detail} ${who}`;
}

/** Words that mean something got worse or better; what is merely different stays plain. */
const tones: Readonly<Record<string, Tone>> = {
  'not-ready': 'error',
  failed: 'error',
  crashed: 'error',
  tainted: 'warning',
  deleted: 'warning',
  restarted: 'warning',
  replaced: 'accent',
  cordoned: 'warning',
  ready: 'ok',
  untainted: 'ok',
  edited: 'accent',
  rollout: 'accent',
  upgraded: 'accent',
};
