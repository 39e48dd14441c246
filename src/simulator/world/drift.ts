// An operator bug, as there have been several: slices that do not say what the endpoints say.
import { sliceObject } from './cilium/slices.ts';
import type { Core } from './core.ts';
import type { CiliumEndpointSlice, SliceEntry } from './shapes.ts';

const OPERATOR = 'cilium-operator-generic';

/** Where drift shows: a namespace that is not replaced all the time. */
export function driftNamespace(core: Core): string {
  const names = [...new Set([...core.view.pods.values()].map((pod) => pod.namespace))]
    .filter((name) => name !== 'kube-system')
    .sort();
  return names.includes('ledger') ? 'ledger' : (names[names.length - 1] ?? '');
}

/** One each: missing, stale, in two slices, of another identity, stale with an address that was given away. */
export function drift(core: Core): void {
  const home = driftNamespace(core);
  const slices = core.list<CiliumEndpointSlice>('CiliumEndpointSlice').filter((slice) => slice.namespace === home);
  const slice = slices.sort((a, b) => b.endpoints.length - a.endpoints.length)[0];
  if (slice === undefined || slice.endpoints.length < 5) return;
  const [missing, renumbered, reused, doubled] = slice.endpoints.slice(-4) as [
    SliceEntry,
    SliceEntry,
    SliceEntry,
    SliceEntry,
  ];
  const other = slice.endpoints.find((entry) => entry.id !== renumbered.id)?.id ?? renumbered.id + 1;
  const gone = (entry: SliceEntry, ip: string): SliceEntry => ({
    ...entry,
    name: entry.name.replace(/[^-]+$/, core.random.suffix(5)),
    networking: { ...entry.networking, addressing: [{ ipv4: ip }] },
  });
  core.edit<CiliumEndpointSlice>('CiliumEndpointSlice', '', slice.metadata.name, OPERATOR, undefined, (object) => {
    const kept = object.endpoints.filter((entry) => entry.name !== missing.name);
    const known = kept.find((entry) => entry.name === renumbered.name);
    if (known !== undefined) known.id = other;
    const address = reused.networking.addressing[0]?.ipv4 ?? '';
    object.endpoints = [...kept, gone(missing, unusedNear(address)), gone(reused, address)];
    return undefined;
  });
  core.create(sliceObject(core.random.sliceName(), home, [doubled]), OPERATOR);
}

/** A slice that nobody keeps any more, of pods that are long gone. */
export function leaveSlice(core: Core): void {
  const home = driftNamespace(core);
  const slices = core.list<CiliumEndpointSlice>('CiliumEndpointSlice').filter((slice) => slice.namespace === home);
  const models = slices.flatMap(({ endpoints }) => endpoints).slice(0, 3);
  const taken = new Set([...core.view.pods.values()].map(({ ip }) => ip));
  const entries = models.map((entry): SliceEntry => {
    const address = entry.networking.addressing[0]?.ipv4 ?? '';
    const free = Array.from({ length: 253 }, (_, index) => address.replace(/\.\d+$/, `.${253 - index}`));
    const ipv4 = free.find((one) => !taken.has(one)) ?? unusedNear(address);
    taken.add(ipv4);
    return {
      ...entry,
      name: entry.name.replace(/[^-]+$/, core.random.suffix(5)),
      networking: { ...entry.networking, addressing: [{ ipv4 }] },
    };
  });
  if (entries.length > 0) core.create(sliceObject(core.random.sliceName(), home, entries), OPERATOR);
}

/** An address of the same node that CNS has not handed out: the last of its block. */
function unusedNear(ip: string): string {
  return ip.replace(/\.\d+$/, '.254');
}
