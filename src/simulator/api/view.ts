import type { KubeObject, ResourceType } from '../cluster.ts';
import { beginning, versionOf } from '../serialise.ts';

/** How the objects of a kind look in the version they are asked for in. */
export type View = {
  resource: ResourceType;
  /** The kind as it is stored. */
  stored: ResourceType;
  /** The whole object. */
  text(storedText: string): string;
  /** As an item of a list: a built-in kind's items carry neither kind nor apiVersion. */
  item(storedText: string): string;
  object(stored: KubeObject): KubeObject;
};

export function viewOf(resource: ResourceType, stored: ResourceType): View {
  const storedBeginning = beginning(stored).length;
  const begin = beginning(resource);
  const events = resource.group === 'events.k8s.io' && stored.group === '';
  const text = (storedText: string) => {
    if (events) return JSON.stringify(newEvent(JSON.parse(storedText) as KubeObject));
    return resource === stored ? storedText : begin + storedText.slice(storedBeginning);
  };
  return {
    resource,
    stored,
    text,
    item(storedText) {
      if (events) return text(storedText);
      return resource.custom ? text(storedText) : `{${storedText.slice(storedBeginning)}`;
    },
    object(object) {
      if (events) return newEvent(object);
      return resource === stored ? object : { ...object, apiVersion: versionOf(resource) };
    },
  };
}

/** A core/v1 Event in the words of events.k8s.io/v1. */
function newEvent(event: KubeObject): KubeObject {
  return {
    kind: 'Event',
    apiVersion: 'events.k8s.io/v1',
    metadata: event.metadata,
    eventTime: event['eventTime'] ?? null,
    series: event['series'],
    reportingController: event['reportingComponent'] ?? '',
    reportingInstance: event['reportingInstance'] ?? '',
    action: event['action'],
    reason: event['reason'],
    regarding: event['involvedObject'],
    related: event['related'],
    note: event['message'],
    type: event['type'],
    deprecatedSource: event['source'],
    deprecatedFirstTimestamp: event['firstTimestamp'],
    deprecatedLastTimestamp: event['lastTimestamp'],
    deprecatedCount: event['count'],
  };
}

/** The other way round, for one that was written in the new words. */
export function coreEvent(event: KubeObject): KubeObject {
  return {
    kind: 'Event',
    apiVersion: 'v1',
    metadata: event.metadata,
    involvedObject: event['regarding'],
    reason: event['reason'],
    message: event['note'],
    source: event['deprecatedSource'] ?? {},
    firstTimestamp: event['deprecatedFirstTimestamp'] ?? null,
    lastTimestamp: event['deprecatedLastTimestamp'] ?? null,
    count: event['deprecatedCount'],
    type: event['type'],
    eventTime: event['eventTime'] ?? null,
    series: event['series'],
    action: event['action'],
    related: event['related'],
    reportingComponent: event['reportingController'] ?? '',
    reportingInstance: event['reportingInstance'] ?? '',
  };
}
