/** How endpoints, slices and Kubernetes EndpointSlices change, folded from the changes themselves. */
export type ChurnEvent = {
  at: number;
  what:
    | 'added'
    | 'gone'
    | 'moved'
    | 'identity'
    | 'address'
    | 'state'
    | 'slice-added'
    | 'slice-gone'
    | 'slice-changed'
    | 'service-added'
    | 'service-gone'
    | 'service-changed';
  namespace: string;
  name: string;
  /** `12345 → 23456`, `node a → b`, `3 in, 1 out`. */
  detail: string;
};

/** p50 and p99 in ms of the last five minutes; `count` samples. 0 samples = not known. */
export type Lag = {
  p50: number;
  p99: number;
  count: number;
  /** How many took less than each of `lagBounds`, not less than the one before; the last, longer than all. Absent = not kept. */
  spread?: readonly number[];
};

export type Churn = {
  /** Endpoint changes per second, oldest first, the last 120 seconds; the running second is not in it. */
  perSecond: readonly number[];
  /** Slice writes per second, same shape. */
  slicesPerSecond: readonly number[];
  /** Newest last, at most 500; `dropped` says how many fell out. */
  stream: readonly ChurnEvent[];
  dropped: number;
  /** Changes in the last minute by namespace, largest first, at most 20. */
  byNamespace: readonly { namespace: string; changes: number }[];
  /** Pod address seen → endpoint seen, endpoint seen → in a slice, as our watches saw them. */
  addressToEndpoint: Lag;
  endpointToSlice: Lag;
  /** When one of the watches that lag is measured by last came back after a break, or the server's clock was set; 0 = neither. */
  resumed: number;
  /** When the server's clock was last set while we watched; 0 = never. What was dated before then only looks so old. */
  clockSet: number;
  /** Endpoints seen complete that no slice holds yet, and since when the oldest of them waits. */
  waiting: number;
  waitingSince: number;
  /** Counts at whole minutes for capacity slopes, at most 3 h: identities and endpoints. */
  history: readonly { at: number; identities: number; endpoints: number }[];
};
