// What keeps rows from being taken in, and since when: what lies before stays as it was.
import { getOf } from '../voices/scene.ts';
import type { Pod } from '../voices/shapes.ts';
import type { TableName } from './columns.ts';
import type { LiveTroubles } from './log-troubles.ts';
import { type Observed, unreadySince } from './observed.ts';
import type { Written } from './row.ts';
import type { Way } from './taken-in.ts';

const never = Number.POSITIVE_INFINITY;
/** What was so when the cluster was shown has been so for a while, ms. */
export const overCapFor = 70 * 60_000;
const elsewhereFor = 3 * 3_600_000;
/** These are free and are taken in whatever the cap says. */
const free: readonly TableName[] = ['Operation', 'Usage', 'AzureActivity', 'Heartbeat'];

type Span = { from: number; to: number };

export function followIngestion(
  observed: Observed,
  troubles: LiveTroubles,
): { way(table: TableName, by: Written['by']): Omit<Way, 'delay'> } {
  const { scene, settings } = observed;
  const stops: Span[] = [];
  const overCap: Span[] = [];
  const elsewhere: Span[] = [];
  let lateSince = never;
  let duplicatesSince = never;
  const follow = (isFirst: boolean) => {
    const now = scene.now();
    const { duplicates, late, stopped } = troubles.now();
    const { collectedElsewhere, ingestionStopped, overDailyCap } = settings.now();
    lateSince = late ? Math.min(lateSince, now) : never;
    duplicatesSince = duplicates ? Math.min(duplicatesSince, now) : never;
    mark(stops, stopped || ingestionStopped, now, now);
    mark(overCap, overDailyCap, isFirst ? now - overCapFor : now, now);
    mark(elsewhere, collectedElsewhere, isFirst ? now - elsewhereFor : now, now);
  };
  follow(true);
  troubles.listen(() => follow(false));
  settings.listen({ before() {}, after: () => follow(false) });
  return {
    way: (table, by) => ({
      lateSince,
      duplicatesSince,
      stops: [
        ...stops,
        ...(free.includes(table) ? [] : overCap),
        ...(by === 'agent' ? [...elsewhere, ...agentsDown(observed)] : []),
      ],
    }),
  };
}

function mark(spans: Span[], isSo: boolean, from: number, now: number): void {
  const last = spans.at(-1);
  if (isSo && last?.to !== never) spans.push({ from, to: never });
  if (!isSo && last?.to === never) last.to = now;
}

/** Since when no log agent of any node is ready. */
function agentsDown({ scene, view }: Observed): readonly Span[] {
  const since: number[] = [];
  for (const set of view.labelSets('kube-system')) {
    if (set.labels['component'] !== 'ama-logs-agent') continue;
    for (const { name, namespace, ready } of set.pods) {
      if (ready) return [];
      since.push(unreadySince(getOf<Pod>(scene, 'Pod', namespace, name)));
    }
  }
  return since.length === 0 ? [] : [{ from: Math.max(...since), to: never }];
}
