// AKSControlPlane: what the managed components write, by a diagnostic setting. They are quiet on a quiet cluster.
import { chanceBetween, pick } from '../../voices/chance.ts';
import type { Observed } from '../observed.ts';
import type { Writer, Written } from '../row.ts';

const everyMs = 60_000;

export function writeControlPlane({ scene, settings, view }: Observed): Writer {
  return function* (from, to, budget) {
    if (settings.now().audit !== 'dedicated') return;
    const since = Math.max(from, to - budget * everyMs);
    for (let at = Math.floor(since / everyMs + 1) * everyMs; at <= to; at += everyMs) {
      const message = `Trace[${chanceBetween(`trace ${at}`, 1e8, 2e9)}]: "List" accept:application/json, limit:500 (total time: ${chanceBetween(`ms ${at}`, 510, 900)}ms)`;
      if (chanceBetween(`slow ${at}`, 1, 5) === 1) yield rowOf('kube-apiserver', 'I', message, at);
      if (scene.causes.now().busyClient !== undefined && at > scene.causes.since('busyClient'))
        yield rowOf(
          'kube-apiserver',
          'E',
          '"Unhandled Error" err="apiserver was unable to write a JSON response: http: Handler timeout" logger="UnhandledError"',
          at,
        );
    }
    for (const { created, name, namespace, node } of view.pods.values()) {
      if (created <= from || created > to || node === '') continue;
      const message = `"Successfully bound pod to node" pod="${namespace}/${name}" node="${node}" evaluatedNodes=${view.nodes.size} feasibleNodes=${view.nodes.size}`;
      yield rowOf('kube-scheduler', 'I', message, created);
    }
  };
}

function rowOf(category: string, level: string, message: string, at: number): Written {
  const pod = `${category}-6c7d9f5b8c-${pick(category, ['x7k2p', 'm4t9d'])}`;
  return {
    table: 'AKSControlPlane',
    at,
    key: `${category} ${at} ${message}`,
    batch: `control plane ${Math.ceil(at / 30_000)}`,
    by: 'resource',
    values: () => ({
      Category: category,
      Level: level === 'E' ? 'ERROR' : level === 'W' ? 'WARNING' : 'INFO',
      Message: `${level}${klogTime(at)}       1 ${message}`,
      PodName: pod,
      Stream: 'stderr',
    }),
  };
}

/** `1122 12:00:00.123456`. */
function klogTime(at: number): string {
  const text = new Date(at).toISOString();
  return `${text.slice(5, 7)}${text.slice(8, 10)} ${text.slice(11, 23)}000`;
}
