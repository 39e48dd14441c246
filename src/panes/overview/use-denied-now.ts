import { useEffect, useMemo, useState } from 'react';
import { messageOf } from '../../errors.ts';
import type { AzureAsks } from '../../model/azure/azure-asks.ts';
import type { ResultColumn, ResultRow } from '../../model/azure/log-query.ts';
import { chooseQuery, type LogGround } from '../../queries/choose-query.ts';
import { deniedNow } from '../../queries/denied-now.ts';
import { type Store, useStore } from '../../ui/store.ts';

export type DeniedFlow = Readonly<{ source: string; destination: string; port: string; flows: number }>;

/** Denied flows of the last quarter of an hour, as the workspace has them. */
export type DeniedNow = Readonly<{
  phase: 'asking' | 'known' | 'failed' | 'billed' | 'missing';
  flows: readonly DeniedFlow[];
  /** Seconds from the event until the row could be found, for nearly all rows; 0 = no row says. */
  lateBy: number;
  /** When it was asked, by our own clock; 0 = not yet. */
  at: number;
  problem: string;
}>;

/** Between two questions, ms: rows come at best every half minute, and the service is shared by everybody on call. */
const everyMs = 60_000;
const nothing: DeniedNow = { phase: 'asking', flows: [], lateBy: 0, at: 0, problem: '' };

/** Asked for as long as it is shown and somebody sits there; undefined where there is no workspace to ask, or no room to show it. */
export function useDeniedNow(
  azure: Pick<AzureAsks, 'query'>,
  given: LogGround | undefined,
  scope: string,
  resting: Store<boolean>,
  shown: boolean,
): DeniedNow | undefined {
  const [known, setKnown] = useState(nothing);
  const rests = useStore(resting);
  // Every fact that arrives makes a new ground: it is another one only when the workspace is.
  // biome-ignore lint/correctness/useExhaustiveDependencies: these two are all of it
  const ground = useMemo(() => given, [given?.workspace, given?.diagnostics]);
  const active = shown && !rests && ground !== undefined;
  useEffect(() => {
    if (!active || ground === undefined) return;
    const stop = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const ask = async () => {
      const next = await askOnce(azure, ground, scope, stop.signal);
      if (stop.signal.aborted) return;
      setKnown((before) =>
        next.phase === 'failed' && before.at > 0 ? { ...before, phase: 'failed', problem: next.problem } : next,
      );
      if (next.phase !== 'missing' && next.phase !== 'billed') timer = setTimeout(() => void ask(), everyMs);
    };
    void ask();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [azure, ground, scope, active]);
  return ground === undefined ? undefined : known;
}

async function askOnce(
  azure: Pick<AzureAsks, 'query'>,
  ground: LogGround,
  scope: string,
  signal: AbortSignal,
): Promise<DeniedNow> {
  const chosen = chooseQuery(deniedNow, ground, scope === '' ? {} : { namespace: scope });
  if ('missing' in chosen) return { ...nothing, phase: 'missing', problem: chosen.missing };
  // Of such a table every question is paid for by what it reads.
  if (chosen.searchTable !== '') return { ...nothing, phase: 'billed' };
  const { text, timespan, searchTable } = chosen;
  let columns: readonly ResultColumn[] = [];
  const rows: ResultRow[] = [];
  try {
    for await (const events of azure.query({ text, timespan, searchTable, mostRows: 20, limitS: 30 }, signal)) {
      for (const event of events) {
        if (event.type === 'columns') columns = event.columns;
        if (event.type === 'rows') rows.push(...event.rows);
      }
    }
  } catch (error) {
    return { ...nothing, phase: 'failed', problem: messageOf(error) };
  }
  const cell = (row: ResultRow, name: string) => row[columns.findIndex((one) => one.name === name)];
  const flows = rows.map((row) => ({
    source: String(cell(row, 'Source') ?? ''),
    destination: String(cell(row, 'Destination') ?? ''),
    port: String(cell(row, 'Port') ?? ''),
    flows: Number(cell(row, 'Flows') ?? 0),
  }));
  const late = rows.map((row) => Number(cell(row, 'LateBy') ?? 0)).filter((seconds) => seconds > 0);
  return { phase: 'known', flows, lateBy: late.length === 0 ? 0 : Math.max(...late), at: Date.now(), problem: '' };
}
