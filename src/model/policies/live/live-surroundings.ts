import { isDeepStrictEqual } from 'node:util';
import { kinds } from '../../kinds.ts';
import type { Labels, Row } from '../../objects/row.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { PolicyFacts } from '../facts.ts';
import { TIERED_SOURCES } from '../read-facts.ts';
import { readTieredPolicy } from '../read-tiered-policy.ts';
import { groupFacts, namespaceLabels, nodeFacts } from '../row-facts.ts';
import { type ChangedRows, createFollower } from './changed-rows.ts';

/** Namespaces, nodes and what else there are few of. Each stays the same value until something in it changed. */
export type LiveSurroundings = { follow(snapshot: Snapshot): SurroundingsNow };

export type SurroundingsNow = Pick<PolicyFacts, 'namespaces' | 'nodes' | 'groups' | 'tiered'> & {
  /** Namespaces whose labels are others than the last time. */
  moved: ReadonlySet<string>;
};

export function createLiveSurroundings(): LiveSurroundings {
  const follower = createFollower();
  let known: Omit<SurroundingsNow, 'moved'> = { namespaces: new Map(), nodes: [], groups: [], tiered: [] };

  return {
    follow({ tables }) {
      const before = known;
      const namespaces = follower.read(tables.namespaces);
      const nodes = follower.read(tables.nodes);
      const groups = follower.read(tables.ciliumCidrGroups);
      const tiered = TIERED_SOURCES.map((id) => follower.read(tables[id]));
      const labels = (row: { labels: Labels }) => row.labels;
      known = {
        namespaces: isSame(namespaces, labels)
          ? before.namespaces
          : new Map([...tables.namespaces.rows.values()].map((row) => [row.name, namespaceLabels(row)])),
        nodes: isSame(nodes, (row) => [row.labels, row.addresses])
          ? before.nodes
          : [...tables.nodes.rows.values()].map(nodeFacts),
        groups: isSame(groups, (row) => [row.labels, row.cidrs])
          ? before.groups
          : [...tables.ciliumCidrGroups.rows.values()].map(groupFacts),
        tiered: tiered.every((one) => isSame(one, ({ subject, ingress, egress }) => [subject, ingress, egress]))
          ? before.tiered
          : TIERED_SOURCES.flatMap((id) =>
              [...tables[id].rows.values()].map((row) => readTieredPolicy(row, kinds[id].kind)),
            ),
      };
      return { ...known, moved: movedFrom(before.namespaces, known.namespaces) };
    },
  };
}

/** Rows change for many reasons; a node every few minutes for none. */
function isSame<R extends Row>({ none, changes }: ChangedRows<R>, telling: (row: R) => unknown): boolean {
  if (none || !changes) return none;
  return changes.every(({ before, after }) => before && after && isDeepStrictEqual(telling(before), telling(after)));
}

function movedFrom(before: ReadonlyMap<string, Labels>, after: ReadonlyMap<string, Labels>): ReadonlySet<string> {
  if (before === after) return new Set();
  const names = [...before.keys(), ...after.keys()];
  return new Set(names.filter((name) => !isDeepStrictEqual(before.get(name), after.get(name))));
}
