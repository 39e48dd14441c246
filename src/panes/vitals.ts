import { type Addresses, addresses, type Identities, identities } from '../model/capacity.ts';
import { type Dns, dns } from '../model/dns.ts';
import type { SourceId } from '../model/link.ts';
import { type Operator, operator } from '../model/operator.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { type Tunnel, tunnel } from '../model/tunnel.ts';
import { age, number } from '../ui/text.ts';
import { seconds } from './lag-words.ts';
import { linkState } from './pane-state.ts';

/** One organ of the cluster: is it well, in a glyph and a few words. */
export type Vital = {
  id: 'operator' | 'dns' | 'tunnel' | 'slices' | 'ids' | 'ips';
  glyph: 'ok' | 'warning' | 'error' | 'unknown' | 'progress';
  /** `2/2 lease 4s`. */
  text: string;
  /** Its source is late: this is how it was last. */
  old?: boolean;
};

/** What stands on the overview in one line and on the cluster pane in full. Organs a cluster does not have are left out. */
export function vitals(snapshot: Snapshot, now: number): readonly Vital[] {
  const found = [
    ifLive(snapshot, systemSource(snapshot), 'operator', now, () => operatorVital(operator(snapshot, now))),
    ifLive(snapshot, systemSource(snapshot), 'dns', now, () => dnsVital(dns(snapshot, now))),
    ifLive(snapshot, systemSource(snapshot), 'tunnel', now, () => tunnelVital(tunnel(snapshot, now))),
    ifLive(snapshot, 'ciliumEndpointSlices', 'slices', now, () => slicesVital(snapshot, now)),
    ifLive(snapshot, 'ciliumIdentities', 'ids', now, () => identitiesVital(identities(snapshot))),
    ifLive(snapshot, 'ciliumEndpoints', 'ips', now, () => addressesVital(addresses(snapshot))),
  ];
  return found.filter((vital) => vital !== undefined);
}

/** Who may not read kube-system may still list Deployments of another namespace: that says nothing about these. */
function systemSource({ links }: Snapshot): SourceId {
  return links.get('systemPods')?.phase === 'forbidden' ? 'systemPods' : 'deployments';
}

/** Nothing is called well whose source is not read; a kind the server does not have is left out. */
function ifLive(
  snapshot: Snapshot,
  source: SourceId,
  id: Vital['id'],
  now: number,
  make: () => Vital | undefined,
): Vital | undefined {
  const link = snapshot.links.get(source);
  if (link?.phase === 'live') return make();
  if (link?.phase === 'missing') return undefined;
  // How old it is stands in the title of its block. What was sick is that still as far as we know; what was well is unknown.
  if (link?.phase === 'stale') {
    const known = make();
    return known && { ...known, glyph: known.glyph === 'ok' ? 'unknown' : known.glyph, old: true };
  }
  const state = linkState(source, link, 1, now);
  return { id, glyph: state.glyph === 'progress' ? 'progress' : 'unknown', text: short(state.text) };
}

function short(text: string): string {
  return text.startsWith('loading') ? 'loading' : (text.split(/[:,]/)[0] ?? text);
}

function operatorVital(found: Operator): Vital {
  const { workload, desired, ready, lease, pendingIsNormal } = found;
  if (workload === undefined) return { id: 'operator', glyph: 'unknown', text: 'none' };
  const enough = ready >= desired || (pendingIsNormal && ready >= desired - 1);
  const counts = `${ready}/${desired}`;
  if (lease === undefined)
    return { id: 'operator', glyph: ready === 0 ? 'error' : 'unknown', text: `${counts} no lease seen` };
  if (lease.expired) {
    return {
      id: 'operator',
      glyph: 'error',
      text: `${counts} ${lease.holder === '' ? 'no leader' : `lease ${age(lease.age)} old`}`,
    };
  }
  return {
    id: 'operator',
    glyph: ready === 0 ? 'error' : enough ? 'ok' : 'warning',
    text: `${counts} lease ${age(lease.age)}`,
  };
}

function dnsVital({ workload, desired, ready }: Dns): Vital {
  if (workload === undefined) return { id: 'dns', glyph: 'unknown', text: 'none' };
  return { id: 'dns', glyph: ready === 0 ? 'error' : ready < desired ? 'warning' : 'ok', text: `${ready}/${desired}` };
}

function tunnelVital({ workload, desired, ready }: Tunnel): Vital | undefined {
  if (workload === undefined) return undefined;
  return {
    id: 'tunnel',
    glyph: ready === 0 ? 'error' : ready < desired ? 'warning' : 'ok',
    text: `${ready}/${desired}`,
  };
}

/** Change to slice takes half a second plus the operator's queue; a minute of it is abnormal (Cilium's own metric help). */
const slowLagMs = 60_000;

/** What the verdict found in the objects themselves goes before what the watches saw since they began. */
function slicesVital(snapshot: Snapshot, now: number): Vital {
  const vital = watchedSlices(snapshot, now);
  const told = snapshot.judgement.findings.flatMap(({ severity, id, reach, explains = [] }) => {
    if (severity === 'note') return [];
    const about = [{ id, reach }, ...explains].filter((one) => /^endpoints\/(.*slice|address-conflict)/.test(one.id));
    return about.map((one) => ({ severity, id: one.id, reach: one.reach }));
  });
  const [worst] = told;
  if (worst === undefined) return vital;
  const lag = told.find(({ id }) => id === 'endpoints/slice-lag');
  // What came before we watched is in no slice either, and only the finding counts it.
  const missing = told.find(({ id }) => id === 'endpoints/missing-from-slices');
  const text = lag ? `${lag.reach} wait over 1m` : missing ? `${missing.reach} in no slice` : vital.text;
  return { ...vital, glyph: worst.severity, text };
}

function watchedSlices({ churn, tables }: Snapshot, now: number): Vital {
  const { endpointToSlice, waiting, waitingSince } = churn;
  const oldest = waiting > 0 && waitingSince > 0 ? now - waitingSince : 0;
  if (oldest > 5_000)
    return {
      id: 'slices',
      glyph: oldest > slowLagMs ? 'warning' : 'ok',
      text: `${number(waiting)} waiting ${age(oldest)}`,
    };
  if (endpointToSlice.count > 0) {
    return {
      id: 'slices',
      glyph: endpointToSlice.p99 > slowLagMs ? 'warning' : 'ok',
      text: `lag p99 ${seconds(endpointToSlice.p99)}`,
    };
  }
  return { id: 'slices', glyph: 'ok', text: number(tables.ciliumEndpointSlices.rows.size) };
}

function identitiesVital({ share }: Identities): Vital {
  const glyph = share >= 0.95 ? 'error' : share >= 0.8 ? 'warning' : 'ok';
  return { id: 'ids', glyph, text: percent(share) };
}

function addressesVital({ used, capacity, exhaustedSubnets, refused, errors }: Addresses): Vital | undefined {
  if (exhaustedSubnets.length > 0) return { id: 'ips', glyph: 'error', text: 'subnet full' };
  const denied = refused.length + errors.length;
  if (denied > 0) return { id: 'ips', glyph: 'error', text: `refused on ${number(denied)}` };
  if (capacity === 0) return undefined;
  const share = used / capacity;
  return { id: 'ips', glyph: share >= 0.95 ? 'error' : share >= 0.85 ? 'warning' : 'ok', text: percent(share) };
}

/** Never 0 % of something that is there, never 100 % of something not full. */
export function percent(share: number): string {
  if (share <= 0) return '0%';
  if (share < 0.01) return '<1%';
  return share < 1 ? `${Math.min(99, Math.round(share * 100))}%` : `${Math.round(share * 100)}%`;
}
