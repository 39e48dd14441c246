// Kubernetes Events, written as client-go's recorder does: the same words about the same object grow a count.
import type { KubeObject } from '../cluster.ts';
import type { Core } from './core.ts';
import { timeOf } from './shapes.ts';

export type About = {
  apiVersion?: string;
  kind: string;
  namespace: string;
  name: string;
  uid: string;
  fieldPath?: string;
};
export type Occurrence = {
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
  component: string;
  host?: string;
};

export function about(object: KubeObject): About {
  const { namespace = '', name, uid = '' } = object.metadata;
  return { apiVersion: object.apiVersion, kind: object.kind, namespace, name, uid };
}

export type Recorder = (about: About, what: Occurrence) => void;

/** The API server forgets events after an hour. */
const KEPT = 3_600_000;
/** Normal events a second; recorders drop what goes beyond their rate limit, and a busy cluster's always do. */
const RATE = 10;
const BURST = 100;
/** What is said again and again (client-go's spam filter). */
const REPEATED = 25;
const REFILL = 300_000;

export function createRecorder(core: Core): Recorder {
  const known = new Map<string, { namespace: string; name: string; left: number; filled: number }>();
  let tokens = BURST;
  let filled = core.now();

  const allowed = () => {
    tokens = Math.min(BURST, tokens + ((core.now() - filled) * RATE) / 1000);
    filled = core.now();
    if (tokens < 1) return false;
    tokens--;
    return true;
  };

  return (about, what) => {
    const key = `${about.uid} ${what.reason} ${what.message}`;
    const earlier = known.get(key);
    if (earlier !== undefined) {
      if (!counted(earlier, core.now())) return;
      const grown = core.edit<EventObject>(
        'Event',
        earlier.namespace,
        earlier.name,
        what.component,
        undefined,
        (event) => {
          event.count = (event.count ?? 1) + 1;
          event.lastTimestamp = timeOf(core.now());
          return undefined;
        },
      );
      if (grown) return;
    }
    if (what.type === 'Normal' && !allowed()) return;
    const namespace = about.namespace === '' ? 'default' : about.namespace;
    const name = `${about.name}.${core.random.hex(16)}`;
    core.create(eventObject(core.now(), namespace, name, about, what), what.component);
    known.set(key, { namespace, name, left: REPEATED - 1, filled: core.now() });
    core.after(KEPT, () => {
      known.delete(key);
      core.remove('Event', namespace, name);
    });
  };
}

/** Whether a recorder passes on what it has said before: its spam filter lets 25 through, then one in five minutes. */
function counted(said: { left: number; filled: number }, now: number): boolean {
  said.left = Math.min(REPEATED, said.left + (now - said.filled) / REFILL);
  said.filled = now;
  if (said.left < 1) return false;
  said.left--;
  return true;
}

type EventObject = KubeObject & { count?: number; lastTimestamp?: string };

function eventObject(now: number, namespace: string, name: string, about: About, what: Occurrence): EventObject {
  const { fieldPath, ...object } = about;
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace },
    involvedObject: { apiVersion: 'v1', ...object, ...(fieldPath === undefined ? {} : { fieldPath }) },
    reason: what.reason,
    message: what.message,
    source: { component: what.component, ...(what.host === undefined ? {} : { host: what.host }) },
    firstTimestamp: timeOf(now),
    lastTimestamp: timeOf(now),
    count: 1,
    type: what.type,
    eventTime: null,
    reportingComponent: what.component,
    reportingInstance: what.host ?? '',
  };
}
