/** One line of a chart: points oldest first; null where nothing was measured. */
export type MetricSeries = {
  name: string;
  unit: string;
  labels: Readonly<Record<string, string>>;
  points: readonly { at: number; value: number | null }[];
};

/** What the pods of the network count themselves (domain §6), by pod. Rates are per second over the last two readings. */
export type AgentMetrics = {
  series: readonly MetricSeries[];
  /** Pods read in the last round, and those that could not be, with the reason. */
  read: number;
  of: number;
  unread: readonly { pod: string; node: string; why: string }[];
};
