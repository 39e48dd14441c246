import type { UndoEntry } from './jobs.ts';
import type { RawObject } from './objects/row.ts';
import type { ApiKind } from './writes.ts';

/** The state before a change, as it is kept on disk (0600) until it is used. The objects are the server's own, opaque. */
export type UndoRecord = UndoEntry & {
  resource: ApiKind;
  /** UID of the cluster's kube-system namespace; '' where it may not be read. */
  cluster: string;
  server: string;
  /** null = it did not exist. */
  before: RawObject | null;
  /** What was patched, where it was a patch: taking it back touches nothing else. */
  patch?: RawObject;
  /** As our change left it; null = gone. Undefined while nobody knows: the answer never came. */
  after?: RawObject | null;
};
