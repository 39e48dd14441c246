import { useEffect, useMemo, useState } from 'react';
import { createRoad, type Road } from '../actions/road.ts';
import { type Config, flagsOf, readConfig } from '../config.ts';
import { UserError } from '../errors.ts';
import type { ApiResource } from '../model/asks.ts';
import { serverTime } from '../model/server-time.ts';
import { actionWords } from '../panes/action-words.ts';
import { Header, useHeaderHeight } from '../panes/header/Header.tsx';
import { Narrow } from '../panes/header/Narrow.tsx';
import { panes } from '../panes/index.ts';
import type { PaneProps } from '../panes/pane-props.ts';
import type { QueryDesk } from '../panes/query-desk.ts';
import { findResource, resourceWords } from '../panes/resource.ts';
import { runbookWords } from '../panes/runbook-words.ts';
import { truthWords } from '../panes/truth-words.ts';
import { tableView } from '../panes/views.ts';
import { walkKeys } from '../panes/walk-keys.ts';
import { whyWords } from '../panes/why-words.ts';
import type { Binding } from '../ui/keys/binding.ts';
import type { Frame, View, Word } from '../ui/pane.ts';
import { Shell } from '../ui/Shell.tsx';
import { showFullScreen } from '../ui/terminal/full-screen.tsx';
import type { Terminal } from './command.ts';
import { type Connection, connect } from './connect.ts';
import { askAgain, consoleWords, greetingOf } from './console-words.ts';
import { startDemo } from './demo-cluster.ts';
import { handingOverWords } from './handing-over-words.ts';
import { createIdle } from './idle.ts';
import { createKqlThread } from './kql-thread.ts';
import { printOverview } from './overview-text.ts';
import { progressOn } from './progress.ts';
import { createQueryDesk } from './query-desk.ts';
import { createSessionRecord } from './report/session-record.ts';
import { readSession, type Session, writeSession } from './session-file.ts';
import { version } from './version.ts';
import { waitForChanges } from './wait-for-changes.ts';
import { openWrites, writeWord } from './write-word.ts';

/** Opens the console, or prints one snapshot where there is no terminal to open it on. Resolves to the exit code. */
export async function openConsole(options: Record<string, unknown>, terminal: Terminal): Promise<number> {
  const flags = flagsOf(options);
  if (options['demo'] === undefined) return open(readConfig(flags, terminal.env, version()), terminal);
  if (flags.kubeconfig !== undefined) {
    throw new UserError(
      '--demo brings a cluster of its own, so --kubeconfig has nothing to say.',
      'Leave one of them out.',
    );
  }
  const scenario = typeof options['demo'] === 'string' ? options['demo'] : 'busy';
  const progress = progressOn(terminal.stderr);
  const demo = await startDemo(scenario, progress.say).finally(progress.clear);
  try {
    const env = { ...terminal.env, ...withoutAzure, ...demo.env };
    const config = readConfig({ ...flags, kubeconfig: demo.kubeconfig }, env, version());
    return await open(config, { ...terminal, env });
  } finally {
    await demo.stop();
  }
}

/** A person's own Azure, which an embedded cluster is not in. */
const withoutAzure = {
  ...{ AZURE_TENANT_ID: '', AZURE_CLIENT_ID: '', AZURE_CLIENT_SECRET: '', AZURE_CLIENT_CERTIFICATE_PATH: '' },
  ...{ AZURE_FEDERATED_TOKEN_FILE: '', AZURE_SUBSCRIPTION_ID: '', AZURE_ENVIRONMENT: '', CILISCOPE_WORKSPACE: '' },
};

async function open(config: Config, terminal: Terminal): Promise<number> {
  const connection = connect(config, terminal.env);
  try {
    // A terminal that knows no cursor is read like a pipe.
    if (!terminal.stdout.isTTY || !terminal.stdin.isTTY || terminal.env['TERM'] === 'dumb') {
      return await printOverview(connection, terminal, config);
    }
    return await onScreen(connection, config, terminal);
  } finally {
    await connection.close();
  }
}

// What ends it: the person, a signal, a connection that cannot be made at all (bad kubeconfig, foreign server), our bug.
async function onScreen(connection: Connection, config: Config, terminal: Terminal): Promise<number> {
  const refused = new Promise<never>((_, reject) => {
    connection.ready.catch(reject);
    void connection.crashed.then(reject);
  });
  refused.catch(() => {});
  let session: Session | undefined;
  const remember = (view: View, scope: string) => {
    session = {
      context: connection.store.get().cluster.context,
      scope,
      pane: view.pane,
      args: view.args ?? [],
      at: Date.now(),
    };
  };
  const last = readSession(config.stateDir);
  const idle = createIdle(config.idleMs, (resting) => {
    desk.resting.update(() => resting);
    void connection.asks.rest(resting).catch(() => {});
  });
  const kql = createKqlThread();
  const desk = createQueryDesk(kql, config.stateDir, terminal.env);
  const road = roadOf(connection, config);
  const { stdin, stdout, env } = terminal;
  const left = await showFullScreen({ stdin, stdout, env, ascii: config.ascii }, (leave) => {
    refused.catch(leave);
    return <Console {...{ connection, road, desk, config, last, remember, leave }} onPress={idle.press} />;
  });
  idle.stop();
  await kql.close();
  await waitForChanges(connection.store, road.stop, (text) => void terminal.stderr.write(`${text}\n`));
  // A refusal wins over the leaving it caused: it is thrown here and printed on the restored terminal.
  await Promise.race([refused, Promise.resolve()]);
  const problem = session === undefined ? undefined : writeSession(config.stateDir, session);
  if (problem !== undefined && left.reason === 'quit') terminal.stderr.write(`${problem}\n`);
  return left.code;
}

function roadOf({ asks, store }: Connection, { protectedNames }: Config): Road {
  const { get: snapshot, subscribe } = store;
  return createRoad({ asks, snapshot, subscribe, protectedNames, whatIf: asks.policies.whatIf });
}

type ConsoleProps = Readonly<{
  connection: Connection;
  road: Road;
  desk: QueryDesk;
  config: Config;
  last: Session | undefined;
  remember(view: View, scope: string): void;
  onPress(): void;
  leave(): void;
}>;

/** The house put together: the shell with its panes. */
function Console({ connection, road, desk, config, last, remember, onPress, leave }: ConsoleProps) {
  const [props] = useState((): PaneProps => {
    const { store, asks } = connection;
    return {
      store,
      asks,
      road,
      policies: asks.policies,
      desk,
      now: () => serverTime(store.get(), Date.now()),
    };
  });
  const [record] = useState(createSessionRecord);
  useEffect(() => {
    const look = () => record.look(connection.store.get(), serverTime(connection.store.get(), Date.now()));
    return connection.store.subscribe(look);
  }, [connection, record]);
  const greeting = useOpenedWrites(connection, config, props.road) ?? greetingOf(last);
  const headerHeight = useHeaderHeight(connection.store);
  const resources = useResources(connection);
  const words = useMemo(
    () => [
      ...consoleWords(connection, last),
      writeWord(props.road),
      ...actionWords(props),
      ...whyWords(props.policies),
      ...handingOverWords({ connection, desk, config, record }),
      ...runbookWords(connection.store.get),
      ...truthWords(connection.store.get),
      ...kindWords(resources),
    ],
    [connection, last, props, resources, desk, config, record],
  );
  const bindings = useMemo(
    () => [askAgain(connection), verdict, ...walkKeys(() => connection.store.get().judgement)],
    [connection],
  );
  // A word that is none may still be a kind: written another way, or not yet known here. The table says when it is not.
  const openKind = (word: string, args: readonly string[], frame: Frame) => {
    if (resources.length > 0 && findResource(resources, word) === undefined) return false;
    frame.go(tableView(word, ...args));
    return true;
  };
  return (
    <Shell<PaneProps>
      panes={panes}
      home="overview"
      startScope={config.namespace}
      props={props}
      Header={Header}
      Narrow={Narrow}
      headerHeight={headerHeight}
      words={words}
      otherWord={openKind}
      bindings={bindings}
      greeting={greeting}
      onPress={onPress}
      onView={remember}
      onQuit={leave}
    />
  );
}

/** `--write`: opened as soon as there is a server. What came of it is said when it is known. */
function useOpenedWrites(connection: Connection, config: Config, road: Road): string | undefined {
  const [said, setSaid] = useState<string>();
  useEffect(() => {
    if (!config.write) return;
    const open = () => openWrites(road).then(({ text }) => setSaid(text));
    void connection.ready.then(open, () => {});
  }, [connection, config, road]);
  return said;
}

/** The header offers `v` on every pane: where the pane has no why of its own it is the verdict's. */
const verdict: Binding<Frame> = { keys: ['v'], title: 'why', run: (frame) => frame.go({ pane: 'troubleshoot' }) };

/** What the server serves, asked once per connection and again for another cluster: for completion only. */
function useResources(connection: Connection): readonly ApiResource[] {
  const [resources, setResources] = useState<readonly ApiResource[]>([]);
  useEffect(() => {
    const stop = new AbortController();
    const ask = () =>
      connection.asks.resources(stop.signal).then(setResources, () => {
        // The table pane says what is wrong when somebody asks for a kind.
      });
    void connection.ready.then(ask, () => {});
    let { epoch } = connection.store.get();
    const unsubscribe = connection.store.subscribe(() => {
      if (connection.store.get().epoch === epoch) return;
      epoch = connection.store.get().epoch;
      void ask();
    });
    return () => {
      stop.abort();
      unsubscribe();
    };
  }, [connection]);
  return resources;
}

/** Every kind of the server by its plural and short names, as words that open it as a live table. */
function kindWords(resources: readonly ApiResource[]): readonly Word[] {
  const taken = new Set(panes.flatMap((pane) => pane.words));
  return resourceWords(resources)
    .filter((word) => !taken.has(word))
    .map((word) => ({
      word,
      title: `table of ${word}`,
      args: 'NAMESPACE',
      run: (args, frame) => frame.go(tableView(word, ...args)),
    }));
}
