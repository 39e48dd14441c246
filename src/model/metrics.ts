/** One line of a chart: points oldest first; null where nothing was measured. */
export type MetricSeries = {
  name: string;
  unit: string;
  labels: Readonly<Record<string, string>>;
  points: readonly { at: number; value: number | null }[];
};

/**
 * What agents and operators count (domain §6), as far as we read them ourselves. Rates are per second between two
 * readings of the same process; null where there is only one, or where the process began anew in between.
 */
export type AgentMetrics = {
  /** By node's name. */
  agents: readonly AgentReading[];
  operators: readonly OperatorReading[];
  /** How many of the pods were read in the last `roundMs`, the time it takes to come to each of them once. */
  read: number;
  of: number;
  roundMs: number;
  unread: readonly { pod: string; node: string; why: string }[];
};

export type AgentReading = {
  node: string;
  pod: string;
  at: number;
  /** Most first. */
  drops: readonly DropCount[];
  dropsPerSecond: number | null;
  forwardsPerSecond: number | null;
  /** Drops per second at the last readings, oldest first; at most `historyLength`. */
  history: readonly (number | null)[];
  /** Gauges; null where the agent does not tell. */
  controllersFailing: number | null;
  unreachableNodes: number | null;
  identities: number | null;
  /** Policies it could not take in, since it started. */
  policyFailures: number;
  endpointStates: Readonly<Record<string, number>>;
  /** Fullest first, at most five: 1 = full. */
  mapPressure: readonly { map: string; ratio: number }[];
  /** What the API server answered it otherwise than well: `429`, `503`, `<error>` (none came); most first. */
  refusals: readonly ApiRefusal[];
  /** By the router's address; none where the agent speaks no BGP. */
  bgpSessions: readonly { peer: string; isUp: boolean }[];
};

export type ApiRefusal = { code: string; total: number; perSecond: number | null };

/** Reason as the agent words it (domain §6.1): `Policy denied`; direction in lower case. */
export type DropCount = { reason: string; direction: string; total: number; perSecond: number | null };

export type OperatorReading = {
  pod: string;
  at: number;
  /** Writes of CiliumEndpointSlices since the process began; only the leader writes. */
  syncs: number;
  syncFails: number;
  syncsPerSecond: number | null;
  failsPerSecond: number | null;
  /** How long a change waited before it was written, seconds, over the last interval; null: nothing was written. */
  queueP50: number | null;
  queueP99: number | null;
  endpointsPerSlice: number | null;
  unmanagedPods: number | null;
  /** 99th percentile of the wait at the last readings, oldest first. */
  history: readonly (number | null)[];
};

export const historyLength = 30;

/** The operator that writes: of two readings the one that has written more. */
export function writingOperator(metrics: AgentMetrics): OperatorReading | undefined {
  const speed = (one: OperatorReading) => one.syncsPerSecond ?? 0;
  return [...metrics.operators].sort((a, b) => speed(b) - speed(a) || b.syncs - a.syncs)[0];
}

/** Drops of the whole cluster by reason and direction, most per second first. */
export function dropsOfCluster(metrics: AgentMetrics): readonly DropCount[] {
  const sums = new Map<string, DropCount>();
  for (const { drops } of metrics.agents) {
    for (const one of drops) {
      const key = `${one.reason}\n${one.direction}`;
      const sum = sums.get(key);
      const perSecond =
        sum === undefined || sum.perSecond === null ? one.perSecond : sum.perSecond + (one.perSecond ?? 0);
      sums.set(key, { ...one, total: one.total + (sum?.total ?? 0), perSecond });
    }
  }
  return [...sums.values()].sort(mostFirst);
}

export function mostFirst(a: DropCount, b: DropCount): number {
  return (b.perSecond ?? 0) - (a.perSecond ?? 0) || b.total - a.total || (a.reason < b.reason ? -1 : 1);
}
