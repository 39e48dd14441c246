import { record, text } from '../objects/raw.ts';
import type { RawObject } from '../objects/row.ts';
import { readCiliumPeers } from './read-cilium-peers.ts';
import { readCiliumIcmps, readCiliumPorts } from './read-cilium-ports.ts';
import { listAt, noteUnknownFields, objectAt, problemAt, type Reading, type RulePlace } from './reading.ts';
import type { Rule } from './rule.ts';

export type CiliumRule = Pick<Rule, 'peers' | 'ports' | 'authentication' | 'requires' | 'doubt'>;

const FROM = ['Endpoints', 'Requires', 'CIDR', 'CIDRSet', 'Entities', 'Groups', 'Nodes'];
const TO = [...FROM, 'Services'];

/** One item of ingress, ingressDeny, egress or egressDeny (domain §7.3). Peers and ports are ANDed. */
export function readCiliumRule(raw: RawObject, path: string, place: RulePlace, reading: Reading): CiliumRule {
  const ingress = place.part.startsWith('ingress');
  const deny = place.part.endsWith('Deny');
  const prefix = ingress ? 'from' : 'to';
  const known = (ingress ? FROM : TO).map((name) => `${prefix}${name}`).concat('toPorts', 'icmps');
  if (!deny) known.push('authentication');
  if (place.part === 'egress') known.push('toFQDNs');
  noteUnknownFields(raw, known, path, reading);

  const doubts: string[] = [];
  const ports = readCiliumPorts(raw.toPorts, `${path}.toPorts`, place, doubts, reading);
  const icmps = readCiliumIcmps(raw.icmps, `${path}.icmps`, place.modes, reading);
  if (ports && icmps) problemAt(reading, path)('icmps may only stand without toPorts: define a separate rule');
  const l4 = ports ?? icmps ?? 'all';
  const peers = readCiliumPeers(raw, path, place, ports !== undefined, doubts, reading);
  return {
    // Without peers the ports alone say who: everybody. Without ports either, nobody: the rule only isolates.
    peers: peers ?? (l4 === 'all' ? [] : [{ type: 'any' }]),
    ports: l4,
    authentication: deny ? '' : readAuthentication(raw.authentication, path, reading),
    requires: listAt(raw[`${prefix}Requires`], `${path}.${prefix}Requires`, reading).length > 0,
    doubt: doubts.join('; '),
  };
}

function readAuthentication(raw: unknown, path: string, reading: Reading): Rule['authentication'] {
  if (raw == null) return '';
  noteUnknownFields(objectAt(raw, `${path}.authentication`, reading), ['mode'], `${path}.authentication`, reading);
  const { mode } = record(raw);
  if (mode === 'required' || mode === 'test-always-fail') return mode;
  if (mode !== 'disabled') problemAt(reading, `${path}.authentication`)(`mode "${text(mode)}" is none`);
  return '';
}
