// The fields of objects that voices read. Everything is optional: an object may have been written by a user.
import type { KubeObject } from '../cluster.ts';

export type ContainerState = {
  running?: { startedAt?: string };
  waiting?: { reason?: string; message?: string };
  terminated?: { exitCode?: number; reason?: string; message?: string; startedAt?: string; finishedAt?: string };
};

export type ContainerStatus = {
  name: string;
  image?: string;
  ready?: boolean;
  restartCount?: number;
  state?: ContainerState;
  lastState?: ContainerState;
};

export type Container = { name: string; image?: string; ports?: { name?: string; containerPort?: number }[] };

export type Pod = KubeObject & {
  spec?: { nodeName?: string; hostNetwork?: boolean; containers?: Container[]; initContainers?: Container[] };
  status?: {
    phase?: string;
    podIP?: string;
    hostIP?: string;
    containerStatuses?: ContainerStatus[];
    initContainerStatuses?: ContainerStatus[];
    conditions?: { type: string; status: string; reason?: string; message?: string; lastTransitionTime?: string }[];
  };
};

export type Endpoint = KubeObject & {
  status?: {
    id?: number;
    state?: string;
    identity?: { id?: number; labels?: string[] };
    networking?: { node?: string; addressing?: { ipv4?: string; ipv6?: string }[] };
    policy?: { ingress?: { enforcing?: boolean }; egress?: { enforcing?: boolean } };
    'named-ports'?: { name?: string; port?: number; protocol?: string }[];
    'external-identifiers'?: { 'container-id'?: string };
  };
};

export type CoreEndpoint = {
  name?: string;
  id?: number;
  networking?: { node?: string; addressing?: { ipv4?: string; ipv6?: string }[] };
};

export type Slice = KubeObject & { namespace?: string; endpoints?: CoreEndpoint[] };

export type Identity = KubeObject & { 'security-labels'?: Record<string, string> };

export type Node = KubeObject & {
  spec?: { podCIDR?: string; podCIDRs?: string[] };
  status?: {
    addresses?: { type: string; address: string }[];
    nodeInfo?: { kernelVersion?: string; kubeletVersion?: string };
  };
};

export type CiliumNode = KubeObject & {
  spec?: { addresses?: { type?: string; ip?: string }[]; health?: { ipv4?: string }; ipam?: { podCIDRs?: string[] } };
};

export type ServiceObject = KubeObject & {
  spec?: {
    clusterIP?: string;
    type?: string;
    externalTrafficPolicy?: string;
    internalTrafficPolicy?: string;
    ports?: { name?: string; port: number; protocol?: string; nodePort?: number }[];
  };
};

export type EndpointSlice = KubeObject & {
  endpoints?: { addresses?: string[]; nodeName?: string; conditions?: { ready?: boolean } }[];
  ports?: { name?: string; port?: number; protocol?: string }[];
};

export type Lease = KubeObject & { spec?: { holderIdentity?: string; renewTime?: string; acquireTime?: string } };

export type ConfigMap = KubeObject & { data?: Record<string, string> };

/** Milliseconds since 1970, 0 where there is no time. */
export function timeOf(text: string | undefined): number {
  const at = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(at) ? 0 : at;
}
