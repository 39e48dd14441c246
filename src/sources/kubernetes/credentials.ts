import { createHash, X509Certificate } from 'node:crypto';
import type { Agent as HttpAgent, RequestOptions } from 'node:https';
import { basename } from 'node:path';
import { messageOf, UserError } from '../../errors.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import { type ExecPlugin, execPluginOf, type PluginCredential, runExecPlugin } from './exec-plugin.ts';
import { refuseProvider, type Session } from './kubeconfig.ts';
import { proxyFor } from './proxy.ts';

/** Everything a request needs to be let in. Secret: never logged, never shown, never sent to the other thread. */
export type Identity = {
  headers: Readonly<Record<string, string | string[]>>;
  tls: { ca?: Buffer; cert?: Buffer; key?: Buffer; servername?: string; rejectUnauthorized: boolean };
  /** '' = none. */
  proxy: string;
  /** For WebSockets: carries the same TLS and proxy. */
  agent: HttpAgent;
  /** Two identities with the same fingerprint are the same credentials; with the same transport, the same connections. */
  fingerprint: string;
  transport: string;
  /** When the token or client certificate runs out, as far as it says so; 0 = not known. */
  expires: number;
};

export type Credentials = {
  session(): Session;
  identity(): Promise<Identity>;
  /**
   * After a 401: reads the kubeconfig and token files anew and runs the plugin again. One at a time, whoever asks;
   * nothing is done when `refused` is no longer what we hold.
   */
  renew(refused?: Identity): Promise<void>;
  /** Reads the kubeconfig anew, at most every five seconds, without running a plugin; one that is broken changes nothing. */
  reload(): void;
  close(): void;
};

export type CredentialsOptions = {
  /** Reads the chosen context from disk. */
  load(): Session;
  env: Readonly<Record<string, string | undefined>>;
  pluginMs: number;
  onWords(words: string): void;
  /** The plugin ran: for the list of everything that was asked or run. Its name only: an argument may be a secret. */
  onRun(command: string, ok: boolean, ms: number): void;
};

/** Files may be rotated under us: after this they are read again. */
const reread = 60_000;
/** After a certificate that is not to be trusted the kubeconfig is looked at again, but not more often than this. */
const reloadEvery = 5_000;
/** A plugin's credential is replaced this long before it runs out. */
const early = 120_000;
/** Plugins keep what they were given, too, and may hand out the same until its very end: so often they are asked for more. */
const earlyEvery = 20_000;

export function createCredentials(options: CredentialsOptions): Credentials {
  const stop = new AbortController();
  let session = options.load();
  let issued: PluginCredential | undefined;
  let running: Promise<PluginCredential> | undefined;
  let known: { identity: Identity; at: number; issued: PluginCredential | undefined } | undefined;
  let renewing: Promise<void> | undefined;
  let reloaded = 0;
  let ran = Number.NEGATIVE_INFINITY;

  function runPlugin(plugin: ExecPlugin): Promise<PluginCredential> {
    running ??= (async () => {
      const started = performance.now();
      ran = started;
      let ok = false;
      try {
        issued = await runExecPlugin(plugin, session, {
          limitMs: options.pluginMs,
          env: options.env,
          onWords: options.onWords,
          signal: stop.signal,
        });
        ok = true;
        return issued;
      } finally {
        running = undefined;
        options.onWords('');
        options.onRun(runName(plugin), ok, performance.now() - started);
      }
    })();
    return running;
  }

  async function pluginCredential(): Promise<PluginCredential | undefined> {
    const plugin = execPluginOf(session);
    if (plugin === undefined) return undefined;
    if (issued === undefined) return runPlugin(plugin);
    const left = issued.expires === 0 ? Number.POSITIVE_INFINITY : issued.expires - Date.now();
    if (left <= 0) return runPlugin(plugin);
    // What we hold is still good: a failure now is told when it no longer is.
    if (left < early && performance.now() - ran >= earlyEvery) runPlugin(plugin).catch(() => {});
    return issued;
  }

  async function identity(): Promise<Identity> {
    const credential = await pluginCredential();
    if (known !== undefined && known.issued === credential && Date.now() - known.at < reread) return known.identity;
    const made = await buildIdentity(session, credential, options.env);
    // The same credentials keep their object: whoever was refused with it knows that nothing has changed.
    const same = known?.identity.fingerprint === made.fingerprint ? known.identity : made;
    known = { identity: same, at: Date.now(), issued: credential };
    return same;
  }

  return {
    session: () => session,
    identity,
    async renew(refused) {
      if (refused !== undefined && known !== undefined && known.identity !== refused) return;
      renewing ??= (async () => {
        try {
          session = options.load();
          known = known && { ...known, at: 0 };
          const plugin = execPluginOf(session);
          if (plugin === undefined) issued = undefined;
          else await runPlugin(plugin);
        } finally {
          renewing = undefined;
        }
      })();
      await renewing;
    },
    reload() {
      if (Date.now() - reloaded < reloadEvery) return;
      reloaded = Date.now();
      try {
        session = options.load();
        known = known && { ...known, at: 0 };
      } catch {
        // It is being written, or gone: what we hold is all there is.
      }
    },
    close: () => stop.abort(),
  };
}

/**
 * client-node knows every way a kubeconfig can name a credential; it gets the one context, without `exec` and
 * `auth-provider` (it would run their commands unseen, unlimited and through a shell) and with what it reads differently
 * from kubectl put right.
 */
async function buildIdentity(
  session: Session,
  issued: PluginCredential | undefined,
  env: CredentialsOptions['env'],
): Promise<Identity> {
  refuseProvider(session);
  // Heavy (the whole package 0.3 s): only this part, only here, only in the worker.
  const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js');
  const proxy = proxyFor(session.cluster, env);
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromString(JSON.stringify(asKubeconfig(session, issued, proxy)));
  const told: RequestOptions & { headers?: Record<string, string> } = {};
  if (session.cluster['insecure-skip-tls-verify'] !== true) {
    // Left unset, NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment would silently switch verification off.
    told.rejectUnauthorized = true;
  }
  try {
    await kubeConfig.applyToHTTPSOptions(told);
  } catch (error) {
    const message = sanitiseLine(messageOf(error), 300);
    throw new UserError(
      `The credentials of context "${sanitiseLine(session.context)}" cannot be used: ${message}.`,
      again,
    );
  }
  const headers: Record<string, string | string[]> = { ...told.headers, ...impersonation(session) };
  if (typeof told.auth === 'string') headers.Authorization = `Basic ${Buffer.from(told.auth).toString('base64')}`;
  if (typeof headers.Authorization === 'string') headers.Authorization = headers.Authorization.trim();
  const tls: Identity['tls'] = {
    rejectUnauthorized: told.rejectUnauthorized !== false,
    ...(Buffer.isBuffer(told.ca) ? { ca: told.ca } : {}),
    ...(Buffer.isBuffer(told.cert) ? { cert: told.cert } : {}),
    ...(Buffer.isBuffer(told.key) ? { key: told.key } : {}),
    ...(typeof told.servername === 'string' ? { servername: told.servername } : {}),
  };
  const transport = hash([
    session.cluster.server,
    proxy,
    tls.ca,
    tls.cert,
    tls.key,
    tls.servername,
    tls.rejectUnauthorized,
  ]);
  return {
    headers,
    tls,
    proxy,
    agent: told.agent as HttpAgent,
    transport,
    fingerprint: hash([transport, JSON.stringify(headers)]),
    expires: issued?.expires || expiry(headers.Authorization, tls.cert),
  };
}

const again = 'Get fresh credentials (az aks get-credentials --overwrite-existing).';

function asKubeconfig(session: Session, issued: PluginCredential | undefined, proxy: string): unknown {
  const cluster: Record<string, unknown> = { ...session.cluster };
  // kubectl lets the data win over the file; client-node the other way round.
  if (cluster['certificate-authority-data']) delete cluster['certificate-authority'];
  if (proxy !== '') cluster['proxy-url'] = proxy;
  if (session.cluster.server.startsWith('http:')) cluster['insecure-skip-tls-verify'] = true;
  const { exec: _exec, 'auth-provider': _provider, tokenFile, ...user } = session.user as Record<string, unknown>;
  if (user['client-certificate-data']) delete user['client-certificate'];
  if (user['client-key-data']) delete user['client-key'];
  if (typeof tokenFile === 'string' && tokenFile !== '') {
    delete user.token;
    user['auth-provider'] = { name: 'tokenFile', config: { tokenFile } };
  }
  if (issued?.token) user.token = issued.token;
  if (issued?.certificate) {
    user['client-certificate-data'] = Buffer.from(issued.certificate).toString('base64');
    user['client-key-data'] = Buffer.from(issued.key).toString('base64');
  }
  return {
    clusters: [{ name: 'cluster', cluster }],
    // Without a user client-node would leave out the certificate authority as well.
    users: [{ name: 'user', user }],
    contexts: [{ name: 'context', context: { cluster: 'cluster', user: 'user' } }],
    'current-context': 'context',
  };
}

/** Its arguments are not shown: a client secret may stand among them. */
function runName(plugin: ExecPlugin): string {
  const count = plugin.args.length;
  const words = count === 0 ? '' : ` (${count} argument${count === 1 ? '' : 's'})`;
  return `${sanitiseLine(basename(plugin.command), 60)}${words}`;
}

/** client-node knows only `as`. */
function impersonation(session: Session): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  const groups = session.user['as-groups'];
  if (Array.isArray(groups) && groups.length > 0) headers['Impersonate-Group'] = groups.map(String);
  if (typeof session.user['as-uid'] === 'string') headers['Impersonate-Uid'] = session.user['as-uid'];
  return headers;
}

function expiry(authorization: string | string[] | undefined, certificate: Buffer | undefined): number {
  const token = typeof authorization === 'string' ? /^Bearer [\w-]+\.([\w-]+)\./.exec(authorization)?.[1] : undefined;
  try {
    if (token !== undefined) return Number(JSON.parse(Buffer.from(token, 'base64url').toString()).exp ?? 0) * 1_000;
    if (certificate !== undefined) return Date.parse(new X509Certificate(certificate).validTo) || 0;
  } catch {
    // Opaque tokens and odd certificates say nothing about their end.
  }
  return 0;
}

function hash(parts: readonly (string | boolean | Buffer | undefined)[]): string {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(Buffer.isBuffer(part) ? part : String(part)).update('\0');
  return digest.digest('hex');
}
