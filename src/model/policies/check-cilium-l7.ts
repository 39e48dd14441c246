// What the API server and Cilium refuse about layer 7 in an item of toPorts (domain §7.3, toPorts).
import { list, record, text } from '../objects/raw.ts';
import type { RawObject } from '../objects/row.ts';
import { isGoExpression } from './go-expression.ts';
import { exactName, namePattern } from './name-pattern.ts';
import { checkName, listAt, noteUnknownFields, objectAt, problemAt, type Reading, type RulePlace } from './reading.ts';

/** How a policy is refused for want of a proxy: lints know it by these. */
export const NO_DNS_PROXY = 'DNS rules need the L7 proxy, which is not enabled';
export const NO_L7_PROXY = 'L7 rules need the L7 proxy, which is not enabled';

/** `item` is one of toPorts, `ports` its ports. A list of rules that is there and empty is judged, too. */
export function checkCiliumL7(
  item: RawObject,
  ports: readonly RawObject[],
  path: string,
  place: RulePlace,
  reading: Reading,
): void {
  const problem = problemAt(reading, path);
  const ingress = place.part === 'ingress';
  const rules = objectAt(item.rules, `${path}.rules`, reading);
  const kinds = KINDS.filter((kind) => rules[kind] != null && rules[kind] !== '');
  checkTls(item, kinds.length > 0, path, reading);
  checkListener(item, path, reading);
  if (item.listener != null && ingress) problem('a listener is not allowed on ingress');
  if (item.listener != null && kinds.length > 0) problem('a listener is not allowed with L7 rules');
  if (item.rules == null) return;
  noteUnknownFields(rules, [...KINDS, 'l7'], `${path}.rules`, reading);
  if (kinds.length === 0) {
    problem(rules.l7 == null ? 'rules must name one of http, dns, kafka, l7proto' : 'l7 needs an l7proto');
    return;
  }
  if (kinds.length > 1) problem('more than one type of L7 rules in one item');
  const dns = kinds.includes('dns');
  if (!place.modes.l7Proxy) problem(dns ? NO_DNS_PROXY : NO_L7_PROXY);
  if (dns && ingress) problem('DNS rules are not allowed on ingress');
  if (place.host && (ingress || !dns)) problem('host policies do not support L7 rules');
  for (const kind of ['http', 'dns', 'kafka'] as const) {
    const at = `${path}.rules.${kind}`;
    for (const one of listAt(rules[kind], at, reading))
      checks[kind](objectAt(one, at, reading), problemAt(reading, at));
  }
  checkPorts(ports, dns, path, reading);
}

const KINDS = ['http', 'dns', 'kafka', 'l7proto'] as const;

function checkPorts(ports: readonly RawObject[], dns: boolean, path: string, reading: Reading): void {
  const problem = problemAt(reading, path);
  if (dns && ports.length === 0) problem('port 53 must be specified for DNS rules');
  for (const { port, protocol, endPort } of ports) {
    if (port === '0') problem('L7 rules cannot be used with port 0');
    if (dns && Number(endPort ?? 0) > Number(port)) problem('DNS rules do not support port ranges');
    if (!dns && protocol !== 'TCP')
      problem(`L7 rules can only apply to TCP (not ${text(protocol ?? 'ANY')}) except for DNS rules`);
  }
}

function checkTls(item: RawObject, hasRules: boolean, path: string, reading: Reading): void {
  const problem = problemAt(reading, path);
  const names = listAt(item.serverNames, `${path}.serverNames`, reading);
  if (names.includes('')) problem('an empty server name is not allowed');
  if (hasRules && names.length > 0 && item.terminatingTLS == null)
    problem('serverNames are not allowed with L7 rules without TLS termination');
  for (const end of ['terminatingTLS', 'originatingTLS'] as const) {
    if (item[end] == null) continue;
    const at = `${path}.${end}`;
    const tls = objectAt(item[end], at, reading);
    noteUnknownFields(tls, ['secret', 'trustedCA', 'certificate', 'privateKey'], at, reading);
    checkName(record(tls.secret).name, `${at}.secret.name`, reading);
  }
}

function checkListener(item: RawObject, path: string, reading: Reading): void {
  if (item.listener == null) return;
  const at = `${path}.listener`;
  const listener = objectAt(item.listener, at, reading);
  noteUnknownFields(listener, ['envoyConfig', 'name', 'priority'], at, reading);
  const { kind, name } = objectAt(listener.envoyConfig, `${at}.envoyConfig`, reading);
  checkName(listener.name, `${at}.name`, reading);
  checkName(name, `${at}.envoyConfig.name`, reading);
  if (kind != null && kind !== 'CiliumEnvoyConfig' && kind !== 'CiliumClusterwideEnvoyConfig')
    problemAt(reading, `${at}.envoyConfig.kind`)(`"${text(kind)}" is none`);
  const { priority } = listener;
  if (priority != null && !(Number.isInteger(priority) && Number(priority) >= 1 && Number(priority) <= 100))
    problemAt(reading, `${at}.priority`)('must be between 1 and 100');
}

type Check = (rule: RawObject, problem: (text: string) => void) => void;

const checks: Readonly<Record<'http' | 'dns' | 'kafka', Check>> = {
  http({ path, method, headerMatches }, problem) {
    for (const [name, pattern] of Object.entries({ path, method })) {
      if (typeof pattern === 'string' && !isGoExpression(pattern))
        problem(`${name}: "${text(pattern)}" is no expression`);
    }
    for (const one of list(headerMatches)) {
      const { name, mismatch } = record(one);
      if (typeof name !== 'string' || name === '') problem('headerMatches: name is required');
      if (mismatch != null && !['LOG', 'ADD', 'DELETE', 'REPLACE'].includes(String(mismatch)))
        problem(`headerMatches: mismatch "${text(mismatch)}" is none`);
    }
  },
  dns({ matchName, matchPattern }, problem) {
    const given = [matchName, matchPattern].filter((one) => one != null && one !== '');
    if (given.length !== 1) problem('a DNS rule needs exactly one of matchName and matchPattern');
    else if (!(matchName === given[0] ? exactName(matchName) : namePattern(matchPattern)))
      problem(`"${text(given[0])}" is no name or pattern`);
  },
  kafka({ role, apiKey, apiVersion, topic }, problem) {
    if (role && apiKey) problem('role and apiKey cannot stand together');
    if (role && role !== 'produce' && role !== 'consume') problem(`role "${text(role)}" is none`);
    if (apiVersion && !/^\d{1,5}$/.test(String(apiVersion))) problem(`apiVersion "${text(apiVersion)}" is none`);
    if (topic && !/^[A-Za-z0-9._-]{1,255}$/.test(String(topic))) problem(`topic "${text(topic)}" is none`);
  },
};
