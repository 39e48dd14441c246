import { randomBytes } from 'node:crypto';
import type { Config } from '../config.ts';
import { messageOf, UserError } from '../errors.ts';
import type { AuditEntry } from '../model/audit.ts';
import type { ClusterSession } from './kubernetes/cluster-session.ts';
import { audit } from './records/audit-file.ts';

/** What this run of the program tells the audit, on whichever cluster it was done. */
export type AuditTrail = {
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

  function write(of: ClusterSession, { user, ...entry }: TrailEntry): void {
    const { context, server, user: known } = of.facts();
    const time = new Date(of.client.now()).toISOString();
    audit(stateDir, { time, session, context, server, user: user || known, ...entry });
  }

  return {
    before(of, entry) {
      try {
        write(of, entry);
      } catch (error) {
        throw new UserError(
          `The audit file cannot be written (${messageOf(error)}): nothing was done.`,
          'Make room or mend the rights of the state folder ($XDG_STATE_HOME).',
          'closed',
        );
      }
    },
    after(of, entry) {
      try {
        write(of, entry);
      } catch {
        // It has been done; it is told on the screen.
      }
    },
  };
}
