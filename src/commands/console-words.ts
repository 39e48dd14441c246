import { messageOf } from '../errors.ts';
import { kinds } from '../model/kinds.ts';
import { serverTime } from '../model/server-time.ts';
import { signIn } from '../panes/sign-in.tsx';
import type { Binding } from '../ui/keys/binding.ts';
import type { Frame, View, Word } from '../ui/pane.ts';
import { cutEnd } from '../ui/text.ts';
import type { Connection } from './connect.ts';
import type { Session } from './session-file.ts';

/** Words and keys of the program itself rather than of a pane. */
export function consoleWords(connection: Connection, last: Session | undefined): readonly Word[] {
  return [
    {
      word: 'relist',
      title: 'list a watched kind anew',
      args: 'KIND',
      complete: () => watchable,
      run: (args, frame) => relist(connection, args, frame),
    },
    {
      word: 'resume',
      title: 'where the last session ended',
      unless: () => (last === undefined ? 'there is no session to go back to' : undefined),
      run: (_args, frame) => {
        if (last !== undefined) void resume(connection, last, frame);
      },
    },
    {
      word: 'login',
      title: 'sign in to Azure with a code',
      unless: () => azureOff(connection),
      run: (_args, frame) =>
        signIn({ ...connection, now: () => serverTime(connection.store.get(), Date.now()) }, frame),
    },
    {
      word: 'logout',
      title: 'sign out of Azure',
      unless: () => azureOff(connection),
      run: (_args, frame) => {
        connection.asks.azure.signOut().then(
          () => frame.flash('signed out of Azure; az itself stays logged in'),
          (error: unknown) => frame.flash(messageOf(error), 'warning'),
        );
      },
    },
    {
      word: 'notice',
      title: 'copy what stands under the verdict',
      unless: () => (connection.store.get().cluster.notice ? undefined : 'nothing stands there'),
      run: (_args, frame) => frame.copy(connection.store.get().cluster.notice ?? ''),
    },
  ];
}

function azureOff({ store }: Connection): string | undefined {
  return store.get().facts.azureLogin?.value?.state === 'off' ? 'started with --no-azure' : undefined;
}

/** Offered only where there is something to go back to: the overview of the same cluster is where one is. */
export function greetingOf(last: Session | undefined): string {
  if (last === undefined || (last.pane === 'overview' && last.scope === '')) return '';
  const scope = last.scope === '' ? '' : `, ns ${last.scope}`;
  const where = last.context === '' ? '' : ` on ${last.context}`;
  // Some panes are handed whole texts.
  const view = cutEnd([last.pane, ...last.args].join(' '), 40);
  return `last time: ${view}${scope}${where} · :resume goes there`;
}

export function askAgain(connection: Connection): Binding<Frame> {
  return {
    keys: ['ctrl-r'],
    title: 'ask again',
    unless: () => {
      const snapshot = connection.store.get();
      const now = serverTime(snapshot, Date.now());
      const until = Math.max(0, ...[...snapshot.links.values()].map((link) => link.retryAt ?? 0));
      return until > now ? `the server asked us to wait ${Math.ceil((until - now) / 1_000)}s` : undefined;
    },
    run: (frame) => {
      // What is watched is never stale by itself: only what is polled is asked for again. How Azure answers its own pane says.
      if (azureOff(connection) === undefined)
        connection.asks.azure.refresh(new AbortController().signal).catch(() => {});
      connection.asks.rest(false).then(
        () => frame.flash('asked how the server is; watched lists come by themselves (:relist KIND)'),
        (error: unknown) => frame.flash(messageOf(error), 'warning'),
      );
    },
  };
}

const watchable: readonly string[] = ['systemPods', ...Object.values(kinds).map(({ plural }) => plural)];

function relist(connection: Connection, [word = '']: readonly string[], frame: Frame): void {
  if (word === '') {
    frame.flash(':relist needs a kind, such as pods', 'warning');
    return;
  }
  const wanted = word.toLowerCase();
  const kind = Object.values(kinds).find(({ id, plural }) => id.toLowerCase() === wanted || plural === wanted);
  const sources =
    wanted === 'pods' ? ['systemPods', 'pods'] : [wanted === 'systempods' ? 'systemPods' : (kind?.id ?? word)];
  Promise.all(sources.map((source) => connection.asks.relist(source))).then(
    () => frame.flash(`${word} are being listed anew; the rows stay until it is done`),
    (error: unknown) => frame.flash(messageOf(error), 'warning'),
  );
}

async function resume({ asks, store }: Connection, last: Session, frame: Frame): Promise<void> {
  const { context } = store.get().cluster;
  try {
    // biome-ignore lint/correctness/useHookAtTopLevel: a context of the kubeconfig, not one of React
    if (last.context !== '' && last.context !== context) await asks.useContext(last.context);
  } catch (error) {
    frame.flash(messageOf(error), 'warning');
    return;
  }
  const view: View = last.args.length === 0 ? { pane: last.pane } : { pane: last.pane, args: last.args };
  frame.setScope(last.scope);
  frame.go(view);
}
