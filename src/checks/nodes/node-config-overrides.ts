import type { CiliumNodeConfigRow } from '../../model/objects/others.ts';
import type { Check, Suspect } from '../check.ts';
import { isManaged } from '../installation.ts';
import { atMost, count, names } from '../words.ts';

type Override = Suspect & { row: CiliumNodeConfigRow };

export const nodeConfigOverrides: Check<Override> = {
  id: 'nodes/node-config-overrides',
  title: 'CiliumNodeConfig on a managed cluster',
  why: 'A CiliumNodeConfig changes the agent for some nodes only. AKS does not support it: such nodes behave unlike the rest, and an upgrade may break on them.',
  severity: 'warning',
  needs: ['daemonSets', 'configMaps', 'ciliumNodeConfigs'],
  noneIfMissing: ['ciliumNodeConfigs'],
  look(snapshot) {
    // Where people run Cilium themselves, it is a feature like any other.
    if (!isManaged(snapshot)) return [];
    return [...snapshot.tables.ciliumNodeConfigs.rows.values()].map((row) => ({
      object: { kind: 'CiliumNodeConfig', namespace: row.namespace, name: row.name },
      row,
    }));
  },
  tell: (suspects) => [
    {
      title: `${count(suspects.length, 'CiliumNodeConfig')} ${suspects.length === 1 ? 'overrides' : 'override'} the agent's configuration`,
      objects: suspects.map(({ object }) => object),
      evidence: atMost(
        suspects.map(
          ({ row }) =>
            `CiliumNodeConfig ${row.namespace}/${row.name} on ${row.selector || 'all nodes'}: sets ${names(row.keys, 4) || 'nothing'}`,
        ),
        6,
      ),
      reach: count(suspects.length, 'object'),
      next: 'Find out who needs it; delete it and restart the agents of its nodes one by one.',
    },
  ],
};
