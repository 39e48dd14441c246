// What happens to watches, and to lists that begin them.
import type { ApiRequest, WatchLine } from '../api/intercept.ts';
import { type Fault, status } from './fault.ts';

const watch = ['watch'] as const;
const expired = { code: 410, reason: 'Expired' };

export const watchFaults: readonly Fault[] = [
  {
    id: 'watch-closed',
    title: 'A watch ends cleanly after one event.',
    verbs: watch,
    intercept: () => () => ({ kind: 'watch-end', afterEvents: 1 }),
  },
  {
    id: 'watch-reset',
    title: 'A watch is cut by a TCP reset in the middle of a line.',
    verbs: watch,
    intercept: () => () => ({ kind: 'reset', afterBytes: 700 }),
  },
  {
    id: 'watch-expired',
    title: 'A watch sends an ERROR event with code 410 after one event.',
    verbs: watch,
    intercept: () => () => ({
      kind: 'watch-error',
      afterEvents: 1,
      ...expired,
      message: 'The resourceVersion for the provided watch is too old.',
    }),
  },
  {
    id: 'watch-gone',
    title: 'A request to watch is answered with HTTP 410.',
    verbs: watch,
    intercept: () => () => status(410, 'Expired', 'The resourceVersion for the provided watch is too old.'),
  },
  {
    id: 'relist-expired',
    title: 'A list that asks for a resourceVersion is answered with HTTP 410.',
    verbs: ['list', 'watch'],
    intercept: () => (request) =>
      startsFromVersion(request)
        ? status(410, 'Expired', `too old resource version: ${request.query.get('resourceVersion')}`)
        : undefined,
  },
  {
    id: 'too-large-resource-version',
    title: 'A list or watch from a resourceVersion is answered with HTTP 504, "Too large resource version".',
    verbs: ['list', 'watch'],
    intercept: () => (request) => {
      if (!hasVersion(request)) return undefined;
      const version = Number(request.query.get('resourceVersion'));
      const details = {
        retryAfterSeconds: 1,
        causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      };
      return status(
        504,
        'Timeout',
        `Timeout: Too large resource version: ${version}, current: ${Math.max(1, version - 100)}`,
        { details },
      );
    },
  },
  {
    id: 'watch-silent',
    title: 'A watch says nothing more, not even a bookmark, and does not end.',
    verbs: watch,
    intercept: () => () => ({ kind: 'watch-silent', afterEvents: 0 }),
  },
  {
    id: 'continue-expired',
    title: 'The continue token of a paged list has expired on page 3.',
    verbs: ['list'],
    intercept() {
      const pages = new Map<string, number>();
      return (request) => {
        const list = `${request.user} ${request.path}`;
        const page = request.query.has('continue') ? (pages.get(list) ?? 1) + 1 : 1;
        pages.set(list, page);
        if (page !== 3) return undefined;
        return status(
          410,
          'Expired',
          'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results.',
        );
      };
    },
  },
  {
    id: 'disordered-events',
    title: 'A watch repeats events, swaps them, and deletes what was never there.',
    verbs: watch,
    intercept: () => () => ({ kind: 'watch-rewrite', rewrite: disorder() }),
  },
];

function hasVersion(request: ApiRequest): boolean {
  const version = request.query.get('resourceVersion') ?? '';
  return version !== '' && version !== '0';
}

/** A list from a version, also in the form of a watch that begins with one. */
function startsFromVersion(request: ApiRequest): boolean {
  return hasVersion(request) && (request.verb === 'list' || request.query.get('sendInitialEvents') === 'true');
}

function disorder(): (line: WatchLine, index: number) => readonly WatchLine[] {
  let held: WatchLine | undefined;
  return (line, index) => {
    if (line.type === 'BOOKMARK' || line.type === 'ERROR') {
      const out = held === undefined ? [line] : [held, line];
      held = undefined;
      return out;
    }
    // Two events of one object stay in their order: no server lets an object go back in time.
    if (held !== undefined) {
      const out = uidOf(held) === uidOf(line) ? [held, line] : [line, held];
      held = undefined;
      return out;
    }
    if (index % 5 === 0 && index > 0) {
      held = line;
      return [];
    }
    if (index % 5 === 1) return [line, line];
    if (index % 5 === 2 && line.type === 'ADDED') return [{ ...line, type: 'MODIFIED' }];
    return index % 5 === 3 ? [line, stranger(line)] : [line];
  };
}

function uidOf(line: WatchLine): unknown {
  return (line.object.metadata as { uid?: string } | undefined)?.uid;
}

function stranger(line: WatchLine): WatchLine {
  const metadata = {
    ...(line.object.metadata as object),
    name: 'never-seen',
    uid: '00000000-0000-4000-8000-000000000000',
  };
  return { type: 'DELETED', object: { ...line.object, metadata } };
}
