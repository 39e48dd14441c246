import type { Program } from '../program.ts';
import type { Run } from '../run.ts';
import type { Scene } from '../scene.ts';
import type { Pod } from '../shapes.ts';
import { agentProgram } from './agent.ts';
import { cnsProgram } from './cns.ts';
import { corednsProgram } from './coredns.ts';
import { initContainerProgram } from './init-containers.ts';
import { klogProgram, konnectivityProgram } from './klog.ts';
import { operatorProgram } from './operator.ts';
import { relayProgram } from './relay.ts';
import { workloadProgram } from './workload.ts';

/** Which program runs in a container: told by its name, as the images of other registries carry other names. */
export function programOf(scene: Scene, pod: Pod, run: Run): Program {
  if (run.init) return initContainerProgram(run);
  switch (run.container) {
    case 'cilium-agent':
      return agentProgram(scene, pod, run);
    case 'cilium-operator':
      return operatorProgram(scene, pod, run);
    case 'cns-container':
    case 'azure-cns':
      return cnsProgram(scene, pod);
    case 'coredns':
      return corednsProgram(pod);
    case 'hubble-relay':
      return relayProgram(scene);
    case 'konnectivity-agent':
      return konnectivityProgram(pod);
    default:
      return pod.metadata.namespace === 'kube-system' ? klogProgram(run) : workloadProgram(scene, pod, run);
  }
}
