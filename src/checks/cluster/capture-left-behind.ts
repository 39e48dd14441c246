import { clock } from '../../model/clock.ts';
import type { ContainerNetworkLogRow } from '../../model/objects/others.ts';
import type { Check, Suspect } from '../check.ts';
import { age, count } from '../words.ts';

type Left = Suspect & { row: ContainerNetworkLogRow };

/** Whoever made it deletes it when its time is up. */
const lateMs = 2 * 60_000;

export const captureLeftBehind: Check<Left> = {
  id: 'cluster/capture-left-behind',
  title: 'A capture of flows was not ended',
  why: 'Somebody had the flows of a namespace logged for a while, and their session ended before that while did. It goes on, and every row is paid for.',
  severity: 'note',
  needs: ['containerNetworkLogs'],
  noneIfMissing: ['containerNetworkLogs'],
  clock: true,
  everyMs: 10_000,
  look: ({ tables }, now) =>
    [...tables.containerNetworkLogs.rows.values()]
      .filter(({ until }) => until > 0 && until + lateMs < now)
      .map((row) => ({ object: { kind: 'ContainerNetworkLog', name: row.name }, since: row.until, row })),
  tell: (suspects, _, now) => [
    {
      title: `${count(suspects.length, 'capture')} of flows should have ended`,
      objects: suspects.map(({ object }) => object),
      evidence: suspects.map(
        ({ row }) =>
          `ContainerNetworkLog ${row.name} was wanted until ${clock(row.until)}, ${age(now - row.until)} ago`,
      ),
      reach: 'the logs pane',
      next: `End it: :end-capture ${suspects[0]?.row.name ?? ''}.`,
    },
  ],
};
