import type { EndpointSliceRow } from '../model/objects/others.ts';
import type { PodRow } from '../model/objects/pod.ts';
import { policyText } from '../model/policies/rule.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { counted, someOf } from './names.ts';

/** Who is touched where something happens to these pods: counted and named, a sentence each. */
export function podsReach(snapshot: Snapshot, pods: readonly PodRow[], where: string): readonly string[] {
  const services = servicesOf(snapshot, pods);
  const policies = policiesAbout(snapshot, pods);
  return [
    `${counted(pods.length, 'pod')} ${where}${listed(pods.map(({ namespace, name }) => `${namespace}/${name}`))}`,
    `${counted(services.length, 'service')} with a backend among them${listed(services)}`,
    `${counted(policies.length, 'policy', 'policies')} in force in their namespaces${listed(policies)}`,
  ];
}

/** Pods of the node that are on the pod network. */
export function podsOnNode(snapshot: Snapshot, node: string): readonly PodRow[] {
  const ended = ['Succeeded', 'Failed'];
  return snapshot.tables.pods.by('node', node).filter((pod) => !pod.hostNetwork && !ended.includes(pod.phase));
}

/** `namespace/name` of the services that send connections to one of these pods. */
export function servicesOf({ tables }: Snapshot, pods: readonly PodRow[]): readonly string[] {
  const found = pods.flatMap((pod) => slicesAbout(tables.endpointSlices, pod).map(nameOf));
  return [...new Set(found)].sort();
}

/** Services that have no other ready backend than this pod. */
export function servicesLeftAlone({ tables }: Snapshot, pod: PodRow): readonly string[] {
  const own = new Set(slicesAbout(tables.endpointSlices, pod).map(nameOf));
  const left = [...own].filter((service) => {
    const slices = tables.endpointSlices.by('owner', service);
    return !slices.some(({ endpoints }) => endpoints.some((one) => one.ready && one.pod !== pod.name));
  });
  return left.sort();
}

function slicesAbout(table: Snapshot['tables']['endpointSlices'], pod: PodRow): readonly EndpointSliceRow[] {
  const slices = pod.ip === '' ? [] : table.by('ip', pod.ip);
  return slices.filter(
    (slice) =>
      slice.service !== '' && slice.namespace === pod.namespace && slice.endpoints.some((one) => one.pod === pod.name),
  );
}

function nameOf({ namespace, service }: EndpointSliceRow): string {
  return `${namespace}/${service}`;
}

function policiesAbout({ policies }: Snapshot, pods: readonly PodRow[]): readonly string[] {
  const namespaces = new Set(pods.map(({ namespace }) => namespace));
  const about = [...policies.values()].filter(
    ({ ref, selects, inForce }) =>
      inForce !== 'no' && selects !== 0 && (ref.namespace === '' ? namespaces.size > 0 : namespaces.has(ref.namespace)),
  );
  return about.map(({ ref }) => policyText(ref)).sort();
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? '' : `: ${someOf(names)}`;
}
