import type { LogEvent } from '../../model/asks.ts';
import { type Heard, useStreams } from '../../state/use-streams.ts';
import { emptyBook, foldBook, type LogBook, type LogItem, type LogSource } from './log-book.ts';

/** A log that is to be read; which one it is, `source` says. */
export type WantedLog = { source: LogSource; open(signal: AbortSignal): AsyncIterable<LogEvent> };

/** Reads several logs into one book for as long as the component shows it. Another `subject` begins a new book. */
export function useLogs(subject: string, wanted: readonly WantedLog[]): LogBook {
  const sources = new Map(wanted.map(({ source }) => [keyOf(source), source]));
  return useStreams<LogEvent, LogBook>(
    subject,
    wanted.map(({ source, open }) => ({ key: keyOf(source), open })),
    (before, heard) => {
      const places = new Map(before.sources.map((source, place) => [keyOf(source), place]));
      const added: LogSource[] = [];
      for (const { key } of heard) {
        const source = sources.get(key);
        if (places.has(key) || source === undefined) continue;
        places.set(key, places.size);
        added.push(source);
      }
      const book = added.length === 0 ? before : { ...before, sources: [...before.sources, ...added] };
      return foldBook(
        book,
        heard.flatMap((one) => itemOf(one, places.get(one.key))),
      );
    },
    emptyBook,
  );
}

function itemOf(heard: Heard<LogEvent>, source: number | undefined): LogItem[] {
  if (source === undefined || heard.type === 'began') return [];
  return [{ source, event: heard.type === 'item' ? heard.item : { type: 'failed', text: heard.text } }];
}

function keyOf({ namespace, pod, container }: LogSource): string {
  return `${namespace}/${pod}/${container}`;
}
