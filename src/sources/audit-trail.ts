import { randomBytes } from 'node:crypto';
import type { Config } from '../config.ts';
import { messageOf, UserError } from '../errors.ts';
import type { AuditEntry } from '../model/audit.ts';
import { refText } from '../model/ref.ts';
import { sanitiseLine } from '../model/sanitise.ts';
import type { ClusterSession } from './kubernetes/cluster-session.ts';
import { whoAmI } from './kubernetes/rights.ts';
import type { ExecEnding, TellExec } from './kubernetes/tell-exec.ts';
import { audit } from './records/audit-file.ts';

/** What this run of the program tells the audit, on whichever cluster it was done. */
export type AuditTrail = {
  /** A command is about to be run in a container. Rejects as `before` throws; what it resolves with tells how it ended. */
  exec(of: ClusterSession, ...exec: Parameters<TellExec>): Promise<(end: ExecEnding) => void>;
  /** Throws UserError (closed) where the file cannot be written: what cannot be told is not done. */
  before(of: ClusterSession, entry: TrailEntry): void;
  /** Best effort: what it tells of has happened. */
  after(of: ClusterSession, entry: TrailEntry): void;
};

export type TrailEntry = Omit<AuditEntry, 'time' | 'session' | 'context' | 'cluster' | 'server' | 'user'> & {
  /** As the server knows us, where it said; ''. */
  user: string;
};

/** Whom the server knows us as is asked again after this time, and has so long to be said, ms. */
const sameMs = 600_000;
const whoMs = 3_000;

export function createAuditTrail({ stateDir }: Pick<Config, 'stateDir'>): AuditTrail {
  const session = randomBytes(4).toString('hex');
  /** As the server calls us, and when it was asked: somebody may sign in as another meanwhile. */
  const names = new WeakMap<ClusterSession, { at: number; name: Promise<string> }>();

  function write(of: ClusterSession, { user, ...entry }: TrailEntry): void {
    const { context, clusterName = '', server, user: known } = of.facts();
    const time = new Date(of.client.now()).toISOString();
    const cluster = clusterName === '' ? {} : { cluster: clusterName };
    audit(stateDir, { time, session, context, ...cluster, server, user: user || known, ...entry });
  }

  /** '' where it does not say in time: a command that only reads does not wait for that. */
  function whoIs(of: ClusterSession): Promise<string> {
    const asked = names.get(of);
    if (asked !== undefined && performance.now() - asked.at < sameMs) return asked.name;
    const name = whoAmI(of.client, AbortSignal.timeout(whoMs));
    names.set(of, { at: performance.now(), name });
    return name;
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
    async exec(of, { namespace, pod, container }, command) {
      execs += 1;
      const entry = {
        ...{ about: 'exec' as const, job: execs, user: await whoIs(of), action: 'exec' },
        object: refText({ kind: 'Pod', namespace, name: pod }),
        // Every word of it is of the allow-list of reading-commands.ts.
        request: sanitiseLine(`${container}: ${command.join(' ')}`, 500),
      };
      before(of, { ...entry, outcome: 'sending' });
      return ({ outcome, said }) => after(of, { ...entry, outcome, said: sanitiseLine(said, 300) });
    },
  };
}
