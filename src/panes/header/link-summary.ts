import type { Link, SourceId } from '../../model/link.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { age } from '../../ui/text.ts';
import { shortNameOf } from '../pane-state.ts';
import { progressText } from '../progress-text.ts';

/** How the links are doing as a whole: the worst of them is named, the others are counted. */
export type LinkSummary = {
  live: number;
  /** Links that matter: kinds the server does not serve are not waited for. */
  of: number;
  glyph: 'ok' | 'warning' | 'error' | 'progress';
  /** `api 41ms`, `pods stale 42s`, `429 ×6, retry 8s`, `endpoints 34%`. */
  text: string;
  /** All is well, and still to be told: that only watches run. */
  resting?: boolean;
};

type Entry = readonly [SourceId, Link];

export function linkSummary(snapshot: Pick<Snapshot, 'links' | 'cluster' | 'requests'>, now: number): LinkSummary {
  const entries = [...snapshot.links].filter(([, link]) => link.phase !== 'missing');
  const live = entries.filter(([, link]) => link.phase === 'live').length;
  const count = { live, of: entries.length };
  const throttled = throttling(snapshot, entries, now);
  if (throttled !== '') return { ...count, glyph: 'warning', text: throttled };

  const stale = entries
    .filter(([, link]) => link.phase === 'stale')
    .sort((a, b) => Number(isCore(b)) - Number(isCore(a)) || a[1].heard - b[1].heard);
  if (stale.length > 0) {
    return {
      ...count,
      glyph: 'warning',
      text: named(stale, ([, link]) => (link.heard > 0 ? `stale ${age(now - link.heard)}` : 'stale')),
    };
  }
  const failed = entries.filter(([, link]) => link.phase === 'failed');
  if (failed.length > 0) return { ...count, glyph: 'error', text: named(failed, () => 'failed') };
  const arriving = entries.filter(([, link]) => link.phase === 'connecting' || link.phase === 'loading');
  if (arriving.length > 0 || entries.length === 0)
    return { ...count, glyph: 'progress', text: progressText(snapshot.links) };
  const partly = entries.find(([, link]) => link.phase === 'live' && link.only !== undefined);
  if (partly) return { ...count, glyph: 'warning', text: `only ns ${partly[1].only}` };
  const forbidden = entries.filter(([, link]) => link.phase === 'forbidden');
  if (forbidden.length > 0) return { ...count, glyph: 'warning', text: named(forbidden, () => 'forbidden') };
  const { latency, resting } = snapshot.cluster;
  if (resting) return { ...count, glyph: 'ok', text: 'idle: only watches run', resting };
  return { ...count, glyph: 'ok', text: latency > 0 ? `api ${Math.round(latency)}ms` : '' };
}

/** What every screen rests on is named before the rest. */
function isCore([source]: Entry): boolean {
  return source === 'nodes' || source === 'pods' || source === 'systemPods';
}

/** The first one by name, the others by number: `pods stale 42s +2`. */
function named(entries: readonly Entry[], state: (entry: Entry) => string): string {
  const [first] = entries;
  if (first === undefined) return '';
  const more = entries.length > 1 ? ` +${entries.length - 1}` : '';
  return `${shortNameOf(first[0])} ${state(first)}${more}`;
}

/** Told only while we wait because the server asked us to, by the 429s of the last minute. */
function throttling(snapshot: Pick<Snapshot, 'requests'>, entries: readonly Entry[], now: number): string {
  const retryAt = Math.max(0, ...entries.map(([, link]) => link.retryAt ?? 0));
  if (retryAt <= now) return '';
  const answers = snapshot.requests.log.filter((entry) => entry.status === 429 && entry.at > now - 60_000).length;
  return answers > 0 ? `429 ×${answers}, retry ${age(retryAt - now)}` : '';
}
