import type { KubeObject } from '../cluster.ts';
import { policySchema } from './policy-schema.ts';
import { boolean, integer, list, object, oneOf, open, openObject, type Schema, string, stringMap } from './schema.ts';

// The CustomResourceDefinitions of Cilium and of AKS: their names, versions and columns, and of their schemas what
// a reader of them meets. Everything not named is kept rather than pruned, but in policies.

const networking = object({ 'addressing!': list(object({ ipv4: string, ipv6: string })), node: string });
const namedPorts = list(object({ name: string, port: integer, protocol: string }));
const direction = open({ 'enforcing!': boolean, state: string });

const endpointSchema = object({
  status: open({
    id: integer,
    state: oneOf(
      'creating',
      'waiting-for-identity',
      'not-ready',
      'waiting-to-regenerate',
      'regenerating',
      'restoring',
      'ready',
      'disconnecting',
      'disconnected',
      'invalid',
    ),
    identity: object({ id: integer, labels: list(string) }),
    networking,
    'named-ports': namedPorts,
    policy: object({ ingress: direction, egress: direction }),
    encryption: object({ key: integer }),
    health: object({ bpf: string, connected: boolean, overallHealth: string, policy: string }),
  }),
});

const sliceSchema = object({
  namespace: string,
  'endpoints!': list(
    open({ name: string, id: integer, networking, 'named-ports': namedPorts, encryption: object({ key: integer }) }),
  ),
});

const nodeSchema = object({
  'spec!': open({ addresses: list(object({ ip: string, type: string })) }),
  status: openObject,
});

const identitySchema: Schema = object({ 'security-labels!': stringMap, status: openObject });
const anySchema: Schema = open({ spec: openObject, status: openObject });

type Column = { name: string; type: string; jsonPath: string; priority?: number; description?: string };
const age: Column = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' };
const valid: Column = { name: 'Valid', type: 'string', jsonPath: ".status.conditions[?(@.type=='Valid')].status" };

type Brief = {
  kind: string;
  plural: string;
  shortNames?: string[];
  group?: string;
  /** The first is the stored one. */
  versions: string[];
  namespaced: boolean;
  status?: boolean;
  categories?: string[];
  columns?: Column[];
  schema?: Schema;
};

const briefs: readonly Brief[] = [
  {
    kind: 'CiliumNetworkPolicy',
    plural: 'ciliumnetworkpolicies',
    shortNames: ['cnp', 'ciliumnp'],
    versions: ['v2'],
    namespaced: true,
    status: true,
    categories: ['cilium', 'ciliumpolicy'],
    columns: [age, valid],
    schema: policySchema,
  },
  {
    kind: 'CiliumClusterwideNetworkPolicy',
    plural: 'ciliumclusterwidenetworkpolicies',
    shortNames: ['ccnp'],
    versions: ['v2'],
    namespaced: false,
    status: true,
    categories: ['cilium', 'ciliumpolicy'],
    columns: [valid],
    schema: policySchema,
  },
  {
    kind: 'CiliumEndpoint',
    plural: 'ciliumendpoints',
    shortNames: ['cep', 'ciliumep'],
    versions: ['v2'],
    namespaced: true,
    columns: [
      { name: 'Security Identity', type: 'integer', jsonPath: '.status.identity.id' },
      { name: 'Ingress Enforcement', type: 'string', jsonPath: '.status.policy.ingress.state', priority: 1 },
      { name: 'Egress Enforcement', type: 'string', jsonPath: '.status.policy.egress.state', priority: 1 },
      { name: 'Endpoint State', type: 'string', jsonPath: '.status.state' },
      { name: 'IPv4', type: 'string', jsonPath: '.status.networking.addressing[0].ipv4' },
      { name: 'IPv6', type: 'string', jsonPath: '.status.networking.addressing[0].ipv6' },
    ],
    schema: endpointSchema,
  },
  {
    kind: 'CiliumEndpointSlice',
    plural: 'ciliumendpointslices',
    shortNames: ['ces'],
    versions: ['v2alpha1'],
    namespaced: false,
    schema: sliceSchema,
  },
  {
    kind: 'CiliumIdentity',
    plural: 'ciliumidentities',
    shortNames: ['ciliumid'],
    versions: ['v2'],
    namespaced: false,
    status: true,
    columns: [
      { name: 'Namespace', type: 'string', jsonPath: '.metadata.labels.io\\.kubernetes\\.pod\\.namespace' },
      age,
    ],
    schema: identitySchema,
  },
  {
    kind: 'CiliumNode',
    plural: 'ciliumnodes',
    shortNames: ['cn', 'ciliumn'],
    versions: ['v2'],
    namespaced: false,
    status: true,
    columns: [
      {
        name: 'CiliumInternalIP',
        type: 'string',
        jsonPath: '.spec.addresses[?(@.type=="CiliumInternalIP")].ip',
      },
      { name: 'InternalIP', type: 'string', jsonPath: '.spec.addresses[?(@.type=="InternalIP")].ip' },
      age,
    ],
    schema: nodeSchema,
  },
  cilium('CiliumLocalRedirectPolicy', 'ciliumlocalredirectpolicies', ['clrp'], ['v2'], true),
  cilium('CiliumEgressGatewayPolicy', 'ciliumegressgatewaypolicies', ['cegp'], ['v2'], false),
  cilium('CiliumCIDRGroup', 'ciliumcidrgroups', ['ccg'], ['v2', 'v2alpha1'], false),
  cilium('CiliumNodeConfig', 'ciliumnodeconfigs', [], ['v2', 'v2alpha1'], true),
  cilium('CiliumEnvoyConfig', 'ciliumenvoyconfigs', ['cec'], ['v2'], true),
  cilium('CiliumClusterwideEnvoyConfig', 'ciliumclusterwideenvoyconfigs', ['ccec'], ['v2'], false),
  cilium('CiliumLoadBalancerIPPool', 'ciliumloadbalancerippools', ['ippools', 'ippool', 'lbippool'], ['v2'], false),
  cilium('CiliumL2AnnouncementPolicy', 'ciliuml2announcementpolicies', ['l2announcement'], ['v2alpha1'], false),
  cilium('CiliumPodIPPool', 'ciliumpodippools', ['cpip'], ['v2alpha1'], false),
  cilium('CiliumBGPClusterConfig', 'ciliumbgpclusterconfigs', ['cbgpcluster'], ['v2', 'v2alpha1'], false),
  cilium('CiliumBGPPeerConfig', 'ciliumbgppeerconfigs', ['cbgppeer'], ['v2', 'v2alpha1'], false),
  cilium('CiliumBGPAdvertisement', 'ciliumbgpadvertisements', ['cbgpadvert'], ['v2', 'v2alpha1'], false),
  cilium('CiliumBGPNodeConfig', 'ciliumbgpnodeconfigs', ['cbgpnode'], ['v2', 'v2alpha1'], false),
  cilium(
    'CiliumBGPNodeConfigOverride',
    'ciliumbgpnodeconfigoverrides',
    ['cbgpnodeoverride'],
    ['v2', 'v2alpha1'],
    false,
  ),
  azure('NodeNetworkConfig', 'nodenetworkconfigs', ['nnc'], 'v1alpha', true, [
    { name: 'Requested IPs', type: 'string', jsonPath: '.spec.requestedIPCount' },
    { name: 'Allocated IPs', type: 'integer', jsonPath: '.status.assignedIPCount' },
    { name: 'Subnet', type: 'string', jsonPath: '.status.networkContainers[*].subnetName' },
    { name: 'Status', type: 'string', jsonPath: '.status.status' },
  ]),
  azure('ClusterSubnetState', 'clustersubnetstates', [], 'v1alpha1', true),
  azure('ContainerNetworkLog', 'containernetworklogs', [], 'v1alpha1', false),
  azure('ContainerNetworkMetric', 'containernetworkmetrics', [], 'v1alpha1', false),
];

/** The CustomResourceDefinitions, to be given to `store.create`, which from then on serves their kinds. */
export function customResourceDefinitions(): readonly KubeObject[] {
  return briefs.map(definitionOf);
}

function cilium(kind: string, plural: string, shortNames: string[], versions: string[], namespaced: boolean): Brief {
  return { kind, plural, shortNames, versions, namespaced, columns: [age] };
}

function azure(
  kind: string,
  plural: string,
  shortNames: string[],
  version: string,
  namespaced: boolean,
  columns: Column[] = [age],
): Brief {
  return {
    group: 'acn.azure.com',
    kind,
    plural,
    shortNames,
    versions: [version],
    namespaced,
    status: true,
    columns,
    categories: [],
  };
}

function definitionOf(brief: Brief): KubeObject {
  const group = brief.group ?? 'cilium.io';
  const categories = brief.categories ?? ['cilium'];
  const names = {
    plural: brief.plural,
    singular: brief.kind.toLowerCase(),
    kind: brief.kind,
    listKind: `${brief.kind}List`,
    ...(brief.shortNames === undefined || brief.shortNames.length === 0 ? {} : { shortNames: brief.shortNames }),
    ...(categories.length === 0 ? {} : { categories }),
  };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${brief.plural}.${group}` },
    spec: {
      group,
      names,
      scope: brief.namespaced ? 'Namespaced' : 'Cluster',
      versions: brief.versions.map((version, index) => ({
        name: version,
        served: true,
        storage: index === 0,
        schema: { openAPIV3Schema: brief.schema ?? anySchema },
        ...(brief.status === true ? { subresources: { status: {} } } : {}),
        ...(brief.columns === undefined ? {} : { additionalPrinterColumns: brief.columns }),
      })),
      conversion: { strategy: 'None' },
    },
    status: {
      acceptedNames: names,
      conditions: [
        { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' },
        {
          type: 'Established',
          status: 'True',
          reason: 'InitialNamesAccepted',
          message: 'the initial names have been accepted',
        },
      ],
      storedVersions: [brief.versions[0]],
    },
  };
}
