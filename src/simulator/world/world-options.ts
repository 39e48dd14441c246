import type { ObjectStore } from '../cluster.ts';
import type { Causes, CausesInForce, Where } from './causes.ts';
import type { WorldClock } from './clock.ts';
import type { Journal } from './journal.ts';
import type { View } from './view.ts';

/** `overlay` and `pod-subnet`: managed Cilium. `byo`: a Cilium of one's own by Helm, with BGP. `no-cilium`: Azure CNI with its own data plane, kube-proxy and NPM. */
export type Mode = 'overlay' | 'pod-subnet' | 'byo' | 'no-cilium';

export type WorldOptions = {
  nodes: number;
  /** Application pods; those of kube-system come on top. */
  pods: number;
  /** Endpoint changes (added or gone) per second. */
  churn: number;
  /** Pods come and go only in the last so many milliseconds of the past; default: in all of it. */
  churnedPast: number;
  seed: number;
  clock: WorldClock;
  mode: Mode;
  /** Advanced Container Networking Services: Hubble relay, security agent, flow logs. */
  acns: boolean;
  /** Traffic between pods of different nodes is encrypted by WireGuard. */
  wireguard: boolean;
  /** How long ago the world starts to live, in milliseconds; what is older was built as it would have come to be. */
  past: number;
  /** What happened in that time, oldest first: `ago` milliseconds before the present. */
  history: readonly { ago: number; happens(world: World): void }[];
  /** When Hubble's certificates end, ms since 1970. */
  certificatesEnd: number;
  /** Tag of the agent's and the operator's images. */
  agentVersion: string;
};

export type World = {
  readonly store: ObjectStore;
  readonly options: WorldOptions;
  now(): number;
  readonly causes: Causes;
  /** The same for voices. */
  readonly inForce: CausesInForce;
  change(causes: Partial<Causes>): void;
  /** What the controllers know: pods, nodes, endpoints by node, identities. Read only for everybody else. */
  readonly view: View;
  /** What people and their tools have written, in the past that was lived through and since. */
  readonly journal: Journal;
  /** Reboots nodes: every pod on them gets a new sandbox and starts from its init containers. */
  reboot(where: Where): void;
  /** Asks up to `count` application pods on these nodes to end, as a rollout would; their controllers replace them. */
  replacePods(where: Where, count: number): void;
  /** Lives for so long at full speed (frozen clock only). */
  advance(milliseconds: number): void;
  /** Lets time run with the wall's. */
  start(): void;
  stop(): void;
};
