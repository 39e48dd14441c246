import type { Core } from '../core.ts';
import { about, type Recorder } from '../events.ts';
import type { Pod } from '../shapes.ts';
import type { PodRecord } from '../view.ts';
import type { Silence } from './node-lifecycle.ts';

/** How the kubelets get on with a pod: one step after the other, what they write of it and what they say. */
export type PodSteps = {
  /** In so many milliseconds, unless something makes the step void; a kubelet that is silent does it when it is back. */
  step(pod: PodRecord, delay: number, run: () => void): void;
  /** False where the pod is gone or `change` returned false. */
  write(pod: PodRecord, change: (object: Pod) => false | undefined): boolean;
  say(object: Pod, type: 'Normal' | 'Warning', reason: string, message: string, container?: string): void;
};

export function createPodSteps(core: Core, record: Recorder, silence: Silence): PodSteps {
  const step = (pod: PodRecord, delay: number, run: () => void) => {
    const turn = pod.turn;
    core.after(delay, () => {
      if (pod.turn !== turn) return;
      if (silence.isSilent(pod.node)) step(pod, 5_000, run);
      else run();
    });
  };

  const write = (pod: PodRecord, change: (object: Pod) => false | undefined): boolean =>
    core.edit<Pod>('Pod', pod.namespace, pod.name, 'kubelet', 'status', (object) => {
      if (object.metadata.uid !== pod.uid) return false;
      return change(object as Pod);
    });

  const say = (object: Pod, type: 'Normal' | 'Warning', reason: string, message: string, container?: string) =>
    record(
      { ...about(object), ...(container === undefined ? {} : { fieldPath: `spec.containers{${container}}` }) },
      { type, reason, message, component: 'kubelet', host: object.spec.nodeName ?? '' },
    );

  return { step, write, say };
}
