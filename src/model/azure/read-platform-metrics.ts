import type { MetricSeries } from '../metrics.ts';
import { at, list, record, text } from '../objects/raw.ts';

/** Metrics of a resource as Azure's client hands them over: one series for each set of dimensions, oldest point first. */
export function readPlatformMetrics(metrics: unknown): readonly MetricSeries[] {
  return list(metrics, 100).flatMap((metric) =>
    list(at(metric, 'timeseries'), 100).map((series): MetricSeries => {
      const labels = list(at(series, 'metadataValues'), 20).map((one) => [
        text(at(one, 'name')),
        text(at(one, 'value')),
      ]);
      return {
        name: text(at(metric, 'name')),
        unit: text(at(metric, 'unit')),
        labels: Object.fromEntries(labels),
        points: list(at(series, 'data'), 2_000)
          .map(record)
          .map(({ timeStamp, average }) => ({
            at: timeStamp instanceof Date ? timeStamp.getTime() : Date.parse(String(timeStamp)),
            value: typeof average === 'number' && Number.isFinite(average) ? average : null,
          }))
          .filter((point) => !Number.isNaN(point.at)),
      };
    }),
  );
}
