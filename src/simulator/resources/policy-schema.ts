import {
  anything,
  boolean,
  integer,
  list,
  object,
  oneOf,
  open,
  openObject,
  type Schema,
  string,
  stringMap,
} from './schema.ts';

// Cilium's Rule (cilium.io/v2 CiliumNetworkPolicy), as far as its fields are told apart; L7 rules are kept as they are.

const selector = object({
  matchLabels: stringMap,
  matchExpressions: list(
    object({ 'key!': string, 'operator!': oneOf('In', 'NotIn', 'Exists', 'DoesNotExist'), values: list(string) }),
  ),
});
const port = object({ port: string, endPort: integer, protocol: oneOf('TCP', 'UDP', 'SCTP', 'ANY') });
const toPorts = list(
  object({
    ports: list(port),
    rules: openObject,
    listener: openObject,
    originatingTLS: openObject,
    terminatingTLS: openObject,
    serverNames: list(string),
  }),
);
const entity = oneOf(
  'all',
  'world',
  'cluster',
  'host',
  'init',
  'ingress',
  'unmanaged',
  'remote-node',
  'health',
  'none',
  'kube-apiserver',
  'world-ipv4',
  'world-ipv6',
);
const cidrSet = list(open({ cidr: string, cidrGroupRef: string, except: list(string) }));
const icmps = list(object({ fields: list(open({ family: oneOf('IPv4', 'IPv6'), 'type!': anything })) }));
const authentication = object({ 'mode!': oneOf('disabled', 'required', 'test-always-fail') });
const requires = list(selector);

const fromFields = {
  fromEndpoints: list(selector),
  fromRequires: requires,
  fromCIDR: list(string),
  fromCIDRSet: cidrSet,
  fromEntities: list(entity),
  fromGroups: list(openObject),
  fromNodes: list(selector),
  icmps,
  toPorts,
};
const toFields = {
  toEndpoints: list(selector),
  toRequires: requires,
  toCIDR: list(string),
  toCIDRSet: cidrSet,
  toEntities: list(entity),
  toServices: list(openObject),
  toGroups: list(openObject),
  toNodes: list(selector),
  toFQDNs: list(open({ matchName: string, matchPattern: string })),
  icmps,
  toPorts,
};

const rule = object({
  endpointSelector: selector,
  nodeSelector: selector,
  ingress: list(object({ ...fromFields, authentication })),
  ingressDeny: list(object(fromFields)),
  egress: list(object({ ...toFields, authentication })),
  egressDeny: list(object(toFields)),
  labels: list(openObject),
  enableDefaultDeny: object({ ingress: boolean, egress: boolean }),
  description: string,
  log: object({ value: string }),
});

export const policySchema: Schema = object({
  spec: rule,
  specs: list(rule),
  status: openObject,
});
