import type { KubeObject } from '../../cluster.ts';
import { LEASE } from '../cilium/operator.ts';
import type { Core } from '../core.ts';
import { type Labels, microTimeOf, timeOf } from '../shapes.ts';
import { createIssuer } from './certificate.ts';
import { ciliumConfig } from './cilium.ts';
import { managed } from './nodes.ts';
import { ownCiliumConfig } from './own-cilium.ts';
import { AKS_LABELS } from './workload.ts';

/** kube-system's ConfigMaps. */
export function settings(core: Core, at: number, cilium: boolean): void {
  const map = (name: string, data: Labels, manager: string) =>
    core.create(
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: {
          name,
          namespace: 'kube-system',
          creationTimestamp: timeOf(at),
          managedFields: [
            managed(manager, 'Update', at, {
              'f:data': Object.fromEntries(Object.keys(data).map((key) => [`f:${key}`, {}])),
            }),
          ],
        },
        data,
      },
      manager,
    );
  if (cilium && core.options.mode === 'byo') map('cilium-config', ownCiliumConfig(core.options), 'Helm');
  else if (cilium) map('cilium-config', ciliumConfig(core.options), 'Eno');
  const corefile =
    '.:53 {\n    errors\n    ready\n    health {\n      lameduck 5s\n    }\n    kubernetes cluster.local in-addr.arpa ip6.arpa {\n      pods insecure\n      fallthrough in-addr.arpa ip6.arpa\n      ttl 30\n    }\n    prometheus :9153\n    forward . /etc/resolv.conf\n    cache 30\n    loop\n    reload\n    loadbalance\n    import custom/*.override\n    template ANY ANY internal.cloudapp.net {\n      match "^(?:[^.]+\\\\.){4,}internal\\\\.cloudapp\\\\.net\\\\.$"\n      rcode NXDOMAIN\n      fallthrough\n    }\n}\nimport custom/*.server\n';
  map('coredns', { Corefile: corefile }, 'kubectl-client-side-apply');
  map('coredns-custom', {}, 'kubectl-client-side-apply');
}

/** With ACNS flows are stored, and somebody has said which: all of them. What watches for it has taken it up. */
export function flowLogs(core: Core, at: number): void {
  const metadata = { name: 'all-flows', creationTimestamp: timeOf(at) };
  const spec = {
    includefilters: [{ name: 'all', protocol: ['tcp', 'udp', 'dns'], verdict: ['dropped', 'forwarded'] }],
  };
  const status = { state: 'CONFIGURED', timestamp: timeOf(at + 20_000) };
  const kind = 'ContainerNetworkLog';
  core.create({ apiVersion: 'acn.azure.com/v1alpha1', kind, metadata, spec, status }, 'kubectl-client-side-apply');
}

/** What AKS protects of its own from being drained all at once. */
export function budgets(core: Core, at: number): void {
  const protectedOnes: [string, Labels][] = [
    ['coredns-pdb', { 'k8s-app': 'kube-dns' }],
    ['konnectivity-agent', { app: 'konnectivity-agent' }],
    ['metrics-server-pdb', { 'k8s-app': 'metrics-server' }],
  ];
  for (const [name, matchLabels] of protectedOnes) {
    const metadata = { name, namespace: 'kube-system', creationTimestamp: timeOf(at), labels: { ...AKS_LABELS } };
    const spec = { minAvailable: 1, selector: { matchLabels } };
    core.create({ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata, spec }, 'kubectl-client-side-apply');
  }
}

/** Hubble's certificates: real ones, of keys that nobody keeps; what stands for the keys is chance. */
export function certificates(core: Core, at: number): void {
  const issuer = createIssuer();
  const ends = core.options.certificatesEnd;
  const authority = { subject: 'Cilium CA', issuer: 'Cilium CA', notBefore: at, notAfter: ends + TWO_YEARS };
  for (const [name, subject] of hubbleSecrets) {
    const metadata = { name, namespace: 'kube-system', creationTimestamp: timeOf(at) };
    const file = () => Buffer.from(core.random.hex(256)).toString('base64');
    const pem = (about: Parameters<typeof issuer.certificate>[0]) =>
      Buffer.from(issuer.certificate(about)).toString('base64');
    const held = { subject, issuer: 'Cilium CA', notBefore: at, notAfter: ends };
    // As many draws as ever: whoever comes after them draws what it always drew.
    const [, , key] = [file(), file(), file()];
    const data = { 'ca.crt': pem(authority), 'tls.crt': pem(held), 'tls.key': key };
    core.create({ apiVersion: 'v1', kind: 'Secret', metadata, data, type: 'kubernetes.io/tls' } as KubeObject, 'Eno');
  }
}

const TWO_YEARS = 730 * 24 * 3_600_000;
const hubbleSecrets = [
  ['hubble-server-certs', '*.default.hubble-grpc.cilium.io'],
  ['hubble-relay-client-certs', '*.hubble-relay.cilium.io'],
] as const;

/** The operator's lease, held by one of its pods since that started. */
export function operatorLease(core: Core, now: number, made: number): void {
  for (const set of core.view.labelSets('kube-system')) {
    if (set.labels['io.cilium/app'] !== 'operator') continue;
    const first = [...set.pods].sort((a, b) => (a.name < b.name ? -1 : 1))[0];
    if (first === undefined) continue;
    const acquired = first.created + 4_000;
    core.create(
      {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { name: LEASE, namespace: 'kube-system', creationTimestamp: timeOf(made) },
        spec: {
          holderIdentity: `${first.node}-${core.random.suffix(10)}`,
          leaseDurationSeconds: 15,
          acquireTime: microTimeOf(acquired),
          renewTime: microTimeOf(now),
          leaseTransitions: 11,
        },
      } as KubeObject,
      'cilium-operator-generic',
    );
  }
}
