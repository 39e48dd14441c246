import ipaddr from 'ipaddr.js';
import type { ClusterEntry } from './kubeconfig.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy on the way to a cluster: its own `proxy-url`, else what the environment says; '' = none. The rules of Go's
 * http.ProxyFromEnvironment, which kubectl follows: loopback is never proxied, NO_PROXY lists names with their
 * subdomains, addresses, networks, each with an optional port.
 */
export function proxyFor(cluster: ClusterEntry, env: Environment): string {
  const own = cluster['proxy-url'];
  if (typeof own === 'string' && own !== '') return own;
  const url = new URL(cluster.server);
  const value = url.protocol === 'https:' ? either(env, 'HTTPS_PROXY') : either(env, 'HTTP_PROXY');
  if (value === '' || isExcepted(url, either(env, 'NO_PROXY'))) return '';
  return value.includes('://') ? value : `http://${value}`;
}

function either(env: Environment, name: string): string {
  return env[name] || env[name.toLowerCase()] || '';
}

function isExcepted(url: URL, noProxy: string): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const address = ipaddr.isValid(host) ? ipaddr.process(host) : undefined;
  if (host === 'localhost' || address?.range() === 'loopback') return true;
  return noProxy
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .some((entry) => entry !== '' && matches(entry, host, port, address));
}

function matches(entry: string, host: string, port: string, address: ipaddr.IPv4 | ipaddr.IPv6 | undefined): boolean {
  if (entry === '*') return true;
  if (ipaddr.isValidCIDR(entry)) {
    const [network, bits] = ipaddr.parseCIDR(entry);
    return address !== undefined && address.kind() === network.kind() && address.match(network, bits);
  }
  const [, name = entry, wantedPort] = /^(.*?)(?::(\d+))?$/.exec(ipaddr.isValid(entry) ? '' : entry) ?? [];
  const wanted = ipaddr.isValid(entry) ? entry : name;
  if (wantedPort !== undefined && wantedPort !== port) return false;
  if (ipaddr.isValid(wanted)) return address !== undefined && address.toString() === ipaddr.process(wanted).toString();
  const domain = wanted.replace(/^\*?\./, '');
  return host.endsWith(`.${domain}`) || (host === domain && !wanted.startsWith('.') && !wanted.startsWith('*'));
}
