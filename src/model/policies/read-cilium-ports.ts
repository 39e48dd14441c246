import { list, record, text } from '../objects/raw.ts';
import type { RawObject } from '../objects/row.ts';
import { icmpType } from './icmp-types.ts';
import { type L7Kind, l7Text, shortened } from './l7-text.ts';
import { lastPort, type Modes } from './modes.ts';
import { exactName, namePattern } from './name-pattern.ts';
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
    checkL7(item, kinds, ports.map(record), at, place, reading);
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

/** Cilium's own refusals about layer 7 (domain §7.3, toPorts). */
function checkL7(
  item: RawObject,
  kinds: readonly L7Kind[],
  ports: readonly RawObject[],
  path: string,
  place: RulePlace,
  reading: Reading,
): void {
  const problem = problemAt(reading, path);
  const ingress = place.part === 'ingress';
  const names = listAt(item.serverNames, `${path}.serverNames`, reading);
  if (names.includes('')) problem('an empty server name is not allowed');
  if (kinds.length > 0 && names.length > 0 && item.terminatingTLS == null)
    problem('serverNames are not allowed with L7 rules without TLS termination');
  if (item.listener != null && ingress) problem('a listener is not allowed on ingress');
  if (item.listener != null && kinds.length > 0) problem('a listener is not allowed with L7 rules');
  if (kinds.length === 0) return;
  if (Object.values(record(item.rules)).filter((one) => one != null).length > (kinds.includes('l7proto') ? 2 : 1))
    problem('more than one type of L7 rules in one item');
  if (!place.modes.l7Proxy) problem(kinds.includes('dns') ? NO_DNS_PROXY : NO_L7_PROXY);
  if (kinds.includes('dns') && ingress) problem('DNS rules are not allowed on ingress');
  if (place.host && (ingress || !kinds.includes('dns'))) problem('host policies do not support L7 rules');
  for (const name of list(record(item.rules).dns)) checkName(record(name), problem);
  if (kinds.includes('dns') && ports.length === 0) problem('port 53 must be specified for DNS rules');
  for (const { port, protocol, endPort } of ports) {
    if (port === '0') problem('L7 rules cannot be used with port 0');
    if (kinds.includes('dns') && Number(endPort ?? 0) > Number(port)) problem('DNS rules do not support port ranges');
    if (!kinds.includes('dns') && protocol !== 'TCP')
      problem(`L7 rules can only apply to TCP (not ${text(protocol ?? 'ANY')}) except for DNS rules`);
  }
}

/** How a policy is refused for want of a proxy: lints know it by these. */
export const NO_DNS_PROXY = 'DNS rules need the L7 proxy, which is not enabled';
export const NO_L7_PROXY = 'L7 rules need the L7 proxy, which is not enabled';

function checkName({ matchName, matchPattern }: RawObject, problem: (text: string) => void): void {
  const given = [matchName, matchPattern].filter((one) => one != null && one !== '');
  if (given.length !== 1) problem('a DNS rule needs exactly one of matchName and matchPattern');
  else if (!(matchName === given[0] ? exactName(matchName) : namePattern(matchPattern)))
    problem(`"${text(given[0])}" is no name or pattern`);
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
    const fields = listAt(objectAt(one, `${path}[${index}]`, reading).fields, at, reading);
    if (fields.length > MOST_FIELDS) problemAt(reading, at)(`too many types, the max is ${MOST_FIELDS}`);
    return fields.map((field, number): PortRule => {
      const { family = 'IPv4', type } = objectAt(field, `${at}[${number}]`, reading);
      const problem = problemAt(reading, `${at}[${number}]`);
      if (family !== 'IPv4' && family !== 'IPv6') problem(`wrong family: ${text(family)}`);
      const known = family === 'IPv6' ? 'IPv6' : 'IPv4';
      const found = icmpType(known, type);
      if (found === undefined) problem(`"${text(type)}" is no ICMP type of ${known}`);
      return { type: 'icmp', family: known, icmpType: found ?? -1 };
    });
  });
}
