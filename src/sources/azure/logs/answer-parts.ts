/** One member longer than this is given up, bytes: the memory is worth more. */
const longest = 32 * 1_048_576;

/** What stands in an answer, told while it still comes. */
export type AnswerListener = {
  /** A member of the answer itself (`error`, `statistics`, `render`) as JSON. */
  onMember(name: string, json: string): void;
  /** A member of a table (`name`, `columns`); tables count from 0. */
  onTableMember(table: number, name: string, json: string): void;
  /** Asked before a row is kept: false = it is only counted. */
  wantsRow(table: number): boolean;
  /** '' = it was not wanted, or longer than 32 MB. A long number has as many digits as a double may not hold. */
  onRow(table: number, json: string, hasLongNumber: boolean): void;
};

/**
 * Cuts `{"tables":[{"name","columns":[…],"rows":[[…],…]}],…}` into its parts, in whatever order they come and however
 * the bytes are cut; nothing but one part is held. Throws an Error on what is no such object.
 */
export function createAnswerParts(listener: AnswerListener): { push(chunk: Buffer): void; isComplete(): boolean } {
  let level: Level = 'before';
  let table = -1;
  let key = '';
  let piece: Piece | undefined;

  /** What begins at this byte, outside of any part. */
  function open(byte: number): void {
    if (isBlank(byte) || byte === COMMA || byte === COLON) return;
    if (level === 'before') {
      // A byte order mark is no trouble.
      if (byte === OPEN) level = 'answer';
      else if (byte < 0x80) throw new Error('it does not begin like JSON');
    } else if (level === 'answer' || level === 'table') openMember(byte, level);
    else if (level === 'tables') {
      if (byte === CLOSE_LIST) level = 'answer';
      else if (byte === OPEN) {
        table += 1;
        level = 'table';
      } else throw new Error('a table is no object');
    } else if (level === 'rows') {
      if (byte === CLOSE_LIST) level = 'table';
      else piece = newPiece('row', listener.wantsRow(table));
    } else throw new Error('something follows its end');
  }

  function openMember(byte: number, at: 'answer' | 'table'): void {
    if (byte === CLOSE) level = at === 'answer' ? 'after' : 'tables';
    else if (key === '') piece = newPiece('key', true);
    else if (byte === OPEN_LIST && at === 'answer' && key === 'tables') enter('tables');
    else if (byte === OPEN_LIST && at === 'table' && key === 'rows') enter('rows');
    else piece = newPiece('member', true);
  }

  function enter(next: Level): void {
    level = next;
    key = '';
  }

  function close(kind: Piece['kind'], json: string, hasLongNumber: boolean): void {
    if (kind === 'key') key = nameOf(json);
    else if (kind === 'row') listener.onRow(table, json, hasLongNumber);
    else {
      const name = key;
      key = '';
      if (level === 'answer') listener.onMember(name, json);
      else listener.onTableMember(table, name, json);
    }
  }

  return {
    push(chunk) {
      for (let at = 0; at < chunk.length; ) {
        if (piece === undefined) {
          open(chunk[at] as number);
          // What a part begins with belongs to it.
          if (piece === undefined) at += 1;
          continue;
        }
        const current: Piece = piece;
        const end = scan(current, chunk, at);
        keep(current, chunk, at, end);
        at = end;
        if (!current.isDone) break;
        piece = undefined;
        close(current.kind, textOf(current), current.hasLongNumber);
      }
    },
    isComplete: () => level === 'after',
  };
}

type Level = 'before' | 'answer' | 'tables' | 'table' | 'rows' | 'after';

/** A value that has begun: where in it we are, and what of it has come. */
type Piece = {
  kind: 'key' | 'member' | 'row';
  isKept: boolean;
  isDone: boolean;
  depth: number;
  inText: boolean;
  isEscaped: boolean;
  /** In a row, outside of texts. */
  digits: number;
  hasLongNumber: boolean;
  chunks: Buffer[];
  bytes: number;
};

const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Digits: 2^53 has sixteen. */
const longNumber = 16;

function newPiece(kind: Piece['kind'], isKept: boolean): Piece {
  return {
    ...{ kind, isKept, isDone: false, depth: 0, inText: false, isEscaped: false },
    ...{ digits: 0, hasLongNumber: false, chunks: [], bytes: 0 },
  };
}

/** Up to where this value reaches in this chunk; `isDone` when it ends there. Every byte of an answer goes through here. */
function scan(piece: Piece, chunk: Buffer, from: number): number {
  let { depth, digits, inText, isEscaped } = piece;
  const end = chunk.length;
  let isDone = false;
  let at = from;
  while (at < end && !isDone) {
    let byte = chunk[at] as number;
    if (inText) {
      if (isEscaped) {
        isEscaped = false;
        at += 1;
        continue;
      }
      while (byte !== QUOTE && byte !== BACKSLASH && ++at < end) byte = chunk[at] as number;
      if (at === end) break;
      at += 1;
      isEscaped = byte === BACKSLASH;
      inText = isEscaped;
      isDone = !inText && depth === 0;
      continue;
    }
    digits = byte >= 0x30 && byte <= 0x39 ? digits + 1 : 0;
    if (digits === longNumber) piece.hasLongNumber = true;
    if (byte === QUOTE) inText = true;
    else if (byte === OPEN || byte === OPEN_LIST) depth += 1;
    else if (byte === CLOSE || byte === CLOSE_LIST) {
      // What closes the list around a number is not the number's.
      isDone = depth <= 1;
      if (depth === 0) break;
      depth -= 1;
    } else if (depth === 0 && (byte === COMMA || isBlank(byte))) {
      isDone = true;
      break;
    }
    at += 1;
  }
  piece.depth = depth;
  piece.digits = digits;
  piece.inText = inText;
  piece.isEscaped = isEscaped;
  piece.isDone = isDone;
  return at;
}

function keep(piece: Piece, chunk: Buffer, from: number, to: number): void {
  if (!piece.isKept) return;
  piece.chunks.push(chunk.subarray(from, to));
  piece.bytes += to - from;
  if (piece.bytes <= longest) return;
  if (piece.kind !== 'row') throw new Error('a part of it is longer than 32 MB');
  piece.isKept = false;
  piece.chunks = [];
}

/** Bytes are joined before they are decoded: a character may be cut in two. */
function textOf({ isKept, chunks }: Piece): string {
  if (!isKept) return '';
  return (chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)).toString('utf8');
}

function nameOf(json: string): string {
  const name: unknown = JSON.parse(json);
  // '' is what "no name yet" is kept as.
  return typeof name === 'string' && name !== '' ? name : '?';
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
