// Cilium as its Helm chart installs it on a cluster that was made with `--network-plugin none`: addresses by its own
// IPAM, no Azure CNS, BGP with the routers of the racks.
import type { Container, Labels, PodTemplate } from '../shapes.ts';
import type { WorldOptions } from '../world-options.ts';
import { ciliumConfig, ciliumWorkloads } from './cilium.ts';
import type { Workload } from './workload.ts';

const HELM: Labels = {
  'app.kubernetes.io/managed-by': 'Helm',
  'app.kubernetes.io/part-of': 'cilium',
};
/** Containers that AKS alone adds to the agent's pod. */
const OF_AKS = ['azure-iptables-monitor', 'cilium-fluent-bit', 'block-wireserver'];

export function ownCiliumWorkloads(options: WorldOptions): Workload[] {
  return ciliumWorkloads({ ...options, acns: false })
    .filter(({ name }) => name !== 'azure-cns')
    .map((workload) => {
      const { annotations: _, ...rest } = workload;
      return {
        ...rest,
        manager: 'Helm',
        labels: { ...HELM, ...workload.selector },
        template: ownTemplate(workload.template, workload.selector),
      };
    });
}

function ownTemplate(template: PodTemplate, selector: Labels): PodTemplate {
  const { affinity, initContainers, ...spec } = template.spec;
  const isAgent = selector['k8s-app'] === 'cilium';
  const own = (list: readonly Container[]) =>
    list.filter(({ name }) => !OF_AKS.includes(name)).map((one) => ({ ...one, image: ownImage(one.image) }));
  return {
    ...template,
    metadata: { ...template.metadata, labels: { ...HELM, ...selector } },
    spec: {
      ...spec,
      // The chart asks for Linux only; the operators exclude each other either way.
      ...(isAgent ? { nodeSelector: { 'kubernetes.io/os': 'linux' } } : affinity === undefined ? {} : { affinity }),
      ...(initContainers === undefined ? {} : { initContainers: own(initContainers) }),
      containers: own(spec.containers),
    },
  };
}

/** `mcr.microsoft.com/containernetworking/cilium/cilium-distroless:v1.18.6-260219` → `quay.io/cilium/cilium:v1.18.6`. */
function ownImage(image: string): string {
  return image.replace(/^.*\/(cilium|operator-generic)-distroless:(v[\d.]+).*$/, 'quay.io/cilium/$1:$2');
}

export function ownCiliumConfig(options: WorldOptions): Labels {
  return {
    ...ciliumConfig(options),
    'cluster-pool-ipv4-cidr': '10.244.0.0/16',
    'cluster-pool-ipv4-mask-size': '24',
    'cni-exclusive': 'true',
    'enable-bgp-control-plane': 'true',
    'enable-ipv4-masquerade': 'true',
    ipam: 'cluster-pool',
    'write-cni-conf-when-ready': '/host/etc/cni/net.d/05-cilium.conflist',
  };
}
