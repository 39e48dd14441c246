import { list, record } from '../objects/raw.ts';
import type { RawObject } from '../objects/row.ts';

/**
 * A managed cluster as ARM told it, without what only ARM writes: the fields that Microsoft's own client (API version
 * 2026-06-01) calls read-only, and a pool's node image, which written back means a rollback. Everything else stays,
 * whether anybody here knows it or not.
 */
export function writableBody(raw: RawObject): RawObject {
  const { id: _, name: __, type: ___, systemData: ____, eTag: _e, etag: _g, ...top } = raw;
  const properties = without(record(raw.properties), propertiesOfArm);
  return {
    ...top,
    ...within(top, 'identity', (identity) => ({
      ...without(identity, ['principalId', 'tenantId']),
      ...within(identity, 'userAssignedIdentities', (ids) =>
        mapped(ids, (one) => without(record(one), ['principalId', 'clientId'])),
      ),
    })),
    properties: {
      ...properties,
      ...(Array.isArray(properties.agentPoolProfiles)
        ? { agentPoolProfiles: list(properties.agentPoolProfiles, Number.POSITIVE_INFINITY).map(poolOf) }
        : {}),
      ...within(properties, 'addonProfiles', (addons) => mapped(addons, (one) => without(record(one), ['identity']))),
      ...within(properties, 'oidcIssuerProfile', (issuer) => without(issuer, ['issuerURL'])),
      ...within(properties, 'networkProfile', (network) => ({
        ...network,
        ...within(network, 'loadBalancerProfile', (one) => without(one, ['effectiveOutboundIPs'])),
        ...within(network, 'natGatewayProfile', (one) => without(one, ['effectiveOutboundIPs'])),
      })),
    },
  };
}

const propertiesOfArm = [
  'provisioningState',
  'powerState',
  'maxAgentPools',
  'currentKubernetesVersion',
  'fqdn',
  'privateFQDN',
  'azurePortalFQDN',
  'resourceUID',
  'status',
];

/** powerState of a pool is written: a stopped pool must stay stopped. */
function poolOf(pool: unknown): RawObject {
  const { localDNSProfile } = record(pool);
  return {
    ...without(record(pool), [
      'eTag',
      'currentOrchestratorVersion',
      'provisioningState',
      'nodeImageVersion',
      'status',
      'virtualMachineNodesStatus',
    ]),
    ...(localDNSProfile === undefined ? {} : { localDNSProfile: without(record(localDNSProfile), ['state']) }),
  };
}

function without(object: RawObject, names: readonly string[]): RawObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

/** The field changed, where it is there and an object. */
function within(object: RawObject, name: string, change: (inner: RawObject) => RawObject): RawObject {
  const inner = object[name];
  return typeof inner === 'object' && inner !== null && !Array.isArray(inner)
    ? { [name]: change(inner as RawObject) }
    : {};
}

function mapped(object: RawObject, change: (one: unknown) => RawObject): RawObject {
  return Object.fromEntries(Object.entries(object).map(([name, one]) => [name, change(one)]));
}
