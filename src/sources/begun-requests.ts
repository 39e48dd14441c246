import { isDeepStrictEqual } from 'node:util';
import { record } from '../model/objects/raw.ts';
import type { RawObject } from '../model/objects/row.ts';
import type { WriteAnswer, WriteRequest } from '../model/writes.ts';

/** The requests that a change was begun with: they are all that may be sent for it. */
export type BegunRequests = {
  /** Which of them this is; undefined = none of them, or one that may not be sent (again). */
  take(request: WriteRequest): number | undefined;
  /** What became of it. Only what was refused may be sent again. */
  answered(index: number, answer: WriteAnswer): void;
};

export function createBegunRequests(requests: readonly WriteRequest[]): BegunRequests {
  const open = new Set(requests.keys());
  let first: 'open' | 'done' = 'open';
  return {
    take(request) {
      const index = [...open].find((one) => isSame(requests[one] as WriteRequest, request));
      // What the others need is what the first one does.
      if (index === undefined || (index > 0 && first !== 'done')) return undefined;
      open.delete(index);
      return index;
    },
    answered(index, { outcome }) {
      if (outcome === 'refused') open.add(index);
      else if (index === 0 && outcome === 'done') first = 'done';
    },
  };
}

/** Another version of the object may be written to; and a uid that was not known yet makes a request only narrower. */
function isSame(begun: WriteRequest, request: WriteRequest): boolean {
  const { uid } = begun.preconditions;
  return (
    (uid === undefined || request.preconditions.uid === uid) &&
    isDeepStrictEqual(withoutVersion(begun), withoutVersion(request))
  );
}

function withoutVersion({ body, preconditions: _, ...rest }: WriteRequest): unknown {
  return { ...rest, body: body && bodyWithoutVersion(body) };
}

function bodyWithoutVersion(body: RawObject): RawObject {
  const { resourceVersion: _, ...metadata } = record(body['metadata']);
  const { metadata: __, ...rest } = body;
  return Object.keys(metadata).length === 0 ? rest : { ...rest, metadata };
}
