import { UserError } from '../errors.ts';
import { kinds } from '../model/kinds.ts';
import { list, record, text } from '../model/objects/raw.ts';
import type { RawObject } from '../model/objects/row.ts';
import { sanitiseLine } from '../model/sanitise.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { ApiKind } from '../model/writes.ts';
import type { Action, PlanWorld } from './action.ts';
import { withoutCilium } from './cilium-here.ts';
import { type Place, readLive, uidOf, versionOf } from './live-object.ts';
import { counted, someOf } from './names.ts';
import { planOf } from './plan-of.ts';

export type StaleSlice = { name: string };

/** So many endpoints are asked about at once. */
const atOnce = 5;
/** To look once more before it is sent, ms. */
const rereadMs = 20_000;

export const deleteStaleSlice: Action<StaleSlice> = {
  id: 'delete-stale-slice',
  title: 'delete a slice of stale entries',
  says: 'Deletes one CiliumEndpointSlice, and only where every entry in it is stale: its endpoint and its pod are gone. Slice, endpoints and pods are read anew for the plan and once more just before it is sent, and the slice must be of that uid and version then. A slice with any live entry is refused whatever is asked: until the operator made it anew, every agent would take those pods for strangers, and policies would drop their connections. Such a slice is mended by a restart of the operator’s leader.',
  dangerous: true,
  rights: [{ verb: 'delete', group: 'cilium.io', plural: 'ciliumendpointslices', namespace: '' }],
  refuses({ name }, snapshot) {
    const refusal = withoutCilium(snapshot);
    if (refusal !== undefined) return refusal;
    const live = liveIn(snapshot, name);
    return live.length === 0 ? undefined : liveWords(name, live);
  },
  async plan({ name }, world, signal) {
    const snapshot = world.snapshot();
    for (const source of ['ciliumEndpoints', 'ciliumEndpointSlices', 'pods', 'systemPods'] as const) {
      // Where endpoints cannot be seen, all entries look stale.
      if (snapshot.links.get(source)?.phase !== 'live')
        throw new UserError(`The watch of ${source} is not live: nobody can tell which entries are stale.`);
    }
    const watched = liveIn(snapshot, name);
    if (watched.length > 0) throw new UserError(liveWords(name, watched));
    const place = { resource: sliceKind, namespace: '', name };
    const live = await readLive(world, place, signal);
    if (live === undefined) throw new UserError(`There is no slice ${name} (any more).`, '', 'missing');
    const found = await stillThere(world, live, signal);
    if (found.length > 0) throw new UserError(liveWords(name, found));
    const stale = entriesOf(live);
    const plan = await planOf({
      action: 'delete-stale-slice',
      title: `delete slice ${name}`,
      request: { verb: 'delete', ...place, preconditions: { uid: uidOf(live), resourceVersion: versionOf(live) } },
      live,
      reach: [
        `${counted(stale.length, 'stale entry', 'stale entries')}${stale.length === 0 ? '' : `: ${someOf(stale.map(({ namespace, name: pod, ip }) => `${namespace}/${pod} (${ip})`))}`}`,
        'No pod, service or policy that exists: every agent forgets the addresses of these entries.',
      ],
      warnings: ['It is looked at once more before it is sent; one live entry, and nothing is sent.'],
      dangerous: true,
      world,
      signal,
      own: {
        sentence:
          stale.length === 0
            ? `Deletes CiliumEndpointSlice ${name}, which is empty.`
            : `All its ${stale.length} entries being stale, deletes CiliumEndpointSlice ${name}.`,
        undo: 'Not taken back: nobody wants stale entries again. What is live the operator places by itself.',
        noUndo: true,
      },
    });
    return plan;
  },
  async run(plan, world) {
    // No second try on another version: what came into it meanwhile may be live.
    const watched = liveIn(world.snapshot(), plan.object.name);
    const found = watched.length > 0 ? watched : await lookAgain(plan.before ?? {}, world);
    if (typeof found === 'string')
      return {
        outcome: 'refused',
        kind: 'unreachable',
        what: `It could not be looked at again: ${found}`,
        hint: 'Nothing was sent.',
      };
    if (found.length > 0)
      return {
        outcome: 'refused',
        kind: 'conflict',
        what: liveWords(plan.object.name, found),
        hint: 'Nothing was sent.',
      };
    return world.send(plan.request);
  },
};

type Entry = { namespace: string; name: string; ip: string };

const { group, plural, kind } = kinds.ciliumEndpointSlices;
const sliceKind: ApiKind = { group, version: 'v2alpha1', plural, kind };
const endpointKind: ApiKind = { group, version: 'v2', plural: 'ciliumendpoints', kind: 'CiliumEndpoint' };
const podKind: ApiKind = { group: '', version: 'v1', plural: 'pods', kind: 'Pod' };

async function lookAgain(slice: RawObject, world: Pick<PlanWorld, 'object'>): Promise<readonly string[] | string> {
  try {
    return await stillThere(world, slice, AbortSignal.timeout(rereadMs));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Entries whose endpoint or pod the watch shows, as `namespace/name`. */
function liveIn({ tables }: Snapshot, name: string): readonly string[] {
  const slice = tables.ciliumEndpointSlices.named('', name);
  if (slice === undefined) return [];
  const namespace = slice.endpointNamespace;
  const isLive = (pod: string) =>
    tables.ciliumEndpoints.named(namespace, pod) !== undefined || tables.pods.named(namespace, pod) !== undefined;
  return slice.endpoints.filter((entry) => isLive(entry.name)).map((entry) => `${namespace}/${entry.name}`);
}

/** The same as the server has it now. A CiliumEndpoint of that name makes it live, and a pod that may get one, too. */
async function stillThere(
  world: Pick<PlanWorld, 'object'>,
  slice: RawObject,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const waiting = [...entriesOf(slice)];
  const live: string[] = [];
  const worker = async () => {
    for (let entry = waiting.shift(); entry !== undefined; entry = waiting.shift()) {
      const { namespace, name } = entry;
      // Without a name nobody can be asked for, and nothing is known to be gone.
      if (namespace === '' || name === '') {
        live.push(`${namespace || '(no namespace)'}/${name || '(no name)'}`);
        continue;
      }
      const places: readonly Place[] = [endpointKind, podKind].map((resource) => ({ resource, namespace, name }));
      for (const place of places) {
        if ((await readLive(world, place, signal)) === undefined) continue;
        live.push(`${namespace}/${name}`);
        break;
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return live;
}

/** Names go into paths as they are, so they are read as they are. */
function entriesOf(slice: RawObject): readonly Entry[] {
  const namespace = typeof slice.namespace === 'string' ? slice.namespace : '';
  return list(slice.endpoints, 5_000)
    .map(record)
    .map((entry) => {
      const first = record(list(record(entry.networking).addressing, 1)[0]);
      return { namespace, name: String(entry.name ?? ''), ip: text(first.ipv4 ?? first.ipv6, 60) };
    });
}

function liveWords(name: string, live: readonly string[]): string {
  const some = someOf(live.map((one) => sanitiseLine(one, 200)));
  return `Slice ${name} has ${counted(live.length, 'live entry', 'live entries')} (${some}): it is never deleted. Restart the operator's leader instead: it takes out what is stale.`;
}
