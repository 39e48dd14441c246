import type { Config } from '../config.ts';
import { UserError } from '../errors.ts';
import type { Asks } from '../model/asks.ts';
import type { BundleAsks } from '../model/bundle/bundle-request.ts';
import type { Change } from '../model/change.ts';
import { clock } from '../model/clock.ts';
import type { KindId } from '../model/kinds.ts';
import { createRedactor } from '../model/redaction/redactor.ts';
import { sanitiseLine } from '../model/sanitise.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { WriteJobs } from '../model/write-jobs.ts';
import { createAgentAsks } from './ask-agents.ts';
import { createAuditTrail } from './audit-trail.ts';
import { type AzureSessionOptions, createAzureSession } from './azure/azure-session.ts';
import { createDeployments } from './azure/deployments.ts';
import { createBundleAsks } from './bundle/bundle-asks.ts';
import type { Judge } from './bundle/bundle-rows.ts';
import { inTurns } from './in-turns.ts';
import { createAsks } from './kubernetes/asks.ts';
import { type ClusterSession, createClusterSession } from './kubernetes/cluster-session.ts';
import { type Commands, createCommands } from './kubernetes/commands.ts';
import { createExecBudget } from './kubernetes/exec-budget.ts';
import { heldRights } from './kubernetes/held-rights.ts';
import { hasKubeconfig, type Kubeconfig, readKubeconfig, selectContext } from './kubernetes/kubeconfig.ts';
import { createLogSigns } from './kubernetes/log-signs.ts';
import { readingRights } from './kubernetes/reading-rights.ts';
import { createLagSample } from './lag-sample.ts';
import { youngestStories } from './records/read-audit.ts';
import { createTruthCheck } from './truth-check.ts';
import { createWriteJobs } from './write-jobs.ts';

/** The outside world: what it tells by itself goes to `deliver`, what is asked of it is answered by `asks`. */
export type Sources = {
  /** Finds the cluster and begins to watch it. Throws UserError when there is none to watch. */
  start(): Promise<void>;
  asks: Asks &
    WriteJobs &
    BundleAsks & {
      /** Reads these watched objects anew by GET; what the server says enters as changes. */
      reread(objects: readonly { kind: KindId; namespace: string; name: string }[], signal: AbortSignal): Promise<void>;
      /** True: only watches run from now on. False: asks at once how the server is, and goes on. */
      rest(resting: boolean): Promise<void>;
    };
  /** What the asks above are made of. */
  commands: Commands;
  close(): Promise<void>;
};

/** At the end commands that go on have this long to end in their containers. */
const commandsEndMs = 1_000;

export function connect(
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
  deliver: (changes: Change[]) => void,
  /** What was delivered, as it is kept by whoever it was delivered to. */
  known: () => Snapshot,
  /** Judges what is read apart from the watches, telling what stood for so long, ms. */
  judgeOf: (settleMs: number) => Judge,
): Sources {
  const uidOf = (kind: KindId, namespace: string, name: string) => known().tables[kind].named(namespace, name)?.uid;
  let epoch = 0;
  let context = config.context;
  let current: ClusterSession | undefined;
  /** The server that the flags are about: another context may lead to another cluster. */
  let named = '';
  // Of Azure, where there is none on this machine: it never touches a disk.
  let given: Kubeconfig | undefined;
  const kubeconfig = () => given ?? readKubeconfig(config, env);

  const trail = createAuditTrail(config);

  const budget = createExecBudget(config.execs, () => current?.client.now() ?? Date.now());

  const logSigns = createLogSigns((signs) => deliver([{ type: 'logSigns', logSigns: signs }]));

  function open(name: string, notice = ''): ClusterSession {
    // Before anything is left: an unknown context must not cost us the one we have.
    const load = () => selectContext(kubeconfig(), name);
    const chosen = load().context;
    epoch += 1;
    const session = createClusterSession({
      config,
      env,
      epoch,
      load: () => selectContext(kubeconfig(), chosen),
      deliver,
      uidOf,
      known,
      commands: budget,
      tellExec: (...exec) => trail.exec(session, ...exec),
      notice,
      onOther: () => {
        if (current === session) replace(chosen, otherCluster(session));
      },
    });
    context = chosen;
    return session;
  }

  function replace(name: string, notice = ''): void {
    const old = current;
    logSigns.forget();
    const next = open(name, notice);
    current = next;
    // Never waited for: the old server may be the reason for leaving.
    void old?.close();
    moved();
    next.begin();
    azure.begin(next.facts().server === named);
  }

  function session(): ClusterSession {
    if (current === undefined)
      throw new UserError('There is no connection to a cluster yet.', 'Wait for the first answer.');
    return current;
  }

  const { moved, busy, whole, ...changing } = createWriteJobs({
    config,
    session,
    deliver,
    trail,
    clusterUid: () => uidOf('namespaces', '', 'kube-system') ?? '',
  });

  const azure = createAzureSession({
    config,
    env,
    deliver(changes) {
      deliver(changes);
      // An operation that was cut off is looked for as soon as it is known which cluster this is.
      if (changes.some((change) => change.type === 'fact' && change.fact === 'arm')) followPending();
    },
    now: () => current?.client.now() ?? Date.now(),
    traces: () => tracesOf(known()),
    onRequest: (entry) => current?.count(entry),
  });

  const { followPending, ...deployments } = createDeployments({
    ...{ config, connection: azure.connection, jobs: whole },
    onChange: () => void azure.refresh(new AbortController().signal).catch(() => {}),
    cluster: () => known().facts.arm?.value,
  });

  const time = () => current?.client.now() ?? Date.now();
  const reading = createAsks(() => session().client, config.silenceMs, logSigns);
  const commands = createCommands(() => session().client, config.silenceMs, budget);
  const agents = createAgentAsks(commands, time);

  const { isTaking, ...bundles } = createBundleAsks({
    ...{ client: () => session().client, exec: commands.exec, known, judgeOf },
  });

  return {
    async start() {
      if (namesCluster(config.azure) && !hasKubeconfig(config, env)) given = await azure.userKubeconfig();
      const first = open(context);
      current = first;
      named = first.facts().server;
      moved();
      try {
        await first.greet();
      } catch (error) {
        // Whoever did not wait and went to another context has left this one, and its trouble, behind.
        if (current === first) throw error;
      }
      if (current !== first) return;
      first.begin();
      azure.begin(true);
    },
    asks: {
      ...reading,
      ...bundles,
      ...agents,
      lagSample: createLagSample({ ask: agents.agent, known, now: time }),
      truthCheck: createTruthCheck({ ask: agents.agent, known, deliver, now: time, againMs: config.truthAgainMs }),
      azure,
      ...changing,
      ...deployments,
      rights(writing, signal) {
        const { client, facts } = session();
        const own = config.namespace || facts().namespace || 'default';
        return heldRights(client, [...readingRights(), ...writing], own, signal);
      },
      redact: (value, signal) => inTurns(createRedactor().longData(value), signal),
      audit: async () => youngestStories(config.stateDir),
      async contexts() {
        return [...kubeconfig().contexts].map(([name, entry]) => ({
          name,
          title: sanitiseLine(name, 200),
          cluster: sanitiseLine(entry.cluster, 200),
          user: sanitiseLine(entry.user, 200),
          namespace: sanitiseLine(entry.namespace, 100),
          current: name === context,
        }));
      },
      async useContext(name) {
        if (busy() !== '') throw new UserError(`Being changed here just now: ${busy()}.`, 'Wait until it has ended.');
        if (isTaking())
          throw new UserError('A bundle of this cluster is being taken.', 'End it, or wait until it has ended.');
        replace(name);
      },
      async relist(source) {
        if (!session().relist(source)) throw new UserError(`Nothing called "${sanitiseLine(source, 60)}" is watched.`);
      },
      reread: (objects, signal) => session().reread(objects, signal),
      async rest(resting) {
        budget.rest(resting);
        current?.rest(resting);
        azure.rest(resting);
      },
    },
    commands,
    async close() {
      // Commands are ended in their containers while there still is a connection to say so.
      await budget.close(commandsEndMs);
      await Promise.all([current?.close(), azure.close()]);
    },
  };
}

/** The three flags that name a managed cluster outright. */
function namesCluster({ use, subscription, resourceGroup, cluster }: Config['azure']): boolean {
  return use !== 'off' && subscription !== '' && resourceGroup !== '' && cluster !== '';
}

/** Where the cluster is in Azure, as it says itself. */
function tracesOf({ cluster, tables, links }: Snapshot): ReturnType<AzureSessionOptions['traces']> {
  const phase = links.get('nodes')?.phase ?? 'connecting';
  return {
    providerIds: [...tables.nodes.rows.values()].map(({ providerID }) => providerID).filter((id) => id !== ''),
    host: URL.canParse(cluster.server) ? new URL(cluster.server).hostname : '',
    complete: phase !== 'connecting' && phase !== 'loading',
  };
}

function otherCluster({ client }: ClusterSession): string {
  const since = clock(client.now());
  return `Since ${since} another cluster answers at this address than before (its kube-system has another UID): everything was read anew.`;
}
