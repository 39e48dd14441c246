import type { KubeObject } from '../cluster.ts';
import { isRunning } from './run.ts';
import { agentSamples, operatorSamples, type Sample } from './samples.ts';
import type { Scene } from './scene.ts';
import type { Pod } from './shapes.ts';
import type { SliceWaits } from './slice-waits.ts';

/** Prometheus exposition text of a pod's port; undefined where nothing listens there. */
export function metricsText(scene: Scene, object: KubeObject, port: number, waits: SliceWaits): string | undefined {
  const pod = object as Pod;
  if (port === 9962 && isRunning(pod, 'cilium-agent')) return exposition(agentSamples(scene, pod));
  if (port === 9963 && isRunning(pod, 'cilium-operator')) return exposition(operatorSamples(scene, pod, waits));
  return undefined;
}

/** All samples of one name together under their TYPE line, as the format demands. */
function exposition(samples: readonly Sample[]): string {
  const families = Map.groupBy(samples, (sample) =>
    sample.type === 'histogram' ? sample.name.replace(/_(bucket|sum|count)$/, '') : sample.name,
  );
  let text = '';
  for (const [name, family] of families) {
    text += `# TYPE ${name} ${family[0]?.type}\n`;
    for (const sample of family) text += `${sample.name}${labelText(sample.labels)} ${sample.value}\n`;
  }
  return text;
}

function labelText(labels: Record<string, string>): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
