import { badRequest } from '../api-error.ts';
import type { KubeObject } from '../cluster.ts';
import { at, listAt, textAt } from '../resources/cells.ts';
import { containerAsked } from './container-asked.ts';
import type { Exchange } from './exchange.ts';
import { isTrue } from './request.ts';

type Line = { at: number; line: string };

/** The kubelet's answer: plain lines, oldest first. Throws ApiError (400) in the kubelet's words. */
export async function answerLog(exchange: Exchange, pod: KubeObject): Promise<void> {
  const { query } = exchange.request;
  const container = containerAsked(pod, query.get('container') ?? '', { orInit: true });
  const previous = isTrue(query.get('previous'));
  const follow = isTrue(query.get('follow'));
  const lines = exchange.cluster.log(pod, container, { previous, follow, signal: exchange.signal });
  if (lines === undefined) throw badRequest(whyNot(pod, container, previous));
  const since = sinceOf(query, exchange.cluster.now());
  const tail = query.has('tailLines') ? Number(query.get('tailLines')) : undefined;
  const stamps = isTrue(query.get('timestamps'));
  let left = query.has('limitBytes') ? Number(query.get('limitBytes')) : Number.POSITIVE_INFINITY;

  exchange.head(200, { 'content-type': 'text/plain' });
  const send = async (batch: readonly Line[]) => {
    let text = batch.map((one) => `${stamps ? `${nanoseconds(one.at)} ` : ''}${one.line}\n`).join('');
    if (Buffer.byteLength(text) > left) text = Buffer.from(text).subarray(0, left).toString('utf8');
    left -= Buffer.byteLength(text);
    return text === '' ? left > 0 : (await exchange.outlet.write(text)) && left > 0;
  };
  await pump(lines, { since, tail, follow, started: exchange.cluster.now(), send });
  await exchange.outlet.end();
}

type Pump = {
  since: number;
  tail: number | undefined;
  follow: boolean;
  started: number;
  send(batch: readonly Line[]): Promise<boolean>;
};

/** What was written before we came is cut to its tail; what is written from then on leaves at once. */
async function pump(lines: AsyncIterable<Line>, { since, tail, follow, started, send }: Pump): Promise<void> {
  let past: Line[] = [];
  let live = false;
  const flush = async () => {
    const kept = tail === undefined ? past : past.slice(Math.max(0, past.length - tail));
    past = [];
    return send(kept);
  };
  const iterator = lines[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = iterator.next();
      // A source that has no line at hand has given all of the past.
      if (follow && !live && (await Promise.race([next.then(() => false), soon()]))) {
        live = true;
        if (!(await flush())) return;
      }
      const { value, done } = await next;
      if (done === true) break;
      if (value.at < since) continue;
      if (!live && value.at > started) {
        live = true;
        if (!(await flush())) return;
      }
      if (!live) {
        past.push(value);
        if (tail === undefined && past.length >= 1000 && !(await flush())) return;
      } else if (!(await send([value]))) return;
    }
    if (!live) await flush();
  } finally {
    await iterator.return?.();
  }
}

function soon(): Promise<boolean> {
  return new Promise((resolve) => setTimeout(() => resolve(true), 20));
}

/** Why the kubelet has no log: what the container waits for, or that it never ran before. */
function whyNot(pod: KubeObject, container: string, previous: boolean): string {
  const { name } = pod.metadata;
  if (previous)
    return `previous terminated container ${JSON.stringify(container)} in pod ${JSON.stringify(name)} not found`;
  const statuses = [...listAt(pod, 'status', 'initContainerStatuses'), ...listAt(pod, 'status', 'containerStatuses')];
  const status = statuses.find((one) => one['name'] === container);
  const reason =
    textAt(status, 'state', 'waiting', 'reason') || (at(status, 'state') === undefined ? 'ContainerCreating' : '');
  const told = JSON.stringify(container);
  if (/Image|ErrImage/.test(reason))
    return `container ${told} in pod ${JSON.stringify(name)} is waiting to start: ${imageWords(reason)}`;
  return `container ${told} in pod ${JSON.stringify(name)} is waiting to start: ${reason || 'ContainerCreating'}`;
}

function imageWords(reason: string): string {
  return reason === 'ErrImagePull' || reason === 'ImagePullBackOff' ? 'trying and failing to pull image' : reason;
}

/** Milliseconds since 1970 from which lines are wanted. */
function sinceOf(query: URLSearchParams, now: number): number {
  const seconds = query.get('sinceSeconds');
  if (seconds !== null) return now - Number(seconds) * 1000;
  const time = query.get('sinceTime');
  return time === null ? Number.NEGATIVE_INFINITY : Date.parse(time);
}

/** RFC 3339 with nanoseconds, as the kubelet stamps lines. */
function nanoseconds(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000000Z');
}
