import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../../config.ts';
import type { Change, ClusterFacts } from '../../model/change.ts';
import { createIntern } from '../../model/intern.ts';
import type { KindId } from '../../model/kinds.ts';
import type { SourceId } from '../../model/link.ts';
import { networkPods } from '../../model/network-pods.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { createAgentMetrics } from './agent-metrics.ts';
import { type ApiClient, createApiClient } from './api-client.ts';
import { ApiProblem } from './api-problem.ts';
import { createChangeBatch } from './change-batch.ts';
import { createCredentials } from './credentials.ts';
import type { ExecBudget } from './exec-budget.ts';
import type { Session } from './kubeconfig.ts';
import { createListWatch } from './list-watch.ts';
import { createRequestLog, type RequestLog } from './request-log.ts';
import { createSameCluster } from './same-cluster.ts';
import { createServed } from './served.ts';
import { createServerClock } from './server-clock.ts';
import { sources, type WatchSource } from './sources.ts';
import type { TellExec } from './tell-exec.ts';
import { pause } from './waiting.ts';
import type { Resting } from './watch-stream.ts';

/** One cluster as long as we are on it. A switch of context ends it and begins another. */
export type ClusterSession = {
  client: ApiClient;
  /** Something was asked on behalf of this cluster elsewhere: `!` lists it with the rest. */
  count(entry: Parameters<RequestLog['add']>[0]): void;
  /** Which cluster, and as whom. */
  facts(): Pick<ClusterFacts, 'context' | 'clusterName' | 'server' | 'user' | 'namespace'>;
  /** Asks who is there. Throws UserError when it is no Kubernetes API server, or none that lets us in. */
  greet(): Promise<void>;
  /** Begins to list and watch, in the order of asking. */
  begin(): void;
  relist(source: string): boolean;
  /** While nobody looks only watches run. Waking asks at once how the server is. */
  rest(resting: boolean): void;
  reread(objects: readonly { kind: KindId; namespace: string; name: string }[], signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
};

export type ClusterSessionOptions = {
  config: Config;
  env: Readonly<Record<string, string | undefined>>;
  epoch: number;
  load(): Session;
  deliver(changes: Change[]): void;
  /** The uid of a row that was delivered, by its name. */
  uidOf(kind: KindId, namespace: string, name: string): string | undefined;
  /** What was delivered so far. */
  known(): Snapshot;
  /** Of the whole program: `!` lists them. */
  commands?: Pick<ExecBudget, 'counts' | 'version'>;
  tellExec?: TellExec;
  /** Said for as long as the session lasts; '' = nothing. */
  notice: string;
  /** Another cluster answers than this session's. */
  onOther(): void;
};

/** No wave waits longer than this for the one before. */
const aheadMs = 2_000;
const firstWaveMs = 3_000;
/** Sources of the second wave that load at the same time: more only take memory from each other. */
const loadingAtOnce = 3;

export function createClusterSession(options: ClusterSessionOptions): ClusterSession {
  const { config, epoch } = options;
  const stop = new AbortController();
  const { signal } = stop;
  const clock = createServerClock((skew) => sink.change({ type: 'cluster', cluster: { skew } }));
  const sink = createChangeBatch(options.deliver, clock.now);
  const log = createRequestLog(clock.now);
  // Until a plugin has something to say.
  let standing = '';
  let notice = '';
  const credentials = createCredentials({
    load: options.load,
    env: options.env,
    pluginMs: config.pluginMs,
    onWords(words) {
      notice = words === '' ? standing : `The credential plugin says: ${words}`;
    },
    onRun: (command, ok, ms) => log.add({ verb: 'RUN', resource: '', path: command, status: ok ? 200 : 0, ms }),
  });
  let resting = false;
  const client: ApiClient & Resting = createApiClient({
    credentials,
    log,
    clock,
    userAgent: config.userAgent,
    ...(options.tellExec && { tellExec: options.tellExec }),
    requestMs: config.requestMs,
    // Silence, an unanswered probe and the second that a break may go unnoticed: told within 1.5 times the silence.
    probeMs: Math.max(500, config.silenceMs * 0.3),
  });
  client.resting = () => resting;
  const served = createServed(client);
  const intern = createIntern();
  const session = credentials.session();
  const exposed = session.exposed === '' ? '' : `Others on this machine can read ${session.exposed}: chmod 600 it.`;
  standing = [options.notice, exposed].filter((part) => part !== '').join(' ');
  notice = standing;
  const sameCluster = createSameCluster(client, options.onOther, signal);
  const abilities = { watchList: config.watchList !== 'never' };

  const settled = new Map<SourceId, PromiseWithResolvers<void>>();
  const watches = new Map<SourceId, ReturnType<typeof createListWatch>>();
  sink.change({ type: 'reset', epoch, cluster: factsOf(session) });
  for (const source of sources) {
    const done = Promise.withResolvers<void>();
    settled.set(source.id, done);
    watches.set(
      source.id,
      createListWatch({
        client,
        served,
        source,
        sink,
        intern,
        silenceMs: config.silenceMs,
        abilities,
        namespace: config.namespace || session.namespace,
        onSettled: done.resolve,
        onReopened: sameCluster.look,
        signal,
      }),
    );
  }
  sink.flush();
  const metrics = createAgentMetrics({
    client,
    perSecond: config.metricsPerSecond,
    pods: () => networkPods(options.known(), clock.now()),
    sink,
    signal,
  });

  /** Facts about the connection itself, told when they have changed, once a second at most. */
  async function tellFacts(): Promise<void> {
    let told = '';
    let requests = 0;
    while (!signal.aborted) {
      const cluster = {
        latency: client.latency(),
        kubernetesVersion: client.serverVersion(),
        notice,
        // The kubeconfig is read again as we go, and may say something else by then.
        ...connectionOf(credentials.session()),
      };
      const now = JSON.stringify(cluster);
      if (now !== told) sink.change({ type: 'cluster', cluster });
      told = now;
      const { commands } = options;
      const version = log.version() + (commands?.version() ?? 0);
      if (version !== requests) {
        sink.change({
          type: 'requests',
          requests: { ...log.counts(), ...(commands && { commands: commands.counts() }) },
        });
      }
      requests = version;
      await pause(1_000, signal);
    }
  }
  void tellFacts();

  /** Starts what belongs to a wave; resolves when all of it is live, or has said why it will not be soon. */
  async function start(wave: WatchSource['wave']): Promise<void> {
    const starting = sources.filter((source) => source.wave === wave);
    for (const { id } of starting) void watches.get(id)?.run();
    await Promise.all(starting.map(({ id }) => settled.get(id)?.promise));
  }

  async function runAll(): Promise<void> {
    const ahead = sources.filter((source) => source.ahead !== '').map(({ id }) => watches.get(id)?.ahead());
    await Promise.race([Promise.all([...ahead, start('ahead')]), pause(aheadMs, signal)]);
    await Promise.race([start('first'), pause(firstWaveMs, signal)]);
    sameCluster.look();
    const loading = new Set<Promise<void>>();
    for (const { id } of sources.filter((source) => source.wave === 'second')) {
      if (signal.aborted) return;
      void watches.get(id)?.run();
      const done = settled.get(id)?.promise ?? Promise.resolve();
      loading.add(done);
      void done.then(() => loading.delete(done));
      if (loading.size >= loadingAtOnce)
        await Promise.race([...loading, sleep(30_000, undefined, { signal }).catch(() => {})]);
    }
  }

  return {
    client,
    count: log.add,
    facts: () => factsOf(credentials.session()),
    async greet() {
      try {
        const answer = (await client.json({ verb: 'GET', resource: 'version', path: '/version' })) as {
          gitVersion?: unknown;
        } | null;
        if (typeof answer?.gitVersion !== 'string') throw notKubernetes(session);
      } catch (error) {
        if (!(error instanceof ApiProblem)) throw error;
        if (error.kind === 'missing' || error.kind === 'refused') throw notKubernetes(session);
        // It lets us in, but not to this: the lists will tell what can be read.
        if (error.kind !== 'forbidden' && error.kind !== 'throttled') throw error;
      }
    },
    begin() {
      if (config.metricsPerSecond > 0) void metrics.run();
      // Measures the way on a connection that stands, and learns the version.
      void client.probe().catch(() => {});
      void runAll();
    },
    rest(wanted) {
      resting = wanted;
      sink.change({ type: 'cluster', cluster: { resting } });
      if (!resting) void client.probe().catch(() => {});
    },
    relist(source) {
      const watch = watches.get(source as SourceId);
      watch?.relist();
      return watch !== undefined;
    },
    async reread(objects, asked) {
      const read = async ({ kind: id, namespace, name }: (typeof objects)[number]) => {
        const source = sourceOf(id, namespace);
        // What no watch brings would stay for ever.
        if (source === undefined) return;
        sink.flush();
        await watches.get(source)?.reread(namespace, name, options.uidOf(id, namespace, name), asked);
      };
      for (let i = 0; i < objects.length; i += 8) await Promise.all(objects.slice(i, i + 8).map(read));
      sink.flush();
    },
    async close() {
      sink.close();
      stop.abort();
      await client.close();
    },
  };
}

/** Pods come from two sources: those of kube-system, and the others. */
function sourceOf(kind: KindId, namespace: string): SourceId | undefined {
  const found = sources.filter((source) => source.kind === kind);
  return (found.find((one) => one.namespace === namespace) ?? found.find((one) => one.namespace === ''))?.id;
}

function factsOf(session: Session): ClusterFacts {
  return {
    context: sanitiseLine(session.context, 200),
    kubernetesVersion: '',
    user: sanitiseLine(session.userName, 200),
    namespace: sanitiseLine(session.namespace, 100),
    latency: 0,
    ...connectionOf(session),
  };
}

/** Which server we are connected to, and how. */
function connectionOf({ cluster, clusterName }: Session): Pick<ClusterFacts, 'server' | 'clusterName' | 'insecure'> {
  return {
    server: sanitiseLine(cluster.server, 200),
    clusterName: sanitiseLine(clusterName, 200),
    insecure: cluster['insecure-skip-tls-verify'] === true || cluster.server.startsWith('http:'),
  };
}

function notKubernetes(session: Session): ApiProblem {
  return new ApiProblem(
    'server',
    `${sanitiseLine(session.cluster.server, 200)} does not answer as a Kubernetes API server does.`,
    'Check `server` in the kubeconfig.',
  );
}
