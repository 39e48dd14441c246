import type { Protocol } from '../model/policies/rule.ts';

/** As far as it was typed: '' where an end is not named yet; port 0 = the target's own ports. */
export type TypedQuestion = { from: string; to: string; port: number; protocol: Protocol };

/**
 * What was typed after `:why`: `pay/checkout shop/db:5432`, `shop/db [fd00::1]:53/UDP`, `shop/db entity:world 443`. A
 * sentence where it cannot be understood.
 */
export function readQuestion(words: readonly string[]): TypedQuestion | string {
  const [from = '', to = '', port = '', ...rest] = words;
  if (rest.length > 0) return `There are two ends and a port, and "${rest.join(' ')}" is neither.`;
  const target = splitPort(to);
  const source = splitPort(from);
  if (source.port !== '' && to !== '') return `${from} connects from a port of its own choice: name only the target's.`;
  const text = port || target.port || source.port;
  const asked = text === '' ? ownPorts : readPort(text);
  if (asked === undefined) return `"${text}" is no port: 5432, 53/UDP, or 8/ICMP for a type of ICMP.`;
  // One end with a port is the one that is connected to.
  return source.port === '' ? { from: source.end, to: target.end, ...asked } : { from: '', to: source.end, ...asked };
}

/** The port as it is written in a view's args: `5432/TCP`, '' = the target's own. */
export function portArgument({ port, protocol }: Pick<TypedQuestion, 'port' | 'protocol'>): string {
  return port === 0 && protocol !== 'ICMP' ? '' : `${port}/${protocol}`;
}

const ownPorts = { port: 0, protocol: 'TCP' } as const;
const PORT = /^(\d{1,5})(?:\/(tcp|udp|sctp|icmp))?$/i;

function readPort(text: string): { port: number; protocol: Protocol } | undefined {
  const [, digits = '', protocol = 'TCP'] = PORT.exec(text) ?? [];
  const port = Number(digits);
  const known = protocol.toUpperCase() as Protocol;
  const [least, most] = known === 'ICMP' ? [0, 255] : [1, 65_535];
  return digits === '' || port < least || port > most ? undefined : { port, protocol: known };
}

/** `fqdn:` and `entity:` are part of a name, and so are the colons of an IPv6 address: a port behind one stands after `]:`. */
function splitPort(text: string): { end: string; port: string } {
  const [, address = '', after = ''] = /^\[([^\]]*)\](?::(.*))?$/.exec(text) ?? [];
  if (address !== '') return { end: address, port: after };
  const [, sort = '', rest = ''] = /^((?:fqdn|entity):)?(.*)$/.exec(text) ?? [];
  const [name = '', port = '', ...more] = rest.split(':');
  return more.length > 0 || port === '' ? { end: text, port: '' } : { end: sort + name, port };
}
