import { existsSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import { parse } from 'yaml';
import type { Config } from '../../config.ts';
import { UserError } from '../../errors.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import { withoutLogin } from './without-login.ts';

/** A kubeconfig, merged as kubectl merges: the first file that names something wins. Paths in it are absolute. */
export type Kubeconfig = {
  /** Where it was read, for messages; several are joined as $KUBECONFIG is. */
  where: string;
  currentContext: string;
  contexts: ReadonlyMap<string, ContextEntry>;
  clusters: ReadonlyMap<string, ClusterEntry>;
  users: ReadonlyMap<string, UserEntry>;
  /** The first file that others on this machine may read; '' = none. */
  exposed: string;
};

export type ContextEntry = { cluster: string; user: string; namespace: string };
/** As written in the file, with absolute paths. */
export type ClusterEntry = Readonly<Record<string, unknown>> & { server: string };
export type UserEntry = Readonly<Record<string, unknown>>;

/** One context with everything it stands on. */
export type Session = {
  context: string;
  clusterName: string;
  userName: string;
  namespace: string;
  cluster: ClusterEntry;
  user: UserEntry;
  /** The file that others on this machine may read; '' = none. */
  exposed: string;
};

type Environment = Readonly<Record<string, string | undefined>>;

const serviceAccount = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Whether there is one to read at all: one that is named counts, whatever is in it. */
export function hasKubeconfig(config: Pick<Config, 'kubeconfig'>, env: Environment): boolean {
  const listed = env.KUBECONFIG?.split(delimiter).filter((path) => path !== '') ?? [];
  const paths = listed.length > 0 ? listed : [join(env.HOME || homedir(), '.kube', 'config')];
  return config.kubeconfig.length > 0 || paths.some((path) => existsSync(path)) || inCluster(env) !== undefined;
}

/** Reads where kubectl reads. Throws UserError when there is nothing, or nothing readable. */
export function readKubeconfig(config: Pick<Config, 'kubeconfig'>, env: Environment): Kubeconfig {
  const told = config.kubeconfig.length > 0;
  const listed = env.KUBECONFIG?.split(delimiter).filter((path) => path !== '') ?? [];
  const paths = told
    ? config.kubeconfig
    : listed.length > 0
      ? listed
      : [join(env.HOME || homedir(), '.kube', 'config')];
  // kubectl passes over files of $KUBECONFIG that do not exist, but not over the one named by the flag.
  const present = told ? paths : paths.filter((path) => existsSync(path));
  if (present.length === 0) {
    const inside = inCluster(env);
    if (inside !== undefined) return inside;
    throw new UserError(
      `There is no kubeconfig: ${sanitiseLine(paths.join(delimiter))} does not exist.`,
      'Run `az aks get-credentials`, or name one with --kubeconfig or $KUBECONFIG.',
    );
  }
  return merge(present.map((path) => readOne(resolve(path))));
}

/** The chosen context. Throws UserError when it, or what it names, is not there. */
export function selectContext(kubeconfig: Kubeconfig, name: string): Session {
  const context = name || kubeconfig.currentContext;
  if (context === '') {
    throw new UserError(
      `${kubeconfig.where} names no current context.`,
      `Choose one with --context: ${known(kubeconfig)}.`,
    );
  }
  const entry = kubeconfig.contexts.get(context);
  if (entry === undefined) {
    throw new UserError(
      `There is no context "${sanitiseLine(context)}" in ${kubeconfig.where}.`,
      kubeconfig.contexts.size === 0 ? 'It has none at all.' : `There are: ${known(kubeconfig)}.`,
    );
  }
  const cluster = kubeconfig.clusters.get(entry.cluster);
  if (cluster === undefined) {
    throw new UserError(
      `Context "${sanitiseLine(context)}" is for cluster "${sanitiseLine(entry.cluster)}", which ${kubeconfig.where} does not have.`,
      'Get the credentials again, or repair the file.',
    );
  }
  const user = entry.user === '' ? {} : kubeconfig.users.get(entry.user);
  if (user === undefined) {
    throw new UserError(
      `Context "${sanitiseLine(context)}" is for user "${sanitiseLine(entry.user)}", whom ${kubeconfig.where} does not have.`,
      'Get the credentials again, or repair the file.',
    );
  }
  if (!URL.canParse(cluster.server) || !/^https?:/.test(cluster.server)) {
    throw new UserError(
      `The server of cluster "${sanitiseLine(entry.cluster)}" is no address: ${sanitiseLine(cluster.server, 200)}`,
      'It should look like https://name:443.',
    );
  }
  const session = {
    context,
    clusterName: entry.cluster,
    userName: entry.user,
    namespace: entry.namespace,
    cluster,
    user,
    exposed: kubeconfig.exposed,
  };
  refuseProvider(session);
  return session;
}

/**
 * Logins of the time before plugins (gcp, azure, oidc): kubectl took them out in 1.26, and what a file says there is run
 * through a shell by libraries that still know them.
 */
export function refuseProvider({ context, user }: Session): void {
  const provider = user['auth-provider'];
  if (provider === undefined || provider === null) return;
  const name = isRecord(provider) ? sanitiseLine(provider.name, 60) : '';
  throw new UserError(
    `The user of context "${sanitiseLine(context, 100)}" signs in by an auth-provider (${name || 'without a name'}), which is not supported.`,
    'Use an exec plugin instead: `kubelogin convert-kubeconfig` writes one for Azure.',
  );
}

function known(kubeconfig: Kubeconfig): string {
  const names = [...kubeconfig.contexts.keys()].map((name) => sanitiseLine(name, 100));
  return names.length > 20
    ? `${names.slice(0, 20).join(', ')} and ${names.length - 20} more`
    : names.join(', ') || 'none';
}

function readOne(path: string): Kubeconfig {
  const shown = sanitiseLine(path);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const why =
      code === 'ENOENT' ? 'does not exist' : code === 'EACCES' ? 'may not be read' : `cannot be read (${code})`;
    throw new UserError(
      `The kubeconfig ${shown} ${why}.`,
      'Run `az aks get-credentials`, or name another with --kubeconfig.',
    );
  }
  return { ...parseKubeconfig(text, shown, dirname(path)), exposed: isExposed(path) ? shown : '' };
}

/** A kubeconfig that is in no file of ours. `where` names it in messages; relative paths in it are of `folder`. */
export function parseKubeconfig(text: string, where: string, folder: string): Kubeconfig {
  let parsed: unknown;
  try {
    parsed = parse(text, { maxAliasCount: 100, logLevel: 'error' });
  } catch (error) {
    const first = error instanceof Error ? (error.message.split('\n')[0] ?? '') : '';
    throw broken(where, `is no YAML: ${sanitiseLine(first, 200).replace(/[.:]+$/, '')}`);
  }
  if (!isRecord(parsed)) throw broken(where, text.trim() === '' ? 'is empty' : 'is no kubeconfig');
  return {
    where,
    exposed: '',
    currentContext: stringOf(parsed['current-context']),
    contexts: entries(parsed.contexts, 'context', (context) => ({
      cluster: stringOf(context.cluster),
      user: stringOf(context.user),
      namespace: stringOf(context.namespace),
    })),
    clusters: entries(parsed.clusters, 'cluster', (cluster) => ({
      ...absolute(cluster, folder, ['certificate-authority']),
      server: serverAddress(stringOf(cluster.server)),
    })),
    users: entries(parsed.users, 'user', (user) => withPlugin(absolute(user, folder, fileKeys), folder)),
  };
}

/** Without slashes at its end, and without a name and password: they would be shown wherever the address is. */
function serverAddress(text: string): string {
  const bare = withoutLogin(text);
  let end = bare.length;
  while (bare[end - 1] === '/') end -= 1;
  return bare.slice(0, end);
}

function isExposed(path: string): boolean {
  // On Windows the mode says nothing about who may read.
  return process.platform !== 'win32' && (statSync(path).mode & 0o044) !== 0;
}

const fileKeys = ['client-certificate', 'client-key', 'tokenFile'];

function broken(path: string, why: string): UserError {
  return new UserError(`The kubeconfig ${path} ${why}.`, 'Repair it, or write it anew with `az aks get-credentials`.');
}

function entries<T>(list: unknown, key: string, make: (body: Record<string, unknown>) => T): ReadonlyMap<string, T> {
  const made = new Map<string, T>();
  if (!Array.isArray(list)) return made;
  for (const entry of list) {
    if (!isRecord(entry) || typeof entry.name !== 'string' || made.has(entry.name)) continue;
    made.set(entry.name, make(isRecord(entry[key]) ? entry[key] : {}));
  }
  return made;
}

function absolute(body: Record<string, unknown>, folder: string, keys: readonly string[]): Record<string, unknown> {
  const made = { ...body };
  for (const key of keys) {
    const path = made[key];
    if (typeof path === 'string' && path !== '' && !isAbsolute(path)) made[key] = join(folder, path);
  }
  return made;
}

/** A command with a slash is relative to the kubeconfig, one without is looked for on the PATH (client-go's rule). */
function withPlugin(user: Record<string, unknown>, folder: string): Record<string, unknown> {
  const exec = user.exec;
  if (!isRecord(exec)) return user;
  const command = stringOf(exec.command);
  return {
    ...user,
    exec: /[/\\]/.test(command) && !isAbsolute(command) ? { ...exec, command: join(folder, command) } : exec,
  };
}

function merge(files: readonly Kubeconfig[]): Kubeconfig {
  const firstWins = <T>(maps: readonly ReadonlyMap<string, T>[]) =>
    new Map(maps.toReversed().flatMap((map) => [...map]));
  return {
    where: files.map((file) => file.where).join(delimiter),
    exposed: files.find((file) => file.exposed !== '')?.exposed ?? '',
    currentContext: files.find((file) => file.currentContext !== '')?.currentContext ?? '',
    contexts: firstWins(files.map((file) => file.contexts)),
    clusters: firstWins(files.map((file) => file.clusters)),
    users: firstWins(files.map((file) => file.users)),
  };
}

/** A pod's own service account, where we run inside a cluster. */
function inCluster(env: Environment): Kubeconfig | undefined {
  const host = env.KUBERNETES_SERVICE_HOST;
  const port = env.KUBERNETES_SERVICE_PORT ?? '443';
  if (!host || !existsSync(`${serviceAccount}/token`)) return undefined;
  const name = 'in-cluster';
  const namespaceFile = `${serviceAccount}/namespace`;
  const namespace = existsSync(namespaceFile) ? readFileSync(namespaceFile, 'utf8').trim() : '';
  const server = `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
  return {
    where: serviceAccount,
    exposed: '',
    currentContext: name,
    contexts: new Map([[name, { cluster: name, user: name, namespace }]]),
    clusters: new Map([[name, { server, 'certificate-authority': `${serviceAccount}/ca.crt` }]]),
    users: new Map([[name, { tokenFile: `${serviceAccount}/token` }]]),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function stringOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
