// Pods that have been running since long before anybody looked, each with its CiliumEndpoint.
import type { KubeObject } from '../cluster.ts';
import { serialise } from '../serialise.ts';
import type { Addresses } from './cilium/addresses.ts';
import { type Agents, namedPorts } from './cilium/agents.ts';
import type { Identity } from './cilium/identities.ts';
import type { Slices } from './cilium/slices.ts';
import type { Core } from './core.ts';
import { createMould, type Mould, mark, numberMark, SAMPLE_BIRTH } from './mould.ts';
import { ownership } from './ownership.ts';
import { digest, newPod, READY_AFTER, settle } from './pod-object.ts';
import { type CiliumEndpoint, type Labels, type Pod, type PodTemplate, timeOf } from './shapes.ts';
import type { NodeRecord, PodRecord } from './view.ts';

export type Parts = { addresses: Addresses; agents: Agents; slices: Slices };

/** Youngest a settled pod is, in milliseconds. */
const SETTLED = 120_000;
/** From a pod to its endpoint, in milliseconds. */
const ATTACHED = 2_000;

/** The words in which pods of one template differ, in their order; the containers' ids follow. */
const WORDS = { name: 0, uid: 1, version: 2, node: 3, host: 4, ip: 5, ids: 6 } as const;
/** Their endpoints have these instead of the ids. */
const MORE = { endpoint: 6, bareUid: 7, number: 8 } as const;

/** Places pods of one owner and template, one by one; `at` in milliseconds since 1970. */
export function settledPods(
  core: Core,
  parts: Parts,
  owner: KubeObject,
  template: PodTemplate,
  labels: Labels,
): (name: string, node: NodeRecord, at: number) => void {
  const namespace = owner.metadata.namespace ?? '';
  const controller = {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid ?? '',
  };
  const sample = newPod(controller, namespace, mark(WORDS.name), mark(WORDS.uid), template, labels);
  let containers = 0;
  const node = { name: mark(WORDS.node), ip: mark(WORDS.host) };
  settle(sample, node, mark(WORDS.ip), SAMPLE_BIRTH, () => mark(WORDS.ids + containers++));
  const pods = mouldOf(core, sample);
  const host = sample.spec.hostNetwork === true;
  let endpoints: Mould | undefined;

  const attach = (pod: PodRecord, host: string) => {
    const given = parts.agents.settle(pod);
    if (given === undefined) return;
    endpoints ??= mouldOf(core, endpointSample(parts.agents, pod, sample, given.identity));
    const cast = endpoints;
    const uid = core.random.uid();
    const { name, node, ip, created } = pod;
    core.store.shelve('CiliumEndpoint', namespace, name, (version) => {
      const bareUid = pod.uid.replaceAll('-', '');
      const words = [name, pod.uid, String(version), node, host, ip, uid, bareUid, String(given.number)];
      return cast(words, created + ATTACHED);
    });
    core.view.restoreEndpoint(`${namespace}/${name}`, pod.uid);
    const networking = { addressing: [{ ipv4: ip }], node: host };
    const ports = namedPorts(sample);
    parts.slices.restore({
      metadata: { name, namespace },
      status: { identity: given.identity, networking, ...(ports.length === 0 ? {} : { 'named-ports': ports }) },
    });
  };

  return (name, node, at) => {
    const ip = host ? node.ip : parts.addresses.take(node);
    if (ip === undefined) return;
    const uid = core.random.uid();
    const born = Math.min(at, core.now() - SETTLED);
    core.store.shelve('Pod', namespace, name, (version) => {
      const ids = Array.from({ length: containers }, (_, index) => digest(`${uid}/${index}`));
      return pods([name, uid, String(version), node.name, node.ip, ip, ...ids], born);
    });
    const pod = core.view.restore({
      namespace,
      name,
      uid,
      labels: sample.metadata.labels ?? {},
      serviceAccount: sample.spec.serviceAccountName ?? 'default',
      node: node.name,
      ip,
      hostNetwork: host,
      phase: 'Running',
      readySince: born + READY_AFTER,
      deleting: false,
      ownerUid: controller.uid,
      ownerKind: controller.kind,
      created: born,
    });
    if (!host) attach(pod, node.ip);
  };
}

function endpointSample(agents: Agents, pod: PodRecord, sample: Pod, identity: Identity): CiliumEndpoint {
  const record = { ...pod, name: mark(WORDS.name), uid: mark(WORDS.uid) };
  const given = { ip: mark(WORDS.ip), number: numberMark(MORE.number) };
  const endpoint = agents.endpoint(record, sample, given, identity);
  endpoint.metadata.uid = mark(MORE.endpoint);
  endpoint.metadata.creationTimestamp = timeOf(SAMPLE_BIRTH);
  endpoint.metadata.managedFields = ownership(endpoint, 'cilium-agent', undefined, SAMPLE_BIRTH) ?? [];
  const { status } = endpoint;
  if (status?.networking !== undefined) status.networking.node = mark(WORDS.host);
  Object.assign(status?.['external-identifiers'] ?? {}, {
    'cni-attachment-id': `${mark(MORE.bareUid)}:eth0`,
    'container-id': mark(MORE.bareUid),
  });
  return endpoint;
}

function mouldOf(core: Core, sample: KubeObject): Mould {
  const metadata = { ...sample.metadata, generation: 1, resourceVersion: mark(WORDS.version) };
  return createMould(serialise(core.store.resourceOf(sample.kind), { ...sample, metadata }));
}
