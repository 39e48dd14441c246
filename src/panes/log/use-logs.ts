import { useEffect, useReducer, useRef } from 'react';
import { messageOf } from '../../errors.ts';
import type { Asks, LogRequest } from '../../model/asks.ts';
import { emptyBook, foldBook, type LogBook, type LogItem, type LogSource } from './log-book.ts';

/** A log that is to be read; which one it is, `source` says. */
export type WantedLog = { source: LogSource; request: LogRequest };

/** Between two drawings of what came, ms. */
const drawMs = 60;

/**
 * Reads several logs into one book for as long as the component shows it. A log that is no longer wanted ends, one that is
 * new begins, the others go on. Another `subject` begins a new book.
 */
export function useLogs(asks: Pick<Asks, 'logs'>, subject: string, wanted: readonly WantedLog[]): LogBook {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const reading = useRef<Reading>(undefined);
  if (reading.current?.subject !== subject) {
    reading.current?.close();
    reading.current = createReading(asks, subject, redraw);
  }
  const now = reading.current;
  const keys = wanted.map(({ source }) => keyOf(source)).join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the keys say which logs are wanted; the list is new at every render
  useEffect(() => now.want(wanted), [now, keys]);
  useEffect(() => () => reading.current?.close(), []);
  return now.book();
}

type Reading = {
  subject: string;
  book(): LogBook;
  want(logs: readonly WantedLog[]): void;
  close(): void;
};

function createReading(asks: Pick<Asks, 'logs'>, subject: string, told: () => void): Reading {
  const open = new Map<string, AbortController>();
  let book = emptyBook();
  let waiting: LogItem[] = [];
  let timer: NodeJS.Timeout | undefined;

  function take(item: LogItem): void {
    waiting.push(item);
    timer ??= setTimeout(() => {
      timer = undefined;
      book = foldBook(book, waiting);
      waiting = [];
      told();
    }, drawMs);
  }

  async function read({ request }: WantedLog, source: number, signal: AbortSignal): Promise<void> {
    try {
      for await (const event of asks.logs(request, signal)) {
        if (signal.aborted) return;
        take({ source, event });
      }
    } catch (error) {
      if (!signal.aborted) take({ source, event: { type: 'failed', text: messageOf(error) } });
    }
  }

  return {
    subject,
    book: () => book,
    want(logs) {
      const keys = new Set(logs.map(({ source }) => keyOf(source)));
      for (const [key, stop] of open) {
        if (keys.has(key)) continue;
        stop.abort();
        open.delete(key);
      }
      for (const one of logs) {
        const key = keyOf(one.source);
        if (open.has(key)) continue;
        const stop = new AbortController();
        open.set(key, stop);
        book = { ...book, sources: [...book.sources, one.source] };
        void read(one, book.sources.length - 1, stop.signal);
      }
    },
    close() {
      for (const stop of open.values()) stop.abort();
      open.clear();
      clearTimeout(timer);
      timer = undefined;
    },
  };
}

function keyOf({ namespace, pod, container }: LogSource): string {
  return `${namespace}/${pod}/${container}`;
}
