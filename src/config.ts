import { homedir } from 'node:os';
import { join } from 'node:path';
import { UserError } from './errors.ts';

/** Everything the program was told, once, at the door. Plain data: it is handed to the worker. */
export type Config = Readonly<{
  /** Paths in the order kubectl would merge them; empty = look where kubectl looks ($KUBECONFIG, ~/.kube/config, in-cluster). */
  kubeconfig: readonly string[];
  /** '' = the kubeconfig's current context. */
  context: string;
  /** '' = all namespaces. */
  namespace: string;
  ascii: boolean;
  /** Nothing heard on a watch for this long: ask /version once; no answer means the connection is dead. */
  silenceMs: number;
  /** No response head for this long: the request failed. */
  requestMs: number;
  /** An exec credential plugin may take this long. */
  pluginMs: number;
  /** No key for this long: only watches run until the next one. */
  idleMs: number;
  /** Pages of metrics asked of agents and operators through the API server, at most so many a second; 0 = none. */
  metricsPerSecond: number;
  /** Commands that may run in containers at the same time, in the whole program. */
  execs: number;
  /** What differs in a truth check is looked at once more after so long. */
  truthAgainMs: number;
  /** Where state that outlives a session is kept (0700). */
  stateDir: string;
  userAgent: string;
  /** Open for changes from the start, as `:write` would. */
  write: boolean;
  /** Contexts and clusters, `*` for anything, where every change asks for the cluster's name. */
  protectedNames: readonly string[];
  /** Force a fallback of the list-watch; for servers that claim what they cannot do. */
  watchList: 'auto' | 'never';
  azure: AzureConfig;
}>;

/** Where Azure is and what of it is ours. '' = by default, or found out. No secret is in here: those stay in the environment. */
export type AzureConfig = Readonly<{
  /** off: Azure is never asked · quiet: only with credentials that need nobody · full: a person may be asked to sign in. */
  use: 'off' | 'quiet' | 'full';
  cloud: 'public' | 'us-government' | 'china';
  /** Addresses other than the cloud's own; https only. */
  authority: string;
  arm: string;
  logs: string;
  /** PEM file of a certificate authority to trust for all of Azure besides the system's. */
  ca: string;
  tenant: string;
  subscription: string;
  resourceGroup: string;
  cluster: string;
  /** GUID or resource ID. */
  workspace: string;
  /** Ask the machine's own identity, too: where there is none, that takes seconds to fail. */
  managedIdentity: boolean;
}>;

export type Flags = Partial<{
  kubeconfig: string;
  context: string;
  namespace: string;
  ascii: boolean;
  write: boolean;
  protect: string;
  azure: boolean;
  azureCloud: string;
  tenant: string;
  subscription: string;
  resourceGroup: string;
  cluster: string;
  workspace: string;
  managedIdentity: boolean;
}>;

/** What was typed, of which a parser only knows that it may be anything. */
export function flagsOf(given: Readonly<Record<string, unknown>>): Flags {
  const { kubeconfig, context, namespace, ascii, write, protect } = given;
  return {
    ...(typeof kubeconfig === 'string' ? { kubeconfig } : {}),
    ...(typeof context === 'string' ? { context } : {}),
    ...(typeof namespace === 'string' ? { namespace } : {}),
    ...(ascii === true ? { ascii } : {}),
    ...(write === true ? { write } : {}),
    ...(typeof protect === 'string' ? { protect } : {}),
    ...azureFlags(given),
  };
}

const azureTexts = ['azureCloud', 'tenant', 'subscription', 'resourceGroup', 'cluster', 'workspace'] as const;

function azureFlags(given: Readonly<Record<string, unknown>>): Flags {
  const texts = azureTexts.flatMap((name) => (typeof given[name] === 'string' ? [[name, given[name]]] : []));
  return {
    ...Object.fromEntries(texts),
    ...(typeof given['azure'] === 'boolean' ? { azure: given['azure'] } : {}),
    ...(given['managedIdentity'] === true ? { managedIdentity: true } : {}),
  };
}

/** Flags over environment over defaults. Throws UserError on a value that cannot be meant. */
export function readConfig(flags: Flags, env: NodeJS.ProcessEnv, version: string): Config {
  const home = env['HOME'] || homedir();
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return Object.freeze({
    kubeconfig: flags.kubeconfig ? [flags.kubeconfig] : [],
    context: flags.context ?? '',
    namespace: flags.namespace ?? '',
    ascii: flags.ascii ?? !/utf-?8/i.test(locale),
    silenceMs: milliseconds(env, 'CILISCOPE_SILENCE_MS', 10_000),
    requestMs: milliseconds(env, 'CILISCOPE_REQUEST_MS', 30_000),
    pluginMs: milliseconds(env, 'CILISCOPE_PLUGIN_MS', 30_000),
    idleMs: milliseconds(env, 'CILISCOPE_IDLE_MS', 30 * 60_000),
    metricsPerSecond: perSecond(env, 'CILISCOPE_METRICS_PER_SECOND', 4),
    truthAgainMs: milliseconds(env, 'CILISCOPE_TRUTH_AGAIN_MS', 4_000),
    execs: atOnce(env, 'CILISCOPE_EXECS', 4),
    stateDir: join(env['XDG_STATE_HOME'] || join(home, '.local', 'state'), 'ciliscope'),
    userAgent: `ciliscope/${version} (${process.platform}/${process.arch})`,
    write: flags.write ?? false,
    protectedNames: namesIn(flags.protect ?? env['CILISCOPE_PROTECTED'] ?? ''),
    watchList: env['CILISCOPE_WATCH_LIST'] === 'never' ? 'never' : 'auto',
    azure: readAzure(flags, env),
  });
}

const clouds: Readonly<Record<string, AzureConfig['cloud']>> = {
  '': 'public',
  public: 'public',
  azurecloud: 'public',
  azurepubliccloud: 'public',
  'us-government': 'us-government',
  azureusgovernment: 'us-government',
  china: 'china',
  azurechinacloud: 'china',
};

function readAzure(flags: Flags, env: NodeJS.ProcessEnv): AzureConfig {
  const named = flags.azureCloud ?? env['AZURE_ENVIRONMENT'] ?? '';
  const cloud = clouds[named.toLowerCase()];
  if (cloud === undefined) {
    throw new UserError(`There is no Azure cloud "${named}".`, 'Give public, us-government or china.');
  }
  return Object.freeze({
    use: flags.azure === false || env['CILISCOPE_AZURE'] === 'off' ? 'off' : flags.azure === true ? 'full' : 'quiet',
    cloud,
    authority: httpsAddress(env, 'AZURE_AUTHORITY_HOST'),
    arm: httpsAddress(env, 'CILISCOPE_AZURE_ARM'),
    logs: httpsAddress(env, 'CILISCOPE_AZURE_LOGS'),
    ca: env['CILISCOPE_AZURE_CA'] ?? '',
    tenant: flags.tenant ?? env['AZURE_TENANT_ID'] ?? '',
    subscription: flags.subscription ?? env['AZURE_SUBSCRIPTION_ID'] ?? '',
    resourceGroup: flags.resourceGroup ?? '',
    cluster: flags.cluster ?? '',
    workspace: flags.workspace ?? env['CILISCOPE_WORKSPACE'] ?? '',
    managedIdentity: flags.managedIdentity ?? false,
  });
}

/** Without the slash at its end. A token must never travel in the clear, whatever the environment says. */
function httpsAddress(env: NodeJS.ProcessEnv, name: string): string {
  const text = env[name] ?? '';
  if (text === '') return '';
  const address = text.includes('://') ? text : `https://${text}`;
  if (!URL.canParse(address) || new URL(address).protocol !== 'https:') {
    throw new UserError(`${name} is "${text}", which is no https address.`, 'Tokens are only sent over https.');
  }
  return address.replace(/\/+$/, '');
}

function namesIn(list: string): readonly string[] {
  const names = list.split(',').map((name) => name.trim());
  return names.filter((name) => name !== '');
}

function perSecond(env: NodeJS.ProcessEnv, name: string, otherwise: number): number {
  const text = env[name];
  if (text === undefined || text === '') return otherwise;
  const value = Number(text);
  if (!(value >= 0 && value <= 100)) {
    throw new UserError(`${name} is "${text}".`, 'Give a number from 0 to 100, or unset it.');
  }
  return value;
}

function atOnce(env: NodeJS.ProcessEnv, name: string, otherwise: number): number {
  const text = env[name];
  if (text === undefined || text === '') return otherwise;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 32) {
    throw new UserError(`${name} is "${text}".`, 'Give a whole number from 1 to 32, or unset it.');
  }
  return value;
}

function milliseconds(env: NodeJS.ProcessEnv, name: string, otherwise: number): number {
  const text = env[name];
  if (text === undefined || text === '') return otherwise;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 100) {
    throw new UserError(
      `${name} is "${text}", which is no number of milliseconds.`,
      'Give a whole number of at least 100, or unset it.',
    );
  }
  return value;
}
