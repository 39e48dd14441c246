import type { Aggregate } from './aggregate.ts';
import { only } from './aggregate.ts';
import { count, distinctCount } from './counts.ts';
import { anyOf, argExtreme, extreme } from './extremes.ts';
import { bagOf, listOf, setOf } from './lists.ts';
import { percentiles, percentilesArray } from './percentiles.ts';
import { average, spread, sum } from './sums.ts';

/** The aggregates that are evaluated here; every other is refused by name. */
export const kqlAggregates: Readonly<Record<string, Aggregate>> = {
  count,
  countif: only(count, 0),
  dcount: distinctCount,
  dcountif: only(distinctCount, 1),
  count_distinct: distinctCount,
  count_distinctif: only(distinctCount, 1),
  sum,
  sumif: only(sum, 1),
  avg: average,
  avgif: only(average, 1),
  min: extreme(-1),
  minif: only(extreme(-1), 1),
  max: extreme(1),
  maxif: only(extreme(1), 1),
  arg_max: argExtreme(1),
  arg_min: argExtreme(-1),
  any: anyOf,
  anyif: only(anyOf, 1),
  take_any: anyOf,
  take_anyif: only(anyOf, 1),
  percentile: percentiles,
  percentiles,
  percentiles_array: percentilesArray,
  make_list: listOf(false),
  makelist: listOf(false),
  make_list_if: only(listOf(false), 1),
  make_list_with_nulls: listOf(true),
  make_set: setOf,
  makeset: setOf,
  make_set_if: only(setOf, 1),
  make_bag: bagOf,
  make_bag_if: only(bagOf, 1),
  stdev: spread({ root: true, sample: true }),
  stdevif: only(spread({ root: true, sample: true }), 1),
  stdevp: spread({ root: true, sample: false }),
  variance: spread({ root: false, sample: true }),
  varianceif: only(spread({ root: false, sample: true }), 1),
  variancep: spread({ root: false, sample: false }),
};
