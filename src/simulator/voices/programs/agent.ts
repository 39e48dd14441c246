// cilium-agent. What it says of endpoints it says of those that exist, with their ids, identities and addresses.
import type { StoreEvent } from '../../cluster.ts';
import { chance, chanceBetween, hex } from '../chance.ts';
import { type Line, type Program, spread } from '../program.ts';
import type { Run } from '../run.ts';
import { ciliumConfig, isServed, lately, nodeOf, type Scene, unreadySince, versionOf } from '../scene.ts';
import { type Endpoint, type Pod, timeOf } from '../shapes.ts';
import { agentTroubles } from './agent-troubles.ts';
import { hearRejected, recallRejected } from './policy-lines.ts';
import type { Say } from './say.ts';
import { type Fields, fatalLines, logLine } from './slog.ts';

export function agentProgram(scene: Scene, pod: Pod, run: Run): Program {
  const version = versionOf(run.image);
  const say: Say = (at, level, message, module, fields) => logLine(version, at, level, message, module, fields);
  const blocked = !isServed(scene, 'CiliumEndpoint');
  return {
    opening: (at) => (blocked ? waitingLines(say, at) : openingLines(scene, pod, version, say, at)),
    habits: blocked ? waitingHabits(say) : [...workingHabits(scene, pod, run, say), ...agentTroubles(scene, pod, say)],
    recall: (since) =>
      blocked ? [] : [...recallEndpoints(scene, pod, since, say), ...recallRejected(scene, since, say)],
    hear: (event, at) =>
      event.resource.kind.endsWith('NetworkPolicy')
        ? hearRejected(scene, event, at, say)
        : hearEndpoint(pod, event, at, say),
    closing(at, words, exitCode) {
      if (words !== '') return fatalLines(version, at, words, 'agent');
      if (exitCode === 0) return [say(at, 'info', 'Stopped', 'agent', { duration: '412.7ms' })];
      return exitCode === 137 ? [] : [say(at, 'error', 'Start failed', 'agent', { error: `exit status ${exitCode}` })];
    },
  };
}

function openingLines(scene: Scene, pod: Pod, version: string, say: Say, at: number): Line[] {
  const config = ciliumConfig(scene);
  const node = nodeOf(scene, pod);
  const kernel = node?.status?.nodeInfo?.kernelVersion ?? '';
  const endpoints = scene.endpointsOn(pod).length;
  return spread(at, 70, [
    (t) =>
      say(
        t,
        'info',
        `Memory available for map entries (${config['bpf-map-dynamic-size-ratio'] ?? '0.0025'}% of 33643261952B): 84108154B`,
        'agent',
      ),
    (t) => say(t, 'info', `Cilium ${version} ${hex(`commit ${version}`, 8)} go version go1.24.6 linux/amd64`, 'agent'),
    (t) => say(t, 'info', `kernel version: ${kernel}`, 'agent'),
    (t) =>
      say(t, 'info', 'Establishing connection to apiserver', 'agent.infra.k8s-client', {
        host: 'https://10.0.0.1:443',
      }),
    (t) => say(t, 'info', 'Connected to apiserver', 'agent.infra.k8s-client'),
    (t) =>
      say(t, 'info', 'Enabling CiliumEndpointSlice', 'agent.controlplane', {
        enabled: config['enable-cilium-endpoint-slice'] ?? 'false',
      }),
    (t) => say(t, 'info', 'k8s mode: Allowing localhost to reach local endpoints', 'agent.controlplane.daemon'),
    (t) => say(t, 'info', 'Setting up BPF filesystem', 'agent.datapath', { bpffsRoot: '/sys/fs/bpf' }),
    (t) => say(t, 'info', 'Mounted cgroupv2 filesystem', 'agent.datapath', { cgroupRoot: '/run/cilium/cgroupv2' }),
    (t) =>
      say(t, 'info', 'Waiting until all pre-existing resources have been received', 'agent.controlplane.k8s-watcher'),
    (t) =>
      say(t, 'info', 'Restored endpoints', 'agent.controlplane.endpoint-restore', { restored: endpoints, failed: 0 }),
    (t) =>
      say(t, 'info', 'Datapath initialized', 'agent.datapath.loader', { mode: config['routing-mode'] ?? 'native' }),
    (t) =>
      say(t, 'info', 'Successfully created CiliumNode resource', 'agent.controlplane.nodediscovery', {
        node: pod.spec?.nodeName,
      }),
    (t) => say(t, 'info', 'Serving cilium API at unix:///var/run/cilium/cilium.sock', 'agent.infra.api-server'),
    (t) =>
      say(t, 'info', 'Daemon initialization completed', 'agent.controlplane.daemon', {
        bootstrapTime: `${(1.2 + chance(`${pod.metadata.uid} boot`) * 3).toFixed(3)}s`,
      }),
  ]);
}

function waitingLines(say: Say, at: number): Line[] {
  return spread(at, 70, [
    (t) =>
      say(t, 'info', 'Establishing connection to apiserver', 'agent.infra.k8s-client', {
        host: 'https://10.0.0.1:443',
      }),
    (t) => say(t, 'info', 'Connected to apiserver', 'agent.infra.k8s-client'),
  ]);
}

/** Without its CustomResourceDefinitions the agent blocks where it starts, and says so. */
function waitingHabits(say: Say): Program['habits'] {
  const crds = '[crd:ciliumendpoints.cilium.io crd:ciliumidentities.cilium.io crd:ciliumnodes.cilium.io]';
  const message = `Still waiting for Cilium Operator to register the following CRDs: ${crds}`;
  return [{ every: 5_000, say: (at) => say(at, 'info', message, 'agent.infra.k8s-synced-crdsync') }];
}

function workingHabits(scene: Scene, pod: Pod, run: Run, say: Say): Program['habits'] {
  const seed = `${pod.metadata.uid} ${run.started}`;
  const unready = lately(scene, () => unreadySince(scene, pod));
  return [
    {
      every: 450_000,
      say: (at, turn) =>
        say(at, 'info', 'Conntrack garbage collector interval recalculated', 'agent.datapath.maps.ct-nat-map-gc', {
          expectedPrevInterval: '7m30s',
          actualPrevInterval: `7m30.0${chanceBetween(`${seed} gc ${turn}`, 10, 99)}s`,
          newInterval: '11m15s',
          deleteRatio: `0.0${chanceBetween(`${seed} ratio ${turn}`, 100, 900)}`,
        }),
    },
    {
      every: 900_000,
      say: (at, turn) =>
        say(at, 'info', 'Compiled new BPF template', 'agent.datapath.loader', {
          BPFCompilationTime: `${(1 + chance(`${seed} compile ${turn}`)).toFixed(6)}s`,
          'file-path': `/var/run/cilium/state/templates/${hex(`${seed} ${turn}`, 40)}/bpf_lxc.o`,
        }),
    },
    {
      every: 3_600_000,
      say: (at) =>
        say(at, 'info', 'Re-pinned map with new properties', 'agent.datapath.maps', { 'map-name': 'cilium_policy_v2' }),
    },
    {
      every: 30_000,
      say(at) {
        if (at < unready()) return undefined;
        const error =
          'Get "https://10.0.0.1:443/healthz": context deadline exceeded (Client.Timeout exceeded while awaiting headers)';
        return say(
          at,
          'warn',
          'Network status error received, restarting client connections',
          'agent.infra.k8s-client',
          { error },
        );
      },
    },
  ];
}

function recallEndpoints(scene: Scene, pod: Pod, since: number, say: Say): Line[] {
  const lines: Line[] = [];
  for (const endpoint of scene.endpointsOn(pod)) {
    const at = timeOf(endpoint.metadata.creationTimestamp);
    if (at >= since) lines.push(...creationLines(endpoint, at, say));
  }
  return lines;
}

function hearEndpoint(pod: Pod, event: StoreEvent, at: number, say: Say): string[] {
  if (event.resource.kind !== 'CiliumEndpoint') return [];
  const endpoint = event.object as Endpoint;
  if (endpoint.status?.networking?.node !== pod.status?.hostIP) return [];
  if (event.type === 'ADDED') return creationLines(endpoint, at, say).map((line) => line.line);
  const before = (event.previous as Endpoint | undefined)?.status?.identity?.id;
  if (event.type === 'MODIFIED' && before !== endpoint.status?.identity?.id) {
    return [identityLine(endpoint, at, before, say)];
  }
  if (event.type !== 'DELETED') return [];
  return [
    say(at, 'info', 'Delete endpoint by containerID request', 'agent.controlplane.endpoint-api', {
      containerID: endpoint.status?.['external-identifiers']?.['container-id']?.slice(0, 10),
      endpointID: endpoint.status?.id,
    }),
    say(at, 'info', 'Removed endpoint', 'agent.controlplane.endpoint-manager', about(endpoint)),
  ];
}

function creationLines(endpoint: Endpoint, at: number, say: Say): Line[] {
  const address = endpoint.status?.networking?.addressing?.[0]?.ipv4;
  return spread(at + Math.floor(chance(`${endpoint.metadata.uid} created`) * 700), 12, [
    (t) =>
      say(t, 'info', 'Create endpoint request', 'agent.controlplane.endpoint-api', {
        addressing: `&{${address} ${hex(endpoint.metadata.uid ?? '', 8)}-${hex(`${endpoint.metadata.uid} pool`, 4)} default   }`,
        containerInterface: 'eth0',
        interface: `lxc${hex(`${endpoint.metadata.uid} lxc`, 12)}`,
        k8sPodName: `${endpoint.metadata.namespace}/${endpoint.metadata.name}`,
        'sync-build': true,
      }),
    (t) => say(t, 'info', 'New endpoint', 'agent.controlplane.endpoint-manager', about(endpoint)),
    (t) => identityLine(endpoint, t, undefined, say),
    (t) => say(t, 'info', 'Rewrote endpoint BPF program', 'agent.datapath.loader', about(endpoint)),
    (t) => say(t, 'info', 'Successful endpoint creation', 'agent.controlplane.endpoint-api', about(endpoint)),
  ]);
}

function identityLine(endpoint: Endpoint, at: number, before: number | undefined, say: Say): string {
  return say(at, 'info', 'Identity of endpoint changed', 'agent.controlplane.endpoint', {
    ...about(endpoint),
    identityLabels: endpoint.status?.identity?.labels?.join(','),
    oldIdentity: before ?? 'no identity',
  });
}

function about(endpoint: Endpoint): Fields {
  return {
    ciliumEndpointName: `${endpoint.metadata.namespace}/${endpoint.metadata.name}`,
    endpointID: endpoint.status?.id,
    identity: endpoint.status?.identity?.id,
    ipv4: endpoint.status?.networking?.addressing?.[0]?.ipv4,
  };
}
