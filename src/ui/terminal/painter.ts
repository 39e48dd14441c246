import type { Size } from '../device.ts';
import { cellDifference, type Grid } from './cell-difference.ts';
import { createFrameReader } from './cells.ts';
import type { Sink } from './sink.ts';

/** Brings whole frames to the terminal as differences: one write in flight, the newest frame wins. */
export type Painter = {
  frame(text: string): void;
  /** The next frames answer a key: they do not wait for their turn. */
  hurry(): void;
  /** What the terminal shows is no longer known: everything is drawn again. */
  forget(): void;
  resize(size: Size): void;
  /** Whether the terminal understands synchronised output; and whether it draws doubtful characters wide. */
  learn(what: Partial<Knowledge>): void;
  /** A control sequence of our own, after the write in flight and before the next frame. */
  control(sequence: string): void;
  stop(): void;
  /** Begins, or goes on, on a screen that was just wiped. */
  start(): void;
};

export type Knowledge = { synchronised: boolean; ambiguousWide: boolean };

/** Frames that only data asked for come at most this often, in milliseconds apart. */
const dataEvery = 33;
/** So few characters arrive in one piece: the marks of synchronised output would be most of the frame. */
const tearless = 64;
/** For this long after a key frames are its answer. */
const answering = 60;

export function createPainter(sink: Sink, initial: Size, lost: (error: Error) => void): Painter {
  const reader = createFrameReader();
  const knowledge: Knowledge = { synchronised: false, ambiguousWide: false };
  let size = initial;
  let shown: Grid = [];
  let newest: string | undefined;
  let last: string | undefined;
  let controls = '';
  let busy = false;
  let stopped = true;
  let paintedAt = Number.NEGATIVE_INFINITY;
  let hurriedUntil = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  // Several code points in one cell: terminals disagree. One beyond ASCII: where the ambiguous ones are wide.
  const doubtful = (character: string) =>
    character.length > 1
      ? (character.codePointAt(0) ?? 0) < 0x10000 || character.length > 2
      : knowledge.ambiguousWide && character > '~';

  const send = (text: string) => {
    busy = true;
    sink.write(Buffer.from(text), (error) => {
      busy = false;
      if (error !== undefined) {
        stopped = true;
        lost(error);
      } else {
        paint();
      }
    });
  };

  const paint = () => {
    clearTimeout(timer);
    if (busy || stopped) return;
    if (controls !== '') {
      const sequence = controls;
      controls = '';
      return send(sequence);
    }
    if (newest === undefined) return;
    const now = performance.now();
    const wait = now < hurriedUntil ? 0 : paintedAt + dataEvery - now;
    if (wait > 0) {
      timer = setTimeout(paint, wait);
      return;
    }
    const wanted = reader.read(newest, size.width, size.height);
    const difference = cellDifference(shown, wanted, size.width, doubtful);
    shown = wanted;
    newest = undefined;
    paintedAt = now;
    if (difference !== '')
      send(knowledge.synchronised && difference.length > tearless ? `\x1b[?2026h${difference}\x1b[?2026l` : difference);
  };

  const painter: Painter = {
    frame(text) {
      newest = text;
      last = text;
      paint();
    },
    hurry() {
      hurriedUntil = performance.now() + answering;
      if (newest !== undefined) paint();
    },
    forget() {
      shown = [];
      newest ??= last;
      paint();
    },
    resize(next) {
      size = next;
      shown = [];
      newest ??= last;
      hurriedUntil = performance.now() + answering;
      paint();
    },
    learn(what) {
      const wasWide = knowledge.ambiguousWide;
      Object.assign(knowledge, what);
      if (wasWide !== knowledge.ambiguousWide) painter.forget();
    },
    control(sequence) {
      controls += sequence;
      paint();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
    start() {
      stopped = false;
      shown = reader.read('', size.width, size.height);
      newest ??= last;
      paint();
    },
  };
  return painter;
}
