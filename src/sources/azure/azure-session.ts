import type { Config } from '../../config.ts';
import { UserError } from '../../errors.ts';
import type { AzureAsks } from '../../model/azure/azure-asks.ts';
import type { Change } from '../../model/change.ts';
import type { Kubeconfig } from '../kubernetes/kubeconfig.ts';
import { type ArmWatch, createArmWatch } from './arm-watch.ts';
import type { AzureConnection } from './azure-connection.ts';
import { connectAzure } from './connect-azure.ts';
import { type ClusterTraces, findCluster } from './find-cluster.ts';
import { createLogAnalytics } from './logs/log-analytics.ts';
import { type LogsClient, openLogsClient } from './logs/logs-client.ts';
import { logsPlace } from './logs/logs-place.ts';
import { unlessAborted } from './unless-aborted.ts';
import { askUserKubeconfig } from './user-kubeconfig.ts';

/** Azure as far as this program asks it: nothing is loaded and nothing is asked before it is needed. */
export type AzureSession = AzureAsks & {
  connection: AzureConnection;
  /**
   * A cluster is watched from here on: what ARM knows of it is looked for. Called again for each other cluster.
   * `isNamed`: it is the one that the flags name, where they name one.
   */
  begin(isNamed: boolean): void;
  /** Of the managed cluster that was named; rejects with a UserError. */
  userKubeconfig(): Promise<Kubeconfig>;
  rest(resting: boolean): void;
  close(): Promise<void>;
};

export type AzureSessionOptions = {
  config: Config;
  env: Readonly<Record<string, string | undefined>>;
  deliver(changes: Change[]): void;
  /** The server's clock. */
  now(): number;
  /** What is known of where the cluster is; `complete`: no more is to come. */
  traces(): ClusterTraces & { complete: boolean };
  /** For `!`. */
  onRequest(entry: { verb: string; resource: string; path: string; status: number; ms: number }): void;
};

export function createAzureSession(options: AzureSessionOptions): AzureSession {
  const { config, env, deliver, now, traces } = options;
  let stop = new AbortController();
  let watch: ArmWatch | undefined;
  let resting = false;

  const connection = connectAzure(config, env, {
    onLogin(login) {
      tellLogin();
      if (login.state === 'failed') watch?.signInFailed(login.problems.join(' '));
    },
    onRequest({ method, host, path, status, ms }) {
      options.onRequest({
        verb: method,
        resource: method === 'RUN' ? '' : 'Azure',
        path: `${host}${path}`,
        status,
        ms,
      });
    },
  });

  function tellLogin(): void {
    const link = { phase: 'live', heard: now() } as const;
    deliver([{ type: 'fact', fact: 'azureLogin', value: connection.login(), link, at: now() }]);
  }

  let logs: { place: string; client: Promise<LogsClient> } | undefined;

  /** One client for all questions to one workspace: its connections are kept open. */
  function openLogs(): Promise<LogsClient> {
    if (config.azure.use === 'off')
      throw new UserError('Azure is not asked.', 'Start without --no-azure.', 'signed-out');
    const place = logsPlace(config.azure.workspace, watch?.workspace());
    const name = JSON.stringify(place);
    if (logs?.place !== name) logs = { place: name, client: openLogsClient(connection, place) };
    return logs.client;
  }

  return {
    connection,
    begin(isNamed) {
      stop.abort();
      stop = new AbortController();
      tellLogin();
      watch = undefined;
      if (config.azure.use === 'off') return;
      const { signal } = stop;
      watch = createArmWatch({
        ...{ azure: connection, config: isNamed ? config.azure : unnamed(config.azure), traces, now, signal },
        tell: (change) => deliver([change]),
      });
      watch.rest(resting);
      void watch.run();
    },
    async userKubeconfig() {
      const nothing = { providerIds: [], host: '' };
      const { signal } = stop;
      const id = await findCluster(connection.arm, config.azure, nothing, signal);
      return askUserKubeconfig(connection.arm, id, signal);
    },
    rest(wanted) {
      resting = wanted;
      watch?.rest(wanted);
    },
    async signIn(signal) {
      try {
        await connection.signIn(signal);
      } finally {
        // Given up, whoever was signed in before goes on: what was told to wait meanwhile is asked again.
        if (connection.login().state === 'signed-in') void watch?.refresh().catch(() => {});
      }
    },
    async signOut() {
      connection.signOut();
      void watch?.refresh().catch(() => {});
    },
    async refresh(signal) {
      if (watch === undefined) throw new UserError('Azure is not asked.', 'Start without --no-azure.', 'signed-out');
      connection.tryAgain();
      await unlessAborted(watch.refresh(), signal);
    },
    ...createLogAnalytics(openLogs),
    async close() {
      stop.abort();
      await connection.close();
    },
  };
}

/** Of a cluster that the flags were not about: else another's facts would be shown as its own, and changed as such. */
function unnamed(azure: Config['azure']): Config['azure'] {
  return { ...azure, subscription: '', resourceGroup: '', cluster: '' };
}
