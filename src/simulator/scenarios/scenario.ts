import type { User } from '../api/access.ts';
import type { PastOperation } from '../azure/arm/past-activity.ts';
import type { AzureSetUp } from '../azure/azure-pace.ts';
import type { Mode, World } from '../world/world.ts';

export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;

/** Something that came to pass before the world is shown. */
export type Happening = {
  /** Milliseconds before the present. */
  ago: number;
  happens(world: World): void;
};

/** What a simulated cluster is like, and what has happened to it. */
export type Scenario = {
  id: string;
  /** One sentence, for people who choose one. */
  title: string;
  nodes: number;
  /** Of applications; those of kube-system come on top. */
  pods: number;
  /** Endpoint changes per second. */
  churn: number;
  /** Default overlay. */
  mode?: Mode;
  /** Advanced Container Networking Services. Default false. */
  acns?: boolean;
  /** Traffic between pods is encrypted by WireGuard. Default false. */
  wireguard?: boolean;
  /** Milliseconds from now to the end of Hubble's certificates. Default: two years. */
  certificatesEnd?: number;
  /** What is otherwise set up in Azure. */
  azure?: AzureSetUp;
  /** What was done to it through Azure, oldest first. */
  operations?: readonly PastOperation[];
  /** Tag of Cilium's images at first. Default: the version AKS ships. */
  agentVersion?: string;
  /** `none`: no world lives here, only the system namespaces and the CustomResourceDefinitions. */
  world?: 'none';
  /** What happened, oldest first. `size` is what the user asked for. */
  history?(size: { nodes: number; pods: number }): readonly Happening[];
  /** Who the current user of the kubeconfig is. Default: an administrator. */
  currentUser?(): User;
  /** What the context `reader` may do. Default: read everything but Secrets. */
  reader?(): User;
};
