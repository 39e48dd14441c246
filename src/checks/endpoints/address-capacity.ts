import { addresses } from '../../model/capacity.ts';
import { clock } from '../../model/clock.ts';
import { earliest } from '../agents/sick-agents.ts';
import type { Check, Suspect } from '../check.ts';
import { startsNoPods } from '../starts-no-pods.ts';
import { atMost, count, names } from '../words.ts';

type Exhausted = Suspect & { text: string; of: 'subnet' | 'node' };

export const addressCapacity: Check<Exhausted> = {
  id: 'endpoints/address-capacity',
  title: 'Pod addresses run out',
  why: 'The subnet or range pods get their addresses from is used up. Pods that run keep theirs; new ones wait in ContainerCreating.',
  severity: 'error',
  needs: ['nodes', 'nodeNetworkConfigs', 'clusterSubnetStates', 'ciliumNodes'],
  noneIfMissing: ['nodeNetworkConfigs', 'clusterSubnetStates'],
  uses: ['pods'],
  graceMs: 2 * 60_000,
  everyMs: 5_000,
  explains: startsNoPods,
  look(snapshot) {
    const { exhaustedSubnets, refused, errors } = addresses(snapshot);
    return [
      ...exhaustedSubnets.map(
        (row): Exhausted => ({
          object: { kind: 'ClusterSubnetState', namespace: row.namespace, name: row.name },
          reread: [{ kind: 'clusterSubnetStates', namespace: row.namespace, name: row.name }],
          ...(row.changed > 0 ? { since: row.changed } : {}),
          text: `ClusterSubnetState ${row.name}: exhausted${row.changed > 0 ? `, told at ${clock(row.changed)}` : ''}`,
          of: 'subnet',
        }),
      ),
      ...refused
        .filter(({ reason }) => /SubnetFull/i.test(reason))
        .map(
          ({ config, reason }): Exhausted => ({
            object: { kind: 'NodeNetworkConfig', namespace: config.namespace, name: config.name },
            node: config.name,
            ...(config.changed > 0 ? { since: config.changed } : {}),
            reread: [{ kind: 'nodeNetworkConfigs', namespace: config.namespace, name: config.name }],
            text: `NodeNetworkConfig ${config.name}: ${reason}, has ${config.assigned}, asks for ${config.requested}`,
            of: 'node',
          }),
        ),
      ...errors
        .filter(({ error }) => /exhaust|full|no more|not enough|unable to allocate/i.test(error))
        .map(
          ({ node, error }): Exhausted => ({
            object: { kind: 'CiliumNode', name: node },
            node,
            reread: [{ kind: 'ciliumNodes', namespace: '', name: node }],
            text: `CiliumNode ${node}: ${error}`,
            of: 'node',
          }),
        ),
    ];
  },
  tell(suspects, snapshot) {
    const { used, capacity } = addresses(snapshot);
    const subnets = suspects.filter(({ of }) => of === 'subnet').map(({ object }) => object.name);
    const nodes = suspects.filter(({ of }) => of === 'node');
    const what = subnets.length > 0 ? `pod subnet ${names(subnets)} exhausted` : 'no addresses left for pods';
    return [
      {
        title: nodes.length > 0 ? `${what}: ${count(nodes.length, 'node')} refused` : what,
        objects: suspects.map(({ object }) => object),
        evidence: [
          ...(capacity > 0
            ? [`${count(used, 'endpoint')}, ${count(capacity, 'address', 'addresses')} handed to nodes`]
            : []),
          ...atMost(
            suspects.map(({ text }) => text),
            6,
            'node',
          ),
        ],
        ...earliest(suspects),
        reach: nodes.length > 0 ? count(nodes.length, 'node') : 'the cluster',
        next: 'Add a node pool with another pod subnet and move workload there; a subnet in use cannot be enlarged.',
      },
    ];
  },
};
