import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Config } from '../config.ts';
import { messageOf, UserError } from '../errors.ts';
import type { Change } from '../model/change.ts';
import { policyKinds } from '../model/changeable.ts';
import type { DoneJob, Job, UndoEntry } from '../model/jobs.ts';
import { record } from '../model/objects/raw.ts';
import type { Deployments } from '../model/plans/deployments.ts';
import { refText } from '../model/ref.ts';
import { sanitiseLine } from '../model/sanitise.ts';
import type { UndoRecord } from '../model/undo-record.ts';
import type { NewJob, WriteJobs } from '../model/write-jobs.ts';
import { callText, type WriteAnswer, type WriteRequest } from '../model/writes.ts';
import type { ClusterSession } from './kubernetes/cluster-session.ts';
import { missingRights, type Right, whoAmI } from './kubernetes/rights.ts';
import { createWrites } from './kubernetes/writes.ts';
import { type AuditEntry, audit, hashOf } from './records/audit-file.ts';
import { createUndoFolder } from './records/undo-folder.ts';

export type WriteJobsOptions = {
  config: Config;
  /** Throws UserError while there is no connection. */
  session(): ClusterSession;
  deliver(changes: Change[]): void;
  /** UID of kube-system as the watch told it; '' while it has not. */
  clusterUid(): string;
};

type Running = Job & {
  new: NewJob;
  session: ClusterSession;
  record: UndoRecord;
  /** Something of it may have happened. */
  touched: boolean;
  /** It may have happened, or may yet: what was there before is worth keeping. */
  kept: boolean;
};

const mostDone = 50;

const rights: readonly Right[] = policyKinds.flatMap(({ group, versions, plural, kind, namespaced }) =>
  (['create', 'update', 'delete'] as const).map((verb) => ({
    verb,
    resource: { group, version: versions[0] ?? '', plural, kind },
    namespaced,
  })),
);

/** A change of something that is no object of the cluster, which its own side carries out. `changes`: it sends something. */
export type WholeJob = Pick<Job, 'title' | 'object'> & { changes: boolean };

/** The gate that every change goes through: nothing is sent that was not begun while the window was open. */
export function createWriteJobs({ config, session, deliver, clusterUid }: WriteJobsOptions): Omit<
  WriteJobs,
  keyof Deployments
> & {
  /** The same gate and the same list for jobs that others carry out. `begin` throws a UserError (closed). */
  whole: {
    begin(job: WholeJob): number;
    progress(id: number, text: string): void;
    end(id: number, end: Pick<DoneJob, 'outcome' | 'text'>): void;
  };
  /** Another cluster from here on: the window is closed. */
  moved(): void;
  /** What is being changed just now; '' = nothing. */
  busy(): string;
} {
  const folder = createUndoFolder(config.stateDir);
  const running = new Map<number, Running>();
  const wholes = new Map<number, Job>();
  let opened: { session: ClusterSession; until: number; timer: NodeJS.Timeout; user: string } | undefined;
  let done: readonly DoneJob[] = [];
  let lastJob = 0;

  /** It was done on the cluster that is watched: behind one address there may be another than before. */
  function isHere({ server, cluster }: Pick<UndoRecord, 'server' | 'cluster'>): boolean {
    const uid = clusterUid();
    return server === session().facts().server && (uid === '' || cluster === '' || cluster === uid);
  }

  function tell(): void {
    const under = new Set([...running.values()].flatMap((job) => [job.record.id, job.new.uses]));
    const jobs = {
      window: opened && { until: opened.until },
      running: [
        ...[...running.values()].map(({ id, title, object, since }): Job => ({ id, title, object, since })),
        ...wholes.values(),
      ],
      done,
      // What is being done cannot be taken back before it is known what became of it, nor can anything be twice.
      undo: folder
        .list()
        .filter((record) => isHere(record) && !under.has(record.id))
        .map(entryOf),
    };
    deliver([{ type: 'jobs', jobs }]);
  }

  function close(): void {
    clearTimeout(opened?.timer);
    opened = undefined;
  }

  function isOpen(): boolean {
    // The timer is late after a suspended machine wakes; the clock is not.
    return opened !== undefined && opened.session === session() && Date.now() < opened.until;
  }

  function entry(of: ClusterSession, request: WriteRequest, more: Partial<AuditEntry>): AuditEntry {
    const { context, server, user } = of.facts();
    return {
      time: new Date(of.client.now()).toISOString(),
      job: 0,
      context,
      server,
      user: (opened?.session === of && opened.user) || user,
      action: '',
      object: refText({ kind: request.resource.kind, namespace: request.namespace, name: request.name }),
      request: callText(request),
      outcome: 'sending',
      ...more,
    };
  }

  function checkOpen(): void {
    if (isOpen()) return;
    close();
    tell();
    throw new UserError('The write window is closed: nothing was changed.', ':write opens it.', 'closed');
  }

  function begin(job: NewJob): number {
    checkOpen();
    const now = session();
    const { server, user } = now.facts();
    const kept: UndoRecord = {
      id: `${new Date(now.client.now()).toISOString().replace(/[^\dT]/g, '')}-${randomBytes(3).toString('hex')}`,
      title: job.title,
      verb: job.before === null ? 'delete' : job.verb === 'delete' ? 'create' : 'restore',
      object: job.object,
      at: now.client.now(),
      user: opened?.user || user,
      resource: job.resource,
      cluster: clusterUid(),
      server,
      before: job.before,
    };
    keepOrRefuse(() => folder.keep(kept), 'What is there now cannot be kept for an undo');
    lastJob += 1;
    const { title, object } = job;
    const started = { id: lastJob, title, object, since: now.client.now() };
    running.set(lastJob, { ...started, new: job, session: now, record: kept, touched: false, kept: false });
    tell();
    return lastJob;
  }

  async function send(id: number, request: WriteRequest): Promise<WriteAnswer> {
    const job = running.get(id);
    if (job === undefined) return closed('Nothing of that kind is under way.', '');
    if (!isOf(request, job.new)) {
      return closed('This is not the change that was begun and kept for an undo: nothing was sent.', '');
    }
    const told = (more: Partial<AuditEntry>) =>
      audit(config.stateDir, entry(job.session, request, { job: id, action: job.new.action, ...more }));
    try {
      keepOrRefuse(() => told({ before: hashOf(job.new.before) }), 'The audit file cannot be written');
    } catch (error) {
      return closed((error as UserError).what, (error as UserError).hint);
    }
    const answer = await createWrites(job.session.client).send(request);
    job.touched ||= answer.outcome !== 'refused';
    // What was lost on the way may still arrive, after we stopped looking.
    job.kept ||= job.touched || (answer.outcome === 'refused' && answer.kind === 'lost');
    if (answer.outcome === 'done') {
      // Best effort: without it an undo only cannot tell whether somebody else was there since.
      quietly(() => folder.keep({ ...job.record, after: answer.object ?? null }));
      if (job.new.uses !== '') quietly(() => folder.drop(job.new.uses));
    }
    quietly(() => told(outcomeOf(answer, job.new)));
    return answer;
  }

  return {
    // Nothing is changed by it, so the audit has nothing to tell: an open what-if rehearses again and again.
    rehearse: async (request, signal) => createWrites(session().client).rehearse(request, signal),
    async openWrites(ms, signal) {
      const here = session();
      // Rights in one's own namespace are rights, too.
      const namespace = config.namespace || here.facts().namespace || 'default';
      const missing = await missingRights(here.client, rights, namespace, signal);
      const words = rightWords(missing);
      if (missing.length === rights.length) {
        throw new UserError('You may change no policy here.', `Ask for the right to ${words.join(', ')}.`, 'forbidden');
      }
      const user = await whoAmI(here.client, signal);
      signal.throwIfAborted();
      if (here !== session())
        throw new UserError('Another cluster was chosen meanwhile.', ':write opens it.', 'closed');
      close();
      const timer = setTimeout(() => {
        close();
        tell();
      }, ms);
      timer.unref();
      opened = { session: here, until: Date.now() + ms, timer, user };
      tell();
      return words;
    },
    async closeWrites() {
      close();
      tell();
    },
    beginJob: async (job) => begin(job),
    sendWrite: send,
    async endJob(id, outcome, text) {
      const job = running.get(id);
      running.delete(id);
      if (job === undefined) return undefined;
      if (!job.kept) quietly(() => folder.drop(job.record.id));
      const { title, object } = job;
      done = [...done, { id, title, object, at: job.session.client.now(), outcome, text }].slice(-mostDone);
      tell();
      return job.touched ? entryOf(job.record) : undefined;
    },
    async undoRecord(id) {
      const record = folder.read(id);
      if (!isHere(record)) {
        throw new UserError(
          'That was done on another cluster.',
          `Go to the context of ${sanitiseLine(record.server)}.`,
        );
      }
      return record;
    },
    whole: {
      begin({ changes, ...job }) {
        if (changes) checkOpen();
        lastJob += 1;
        wholes.set(lastJob, { id: lastJob, ...job, since: session().client.now(), progress: '' });
        tell();
        return lastJob;
      },
      progress(id, progress) {
        const job = wholes.get(id);
        if (job === undefined || job.progress === progress) return;
        wholes.set(id, { ...job, progress });
        tell();
      },
      end(id, { outcome, text }) {
        const job = wholes.get(id);
        if (job === undefined || !wholes.delete(id)) return;
        const { title, object } = job;
        done = [...done, { id, title, object, at: session().client.now(), outcome, text }].slice(-mostDone);
        tell();
      },
    },
    moved() {
      close();
      tell();
    },
    busy: () => [...running.values()].map(({ title }) => title).join(', '),
  };
}

/** A kind in a word or two: `create/update/delete networkpolicies`. */
function rightWords(missing: readonly Right[]): readonly string[] {
  const byKind = Map.groupBy(missing, ({ resource }) => resource.plural);
  return [...byKind].map(([plural, kind]) => `${kind.map(({ verb }) => verb).join('/')} ${plural}`);
}

function keepOrRefuse(keep: () => void, what: string): void {
  try {
    keep();
  } catch (error) {
    throw new UserError(
      `${what} (${messageOf(error)}): nothing was changed.`,
      'Make room or mend the rights of the state folder ($XDG_STATE_HOME).',
      'closed',
    );
  }
}

/** What is sent changes the object that was kept for it, in the way that was kept: the one of that uid, where it was there. */
function isOf({ verb, resource, namespace, name, preconditions }: WriteRequest, job: NewJob): boolean {
  const { object, before } = job;
  if (verb !== job.verb || !isDeepStrictEqual(resource, job.resource)) return false;
  if (name !== object.name || namespace !== (object.namespace ?? '')) return false;
  if (verb === 'create') return before === null;
  if (before === null) return verb === 'apply';
  return preconditions.uid === undefined || preconditions.uid === record(before['metadata'])['uid'];
}

function quietly(what: () => void): void {
  try {
    what();
  } catch {
    // The change itself has been made; it is told on the screen.
  }
}

function closed(what: string, hint: string): WriteAnswer {
  return { outcome: 'refused', kind: 'closed', what, hint };
}

function outcomeOf(answer: WriteAnswer, { before }: NewJob): Partial<AuditEntry> {
  if (answer.outcome === 'done') return { outcome: 'done', before: hashOf(before), after: hashOf(answer.object) };
  return { outcome: answer.outcome, said: sanitiseLine(`${answer.what} ${answer.hint}`.trim(), 500) };
}

function entryOf({ id, title, verb, object, at, user }: UndoEntry): UndoEntry {
  return { id, title, verb, object, at, user };
}
