import { Agent, type Dispatcher, ProxyAgent, Socks5ProxyAgent } from 'undici';
import { UserError } from '../../errors.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import type { Identity } from './credentials.ts';
import { withoutLogin } from './without-login.ts';

/** One pool of connections for everything that is asked of one cluster with one identity. */
export function createDispatcher(identity: Identity): Dispatcher {
  const pool = {
    // A watch keeps its connection to itself. HTTP/2 would put all watches on one, to stall together.
    allowH2: false,
    // Longer than the pause between two probes, so that a probe measures the server and not a handshake.
    keepAliveTimeout: 25_000,
    keepAliveMaxTimeout: 60_000,
    // Idle bodies are judged by whoever reads them: a quiet watch is no failure.
    bodyTimeout: 0,
  };
  const tls = { ...identity.tls, timeout: 10_000, keepAlive: true, keepAliveInitialDelay: 15_000 };
  if (identity.proxy === '') return new Agent({ ...pool, connect: tls });
  if (!URL.canParse(identity.proxy)) throw badProxy(identity.proxy);
  const { protocol, username, password } = new URL(identity.proxy);
  if (protocol === 'http:' || protocol === 'https:') {
    const token = username === '' ? undefined : basic(username, password);
    return new ProxyAgent({ ...pool, uri: withoutLogin(identity.proxy), requestTls: tls, ...(token && { token }) });
  }
  if (protocol === 'socks5:' || protocol === 'socks5h:' || protocol === 'socks:') {
    return new Socks5ProxyAgent(identity.proxy.replace(/^socks5?h?:/, 'socks5:'), { ...pool, requestTls: tls });
  }
  throw badProxy(identity.proxy);
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`;
}

function badProxy(proxy: string): UserError {
  const shown = sanitiseLine(withoutLogin(proxy), 100);
  return new UserError(
    `The proxy ${shown} is of no kind known here.`,
    'http://, https:// and socks5:// are; see proxy-url in the kubeconfig and HTTPS_PROXY.',
  );
}
