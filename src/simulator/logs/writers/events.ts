// KubeEvents: Warnings as the API server has them. Normal events are not collected by default (domain §8.1).
import type { KubeObject } from '../../cluster.ts';
import { listOf } from '../../voices/scene.ts';
import { timeOf } from '../../voices/shapes.ts';
import type { Observed } from '../observed.ts';
import { datetimeText, type Writer, type Written } from '../row.ts';
import { cluster, minuteMs } from './inventory.ts';

type EventObject = KubeObject & {
  type?: string;
  reason?: string;
  message?: string;
  count?: number;
  firstTimestamp?: string;
  lastTimestamp?: string;
  source?: { component?: string; host?: string };
  involvedObject?: { kind?: string; name?: string; namespace?: string };
};

export function writeEvents({ scene, settings }: Observed): Writer {
  return function* (from, to, budget) {
    if (!settings.now().monitoring) return;
    const events = listOf<EventObject>(scene, 'Event').filter(({ type }) => type === 'Warning');
    for (const event of events.slice(-budget)) {
      const last = timeOf(event.lastTimestamp);
      // They are gathered once a minute.
      const at = Math.ceil((last + 1) / minuteMs) * minuteMs;
      if (at > from && at <= to) yield rowOf(event, at);
    }
  };
}

function rowOf(event: EventObject, at: number): Written {
  return {
    table: 'KubeEvents',
    at,
    key: `${event.metadata.uid} ${event.count} ${at}`,
    batch: `events ${at}`,
    by: 'agent',
    values: () => ({
      ...cluster,
      Computer: event.source?.host ?? '',
      KubeEventType: event.type ?? '',
      Name: event.involvedObject?.name ?? '',
      Namespace: event.involvedObject?.namespace ?? '',
      ObjectKind: event.involvedObject?.kind ?? '',
      Reason: event.reason ?? '',
      Message: event.message ?? '',
      SourceComponent: event.source?.component ?? '',
      Count: event.count ?? 1,
      FirstSeen: datetimeText(timeOf(event.firstTimestamp)),
      LastSeen: datetimeText(timeOf(event.lastTimestamp)),
    }),
  };
}
