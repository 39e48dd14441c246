import { UserError } from '../errors.ts';
import type { Jobs } from '../model/jobs.ts';
import { type Right, rightWords } from '../model/right.ts';
import type { ClusterSession } from './kubernetes/cluster-session.ts';
import { missingRights, whoAmI } from './kubernetes/rights.ts';

/** When changes may be made: for a while, on one cluster, by somebody who may. */
export type WriteWindow = {
  /** Resolves with those of `rights` that are missing. Throws UserError where all are. */
  open(ms: number, rights: readonly Right[], signal: AbortSignal): Promise<readonly Right[]>;
  close(): void;
  /** Throws UserError (closed) where nothing may begin. */
  check(): void;
  now(): Jobs['window'];
  /** As whom the server knows us there; '' where it did not say. */
  userOf(session: ClusterSession): string;
};

export type WriteWindowOptions = {
  /** Throws UserError while there is no connection. */
  session(): ClusterSession;
  /** Of `--namespace`; ''. */
  namespace: string;
  /** It opened or closed. */
  onChange(): void;
};

type Opened = {
  session: ClusterSession;
  until: number;
  timer: NodeJS.Timeout;
  user: string;
  missing: readonly Right[];
};

export function createWriteWindow({ session, namespace, onChange }: WriteWindowOptions): WriteWindow {
  let opened: Opened | undefined;

  function close(): void {
    clearTimeout(opened?.timer);
    opened = undefined;
    onChange();
  }

  return {
    async open(ms, rights, signal) {
      const here = session();
      // Rights in one's own namespace are rights, too.
      const own = namespace || here.facts().namespace || 'default';
      const missing = await missingRights(here.client, rights, own, signal);
      if (missing.length === rights.length) {
        const words = rightWords(missing).join(', ');
        throw new UserError('You may change nothing here.', `Ask for the right to ${words}.`, 'forbidden');
      }
      const user = await whoAmI(here.client, signal);
      signal.throwIfAborted();
      if (here !== session())
        throw new UserError('Another cluster was chosen meanwhile.', ':write opens it.', 'closed');
      clearTimeout(opened?.timer);
      const timer = setTimeout(close, ms);
      timer.unref();
      opened = { session: here, until: Date.now() + ms, timer, user, missing };
      onChange();
      return missing;
    },
    close,
    check() {
      // The timer is late after a suspended machine wakes; the clock is not.
      if (opened !== undefined && opened.session === session() && Date.now() < opened.until) return;
      close();
      throw new UserError('The write window is closed: nothing was changed.', ':write opens it.', 'closed');
    },
    now: () => opened && { until: opened.until, missing: opened.missing },
    userOf: (of) => (opened?.session === of ? opened.user : ''),
  };
}
