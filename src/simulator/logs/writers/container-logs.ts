// ContainerLogV2: what containers write, as the monitoring agent of their node picks it up.
import { hex } from '../../voices/chance.ts';
import { loggedBetween } from '../../voices/log.ts';
import type { Line } from '../../voices/program.ts';
import type { Pod } from '../../voices/shapes.ts';
import { type Observed, seenPods } from '../observed.ts';
import type { Writer, Written } from '../row.ts';

/** Lines of an application's container per second, for how far the past reaches. */
const usualRate = 1 / 6;

export function writeContainerLogs(observed: Observed): Writer {
  return function* (from, to, budget) {
    const { monitoring, systemLogs } = observed.settings.now();
    if (!monitoring) return;
    const pods = seenPods(observed);
    const system = pods.filter(({ metadata }) => metadata.namespace === 'kube-system');
    const others = pods.filter(({ metadata }) => metadata.namespace !== 'kube-system');
    const since = Math.max(from, to - (budget / 2 / Math.max(1, others.length) / usualRate) * 1000);
    let left = budget / 2;
    for (const pod of systemLogs ? system : []) {
      for (const row of rowsOf(observed, pod, from, to)) {
        left--;
        yield row;
      }
      if (left < 0) break;
    }
    for (const pod of others) yield* rowsOf(observed, pod, since, to);
  };
}

function* rowsOf({ journal, scene }: Observed, pod: Pod, from: number, to: number): Generator<Written> {
  const ended = journal.ended.filter((one) => one.at > from && one.uid === pod.metadata.uid);
  // Not the pod itself: rows are kept for long, and so would be what they refer to.
  const { name, namespace = '', uid = '' } = pod.metadata;
  const source = { name, namespace, uid, node: pod.spec?.nodeName ?? '' };
  const names = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])].map(({ name }) => name);
  for (const container of names) {
    let index = 0;
    const earlier = ended.filter((one) => one.container === container).map((one) => JSON.parse(one.pod) as Pod);
    const lines = loggedBetween(scene, [pod, ...earlier], container, from, to);
    for (const line of lines) yield rowOf(source, container, line, index++);
  }
}

type LogSource = { name: string; namespace: string; uid: string; node: string };

function rowOf(source: LogSource, container: string, { at, line }: Line, index: number): Written {
  const { name, namespace, node, uid } = source;
  return {
    table: 'ContainerLogV2',
    at,
    key: `${uid} ${container} ${at} ${index}`,
    // The agent uploads what its node has gathered every ten seconds or so.
    batch: `${node} ${Math.ceil(at / 10_000)}`,
    by: 'agent',
    values: () => ({
      Computer: node,
      ContainerId: hex(`${uid} ${container}`, 64),
      ContainerName: container,
      PodName: name,
      PodNamespace: namespace,
      LogSource: namespace === 'kube-system' ? 'stderr' : 'stdout',
      LogLevel: levelOf(line),
      LogMessage: messageOf(line),
      KubernetesMetadata: null,
    }),
  };
}

/** As the agent finds it in the line: slog's and logrus' level=, klog's first letter, JSON's field. */
function levelOf(line: string): string {
  const word =
    /\blevel="?([a-z]+)/i.exec(line)?.[1] ?? /"level":"([a-z]+)"/.exec(line)?.[1] ?? /^([EWIF])\d{4} /.exec(line)?.[1];
  switch (word?.toLowerCase()[0]) {
    case 'f':
      return 'CRITICAL';
    case 'e':
      return 'ERROR';
    case 'w':
      return 'WARNING';
    case 'i':
      return 'INFO';
    case 'd':
      return 'DEBUG';
    default:
      return 'UNKNOWN';
  }
}

/** A line that is JSON becomes a bag. */
function messageOf(line: string): unknown {
  if (!line.startsWith('{')) return line;
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}
