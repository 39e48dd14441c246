import { at, list, record, time } from '../../model/objects/raw.ts';
import { sanitiseLine as text } from '../../model/sanitise.ts';
import { age } from '../../ui/text.ts';
import { bounded } from './bounded.ts';
import { describeGeneric } from './describe-generic.ts';
import { describeNode } from './describe-node.ts';
import { describePod } from './describe-pod.ts';
import { describeService } from './describe-service.ts';
import { describeWorkload } from './describe-workload.ts';
import { field, line, type Section, table } from './document.ts';
import { pairs } from './pairs.ts';

export type ObjectEvent = { at: number; type: string; reason: string; message: string; count: number; from: string };

/** What someone wants to know of an object before its YAML: who it is, how it does, what happened to it. */
export function describe(object: unknown, events: readonly ObjectEvent[] | string, now: number): Section[] {
  const body = bodies[text(at(object, 'kind'))] ?? describeGeneric;
  const { value } = bounded(object);
  return [identity(value, now), ...body(value, now), eventSection(events, now)].filter((s) => s.entries.length > 0);
}

const bodies: Record<string, (object: unknown, now: number) => Section[]> = {
  Pod: describePod,
  Node: describeNode,
  Service: describeService,
  DaemonSet: describeWorkload,
  Deployment: describeWorkload,
  StatefulSet: describeWorkload,
  ReplicaSet: describeWorkload,
};

function identity(object: unknown, now: number): Section {
  const metadata = at(object, 'metadata');
  const created = time(at(metadata, 'creationTimestamp'));
  const deleting = time(at(metadata, 'deletionTimestamp'));
  const owners = list(at(metadata, 'ownerReferences')).map(
    (owner) => `${text(at(owner, 'kind'))}/${text(at(owner, 'name'))}`,
  );
  return {
    title: '',
    entries: [
      ...field('Name', text(at(metadata, 'name'))),
      ...field('Namespace', text(at(metadata, 'namespace'))),
      ...field('Kind', [text(at(object, 'kind')), text(at(object, 'apiVersion'))].filter(Boolean).join('  ')),
      ...field('Created', created === 0 ? '' : `${new Date(created).toISOString()} (${age(now - created)} ago)`),
      ...field('Ends', deleting === 0 ? '' : `asked to end by ${new Date(deleting).toISOString()}`, 'warning'),
      ...field('Owner', owners.join(', ')),
      ...field('Labels', pairs(at(metadata, 'labels'))),
      ...annotations(at(metadata, 'annotations')),
    ],
  };
}

// What kubectl apply keeps for itself is the whole object once more; nobody reads it here.
function annotations(value: unknown) {
  const told = Object.entries(record(value)).filter(
    ([key]) => key !== 'kubectl.kubernetes.io/last-applied-configuration',
  );
  return told.flatMap(([key, inner], index) => field(index === 0 ? 'Annotations' : ' ', `${text(key)}=${text(inner)}`));
}

function eventSection(events: readonly ObjectEvent[] | string, now: number): Section {
  if (typeof events === 'string') return { title: 'Events', entries: [line(events, 'dim')] };
  if (events.length === 0)
    return { title: 'Events', entries: [line('none kept by the server (events are kept for an hour)', 'dim')] };
  const rows = events.map((event) => [
    event.at === 0 ? '?' : age(now - event.at),
    event.type,
    event.reason,
    event.count > 1 ? `×${event.count}` : '',
    event.from,
    event.message,
  ]);
  return {
    title: 'Events',
    entries: table(
      ['SEEN', 'TYPE', 'REASON', '', 'FROM', 'MESSAGE'],
      rows,
      events.map((e) => (e.type === 'Warning' ? 'warning' : undefined)),
    ),
  };
}
