import { randomBytes } from 'node:crypto';
import type { Config } from '../config.ts';
import { messageOf, UserError } from '../errors.ts';
import type { AuditEntry } from '../model/audit.ts';
import { refText } from '../model/ref.ts';
import { sanitiseLine } from '../model/sanitise.ts';
import type { ClusterSession } from './kubernetes/cluster-session.ts';
import type { ExecEnding, TellExec } from './kubernetes/tell-exec.ts';
import { audit } from './records/audit-file.ts';

/** What this run of the program tells the audit, on whichever cluster it was done. */
export type AuditTrail = {
  /** A command is about to be run in a container. Throws as `before`; what it returns tells how it ended. */
  exec(of: ClusterSession, ...exec: Parameters<TellExec>): (end: ExecEnding) => void;
  /** Throws UserError (closed) where the file cannot be written: what cannot be told is not done. */
  before(of: ClusterSession, entry: TrailEntry): void;
  /** Best effort: what it tells of has happened. */
  after(of: ClusterSession, entry: TrailEntry): void;
};

export type TrailEntry = Omit<AuditEntry, 'time' | 'session' | 'context' | 'server' | 'user'> & {
  /** As the server knows us, where it said; ''. */
  user: string;
};

export function createAuditTrail({ stateDir }: Pick<Config, 'stateDir'>): AuditTrail {
  const session = randomBytes(4).toString('hex');
  /** As the server called us where a change was told: commands run there are of the same person. */
  const names = new WeakMap<ClusterSession, string>();

  function write(of: ClusterSession, { user, ...entry }: TrailEntry): void {
    const { context, server, user: known } = of.facts();
    if (user !== '') names.set(of, user);
    const time = new Date(of.client.now()).toISOString();
    audit(stateDir, { time, session, context, server, user: names.get(of) ?? known, ...entry });
  }

  let execs = 0;

  function before(of: ClusterSession, entry: TrailEntry): void {
    try {
      write(of, entry);
    } catch (error) {
      throw new UserError(
        `The audit file cannot be written (${messageOf(error)}): nothing was done.`,
        'Make room or mend the rights of the state folder ($XDG_STATE_HOME).',
        'closed',
      );
    }
  }

  function after(of: ClusterSession, entry: TrailEntry): void {
    try {
      write(of, entry);
    } catch {
      // It has been done; it is told on the screen.
    }
  }

  return {
    before,
    after,
    exec(of, { namespace, pod, container }, command) {
      execs += 1;
      const entry = {
        ...{ about: 'exec' as const, job: execs, user: '', action: 'exec' },
        object: refText({ kind: 'Pod', namespace, name: pod }),
        // Every word of it is of the allow-list of reading-commands.ts.
        request: sanitiseLine(`${container}: ${command.join(' ')}`, 500),
      };
      before(of, { ...entry, outcome: 'sending' });
      return ({ outcome, said }) => after(of, { ...entry, outcome, said: sanitiseLine(said, 300) });
    },
  };
}
