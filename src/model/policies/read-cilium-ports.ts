import { list, record, text } from '../objects/raw.ts';
import type { RawObject } from '../objects/row.ts';
import { checkCiliumL7 } from './check-cilium-l7.ts';
import { icmpType } from './icmp-types.ts';
import { type L7Kind, l7Text, shortened } from './l7-text.ts';
import { lastPort, type Modes } from './modes.ts';
import {
  isPortName,
  listAt,
  noteIgnoredRange,
  noteUnknownFields,
  objectAt,
  problemAt,
  type Reading,
  type RulePlace,
} from './reading.ts';
import type { L7, PortRule, Protocol } from './rule.ts';

const MOST_PORTS = 40;

/** The ports of a rule, ORed; undefined where it names none (`toPorts: []` too). An item without ports covers nothing. */
export function readCiliumPorts(
  raw: unknown,
  path: string,
  place: RulePlace,
  doubts: string[],
  reading: Reading,
): readonly PortRule[] | undefined {
  const items = listAt(raw, path, reading);
  if (items.length === 0) return undefined;
  const deny = place.part.endsWith('Deny');
  return items.flatMap((one, index) => {
    const at = `${path}[${index}]`;
    const item = objectAt(one, at, reading);
    const known = ['ports', 'rules', 'serverNames', 'terminatingTLS', 'originatingTLS', 'listener'];
    noteUnknownFields(item, deny ? ['ports'] : known, at, reading);
    const ports = listAt(item.ports, `${at}.ports`, reading);
    if (ports.length > MOST_PORTS) problemAt(reading, at)(`too many ports, the max is ${MOST_PORTS}`);
    const kinds = deny ? [] : l7Kinds(item);
    if (!deny) checkCiliumL7(item, ports.map(record), at, place, reading);
    if (kinds.includes('kafka') && !place.modes.kafka)
      doubts.push('whether this Cilium still takes Kafka rules is not known');
    const l7 = deny ? undefined : proxied(item, kinds);
    return ports.map((port, number) => readPort(port, `${at}.ports[${number}]`, l7, place.modes, doubts, reading));
  });
}

function l7Kinds(item: RawObject): readonly L7Kind[] {
  const rules = record(item.rules);
  const written = (['http', 'dns', 'kafka'] as const).filter((kind) => list(rules[kind]).length > 0);
  return typeof rules.l7proto === 'string' && rules.l7proto !== '' ? [...written, 'l7proto'] : written;
}

/** What the rule hands to a proxy, if anything: no requests are judged here, only that they will be (domain §7.1.5). */
function proxied(item: RawObject, [kind]: readonly L7Kind[]): L7 | undefined {
  if (kind) {
    const everyName = kind === 'dns' && list(record(item.rules).dns).some(isEveryName);
    const type = kind === 'l7proto' ? 'other' : kind;
    return { type, text: l7Text(item, kind), ...(everyName ? { everyName } : {}) };
  }
  const names = list(item.serverNames);
  if (names.length > 0 || item.terminatingTLS != null || item.originatingTLS != null)
    return { type: 'tls', text: shortened(names.map((one) => text(one))) };
  return item.listener == null ? undefined : { type: 'other', text: '' };
}

function isEveryName(dns: unknown): boolean {
  const { matchPattern } = record(dns);
  return typeof matchPattern === 'string' && /^\*+\.?$/.test(matchPattern);
}

const PROTOCOLS: ReadonlyMap<unknown, readonly Protocol[]> = new Map(
  Object.entries({
    TCP: ['TCP'],
    UDP: ['UDP'],
    SCTP: ['SCTP'],
    // ICMP is not among them: only icmps and rules without ports let it through.
    ANY: ['TCP', 'UDP', 'SCTP'],
  }),
);

/** Without ports; nothing that is asked about here is one of them (domain §7.3, enable-extended-ip-protocols). */
const EXTENDED: readonly unknown[] = ['VRRP', 'IGMP', 'GRE', 'IPIP', 'ESP', 'AH'];
const NO_TRANSPORT: PortRule = {
  type: 'transport',
  protocols: [],
  port: 0,
  endPort: 65_535,
  name: '',
  l7: undefined,
};

function readPort(
  raw: unknown,
  path: string,
  l7: L7 | undefined,
  modes: Modes,
  doubts: string[],
  reading: Reading,
): PortRule {
  const written = objectAt(raw, path, reading);
  const problem = problemAt(reading, path);
  noteUnknownFields(written, ['port', 'endPort', 'protocol'], path, reading);
  const { port, endPort, protocol } = written;
  const protocols = protocol == null || protocol === '' ? PROTOCOLS.get('ANY') : PROTOCOLS.get(protocol);
  if (modes.extendedProtocols && EXTENDED.includes(protocol)) return NO_TRANSPORT;
  if (!protocols) problem(`protocol "${text(protocol)}" is none`);
  const base = { type: 'transport', protocols: protocols ?? [], l7 } as const;
  if (typeof port !== 'string' || port === '') {
    problem('port must be given, as a string');
    return { ...base, port: 0, endPort: 0, name: 'none' };
  }
  if (isPortName(port)) return { ...base, port: 0, endPort: 0, name: port.toLowerCase() };
  const number = /^(?:0|[1-9]\d{0,4})$/.test(port) ? Number(port) : Number.NaN;
  if (!(number <= 65_535)) problem(`"${text(port)}" is no port`);
  const last = endPort ?? 0;
  if (typeof last !== 'number' || !Number.isInteger(last) || last < 0 || last > 65_535)
    problem('endPort is no port number');
  // An endPort that does not lie above the port is of no account (Cilium's PortRangeToMaskedPorts).
  const honoured = lastPort(number, Number(last), modes, doubts);
  noteIgnoredRange(Number(last), honoured, path, reading);
  // Port 0 is every port, but where a range begins with it.
  if (number === 0 && (honoured === 0 || honoured === 65_535)) return { ...base, port: 0, endPort: 65_535, name: '' };
  return { ...base, port: Math.max(number, 1), endPort: honoured, name: '' };
}

const MOST_FIELDS = 40;

/** The ICMP types of a rule, ORed; undefined where it names none. */
export function readCiliumIcmps(
  raw: unknown,
  path: string,
  modes: Modes,
  reading: Reading,
): readonly PortRule[] | undefined {
  const items = listAt(raw, path, reading);
  if (items.length === 0) return undefined;
  if (!modes.icmpRules) problemAt(reading, path)('icmps need enable-icmp-rules, which is off');
  return items.flatMap((one, index) => {
    const at = `${path}[${index}].fields`;
    const item = objectAt(one, `${path}[${index}]`, reading);
    noteUnknownFields(item, ['fields'], `${path}[${index}]`, reading);
    const fields = listAt(item.fields, at, reading);
    if (fields.length > MOST_FIELDS) problemAt(reading, at)(`too many types, the max is ${MOST_FIELDS}`);
    return fields.map((field, number): PortRule => {
      const written = objectAt(field, `${at}[${number}]`, reading);
      noteUnknownFields(written, ['family', 'type'], `${at}[${number}]`, reading);
      const { family = 'IPv4', type } = written;
      const problem = problemAt(reading, `${at}[${number}]`);
      if (family !== 'IPv4' && family !== 'IPv6') problem(`wrong family: ${text(family)}`);
      const known = family === 'IPv6' ? 'IPv6' : 'IPv4';
      const found = icmpType(known, type);
      if (found === undefined) problem(`"${text(type)}" is no ICMP type of ${known}`);
      return { type: 'icmp', family: known, icmpType: found ?? -1 };
    });
  });
}
