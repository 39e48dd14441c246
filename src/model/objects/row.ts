/**
 * What we keep of an object: a compact literal, made by exactly one projection with one key order (one hidden class,
 * and prototypes would not survive the crossing between threads). Every string in it is already sanitised.
 * Times are milliseconds since 1970, 0 where the object has none.
 */
export type Row = {
  uid: string;
  /** Empty for cluster-scoped kinds. */
  namespace: string;
  name: string;
  created: number;
  /** resourceVersion: opaque, only ever compared for equality. */
  version: string;
};

/** One entry of metadata.managedFields: who wrote which fields when. Kept for the kinds the timeline tells of. */
export type Edit = {
  manager: string;
  operation: string;
  subresource: string;
  at: number;
  /** Short paths such as `spec.egress`, at most a handful, the shallowest that say something. */
  fields: readonly string[];
};

/** Interned: rows of the same workload share one labels object. */
export type Labels = Readonly<Record<string, string>>;

/** An object as the server sent it: nothing about it is certain. */
export type RawObject = Record<string, unknown>;
