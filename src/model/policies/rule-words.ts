import type { AskedPort } from './asked-ports.ts';
import type { L7, Peer, PortRule, Remark, Rule, Spec } from './rule.ts';
import { entityWords, peerSelectorWords, podSelectorWords } from './selector-words.ts';

/**
 * A rule as a plain sentence: `from pods app=checkout in namespace shop, or from any node, to 8080/TCP and http/TCP;
 * HTTP is inspected (GET /api)`. `remarks` are those of its policy: what has no effect is said.
 */
export function ruleWords(rule: Rule, remarks: readonly Remark[] = []): string {
  return [mainWords(rule), ...besides(rule), ...remarksOf(rule, remarks)].join('; ');
}

/** Whom a spec is about: `pods app=back in namespace shop`, `nodes pool=web (a host policy)`. */
export function subjectWords({ subject: { type, selector, text } }: Spec): string {
  if (type === 'pods') return podSelectorWords(selector);
  return `${text === '' ? 'all nodes' : `nodes ${text}`} (a host policy)`;
}

/** `80/TCP`, `8000-8080/TCP`, `http/TCP`, `53 (any protocol)`, `every UDP port`, `ICMP type 8`. */
export function portRuleWords(port: PortRule): string {
  if (port.type === 'icmp') return `${port.family === 'IPv4' ? 'ICMP' : 'ICMPv6'} type ${port.icmpType}`;
  const any = port.protocols.length === 3;
  const protocols = port.protocols.join('|');
  if (port.name === '' && port.port === 0) return any ? 'every port' : `every ${protocols} port`;
  const number = port.port === port.endPort ? `${port.port}` : `${port.port}-${port.endPort}`;
  return `${port.name === '' ? number : port.name}${any ? ' (any protocol)' : `/${protocols}`}`;
}

/** `5432/TCP`, `ICMP type 8`; `every other TCP port` of one that stands for all that nobody names. */
export function portName({ port, protocol, other }: AskedPort): string {
  if (protocol === 'ICMP') return `ICMP type ${port}`;
  return other ? `every other ${protocol} port` : `${port}/${protocol}`;
}

function mainWords(rule: Rule): string {
  const { direction, deny, peers, ports } = rule;
  if (peers.length === 0) {
    if (!rule.defaultDeny) return 'names nobody: it has no effect';
    return deny ? `isolates in ${direction}, denies nobody by name` : `isolates in ${direction}, allows nothing`;
  }
  if (ports !== 'all' && ports.length === 0) return 'names no port: it lets nothing through';
  const way = direction === 'ingress' ? 'from' : 'to';
  const who = several(
    peerWords(peers).map((one) => `${way} ${one}`),
    ', or ',
  );
  const what = ports === 'all' ? 'every port' : several([...new Set(ports.map(portRuleWords))], ', ', ' and ');
  return `${deny ? 'denies ' : ''}${who}${who.includes(', ') ? ',' : ''} ${direction === 'ingress' ? 'to' : 'on'} ${what}`;
}

function peerWords(peers: readonly Peer[]): readonly string[] {
  const words = [...new Set(peers.map(onePeer))];
  const [own, other] = [entityWords('host'), entityWords('remote-node')];
  if (!words.includes(own) || !words.includes(other)) return words;
  return words.filter((one) => one !== other).map((one) => (one === own ? 'any node' : one));
}

function onePeer(peer: Peer): string {
  switch (peer.type) {
    case 'any':
      return 'anybody';
    case 'labels':
      if (peer.text.startsWith('entity ')) return entityWords(peer.text.slice('entity '.length));
      return peer.text === peer.selector.id ? peerSelectorWords(peer.selector) : peer.text;
    case 'addresses':
      if (peer.cidr.bits === 0 && peer.except.length === 0 && !peer.text.includes(' '))
        return `any ${peer.cidr.base.length === 4 ? 'IPv4' : 'IPv6'} address outside the cluster`;
      return `addresses ${peer.text}`;
    case 'names':
      return peer.pattern.text.includes('*') ? `names like ${peer.text}` : `what ${peer.text} resolves to`;
    case 'group':
      return `the addresses of ${peer.text}`;
    case 'service':
      return peer.text;
    case 'nobody':
      return `nobody (${peer.text})`;
    case 'unknown':
      return `${peer.text} (${peer.reason})`;
  }
}

const L7_WORDS = {
  http: 'HTTP is inspected',
  dns: 'DNS queries are inspected',
  tls: 'TLS server names are inspected',
  kafka: 'Kafka is inspected',
  other: 'a proxy looks at it',
} as const;

/** `HTTP is inspected (GET /api)`. */
export function l7Words({ type, text }: L7): string {
  return `${L7_WORDS[type]}${text === '' ? '' : ` (${text})`}`;
}

function besides(rule: Rule): readonly string[] {
  const { ports, direction } = rule;
  const l7 = ports === 'all' ? [] : inspections(ports);
  const isolates = !rule.defaultDeny && rule.peers.length > 0 ? [`isolates nobody in ${direction}`] : [];
  return [
    ...new Set(l7),
    ...isolates,
    ...(rule.authentication === '' ? [] : ['both ends must prove who they are (mutual authentication)']),
    ...(rule.requires ? [`${direction === 'ingress' ? 'fromRequires' : 'toRequires'} is not evaluated`] : []),
    ...(rule.outsidePolicyTypes ? ['stands outside policyTypes: Cilium takes it all the same'] : []),
    ...(rule.doubt === '' ? [] : [`not certain: ${rule.doubt}`]),
  ];
}

/** Where only some of the ports are looked into, which. */
function inspections(ports: readonly PortRule[]): readonly string[] {
  const all = ports.every((one) => one.type === 'transport' && one.l7);
  return ports.flatMap((one) => {
    if (one.type !== 'transport' || !one.l7) return [];
    return all ? [l7Words(one.l7)] : [`on ${portRuleWords(one)} ${l7Words(one.l7)}`];
  });
}

function remarksOf({ path, direction }: Rule, remarks: readonly Remark[]): readonly string[] {
  const full = path.startsWith('specs[') ? path : `spec.${path === '' ? direction : path}`;
  return remarks
    .filter((one) => one.id !== 'outside-policy-types' && one.id !== 'seed-annotation')
    .filter((one) => one.path === full || one.path.startsWith(`${full}.`))
    .map((one) => `${one.path === full ? '' : `${one.path.slice(full.length + 1)}: `}${one.text}`);
}

/** Of long lists the first few: a group of CIDRs may hold thousands. */
const MOST = 8;

function several(words: readonly string[], between: string, last = between): string {
  if (words.length > MOST) return `${words.slice(0, MOST).join(between)} and ${words.length - MOST} more`;
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(between)}${last}${words.at(-1)}`;
}
