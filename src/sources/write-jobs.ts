import { randomBytes } from 'node:crypto';
import type { Config } from '../config.ts';
import { messageOf, UserError } from '../errors.ts';
import type { Change } from '../model/change.ts';
import type { DoneJob, Job, UndoEntry } from '../model/jobs.ts';
import { record } from '../model/objects/raw.ts';
import type { Deployments } from '../model/plans/deployments.ts';
import { refText } from '../model/ref.ts';
import { sanitiseLine } from '../model/sanitise.ts';
import type { UndoRecord } from '../model/undo-record.ts';
import type { NewJob, WriteJobs } from '../model/write-jobs.ts';
import { callText, type WriteAnswer, type WriteRequest } from '../model/writes.ts';
import type { AuditTrail, TrailEntry } from './audit-trail.ts';
import { type BegunRequests, createBegunRequests } from './begun-requests.ts';
import type { ClusterSession } from './kubernetes/cluster-session.ts';
import { createWrites } from './kubernetes/writes.ts';
import { hashOf } from './records/audit-file.ts';
import { createUndoFolder } from './records/undo-folder.ts';
import { createWriteWindow } from './write-window.ts';

export type WriteJobsOptions = {
  config: Config;
  /** Throws UserError while there is no connection. */
  session(): ClusterSession;
  deliver(changes: Change[]): void;
  /** UID of kube-system as the watch told it; '' while it has not. */
  clusterUid(): string;
  trail: AuditTrail;
};

type Running = {
  job: Job;
  new: NewJob;
  session: ClusterSession;
  user: string;
  requests: BegunRequests;
  /** Undefined: it cannot be taken back. */
  record: UndoRecord | undefined;
  /** Something of it may have happened. */
  touched: boolean;
  /** It may have happened, or may yet: what was there before is worth keeping. */
  kept: boolean;
};

const mostDone = 50;

/** A change of something that is no object of the cluster, which its own side carries out. `changes`: it sends something. */
export type WholeJob = Pick<Job, 'title' | 'object'> & { changes: boolean };

/** The gate that every change goes through: nothing is sent that was not begun while the window was open. */
export function createWriteJobs({ config, session, deliver, clusterUid, trail }: WriteJobsOptions): Omit<
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
  const window = createWriteWindow({ session, namespace: config.namespace, onChange: tell });
  const running = new Map<number, Running>();
  const wholes = new Map<number, Job>();
  /** Of the cluster that is watched: on the next one nobody may take them for its own. */
  let done: readonly DoneJob[] = [];
  let firstHere = 1;
  let lastJob = 0;

  /** It was done on the cluster that is watched: behind one address there may be another than before. */
  function isHere({ server, cluster }: Pick<UndoRecord, 'server' | 'cluster'>): boolean {
    const uid = clusterUid();
    return server === session().facts().server && (uid === '' || cluster === '' || cluster === uid);
  }

  function tell(): void {
    const under = new Set([...running.values()].flatMap((one) => [one.record?.id ?? '', one.new.uses]));
    const jobs = {
      window: window.now(),
      running: [...[...running.values()].map(({ job }) => job), ...wholes.values()],
      done,
      // What is being done cannot be taken back before it is known what became of it, nor can anything be twice.
      undo: folder
        .list()
        .filter((record) => isHere(record) && !under.has(record.id))
        .map(entryOf),
    };
    deliver([{ type: 'jobs', jobs }]);
  }

  function ended(job: Job, at: number, end: Pick<DoneJob, 'outcome' | 'text'>): void {
    const { id, title, object } = job;
    // What Azure went on with may end after its cluster was left.
    if (id >= firstHere) done = [...done, { id, title, object, at, ...end }].slice(-mostDone);
    tell();
  }

  function begin(job: NewJob): number {
    window.check();
    checkFirst(job);
    const now = session();
    const user = window.userOf(now) || now.facts().user;
    const at = now.client.now();
    const record = job.noUndo ? undefined : recordOf(job, { at, user, server: now.facts().server });
    if (record !== undefined) keepOrRefuse(() => folder.keep(record));
    lastJob += 1;
    const { title, object } = job;
    running.set(lastJob, {
      ...{ job: { id: lastJob, title, object, since: at }, new: job, session: now, user, record },
      ...{ requests: createBegunRequests(job.requests), touched: false, kept: false },
    });
    tell();
    return lastJob;
  }

  function recordOf(job: NewJob, of: Pick<UndoRecord, 'at' | 'user' | 'server'>): UndoRecord {
    const { resource, verb, body } = job.requests[0];
    return {
      id: `${new Date(of.at).toISOString().replace(/[^\dT]/g, '')}-${randomBytes(3).toString('hex')}`,
      title: job.title,
      verb: job.before === null ? 'delete' : verb === 'delete' ? 'create' : 'restore',
      object: job.object,
      ...of,
      resource,
      cluster: clusterUid(),
      before: job.before,
      ...(verb === 'patch' && body !== undefined ? { patch: body } : {}),
    };
  }

  async function send(id: number, request: WriteRequest): Promise<WriteAnswer> {
    const job = running.get(id);
    if (job === undefined) return closed('Nothing of that kind is under way.');
    const index = job.requests.take(request);
    if (index === undefined) {
      return closed('This is not the change that was begun and kept for an undo: nothing was sent.');
    }
    // What an undo takes back is what the first request changes.
    const what = index === 0 ? { before: hashOf(job.new.before), difference: job.new.difference } : { before: '' };
    try {
      trail.before(job.session, entry(id, job, request, what));
    } catch (error) {
      const refused = closed((error as UserError).what, (error as UserError).hint);
      job.requests.answered(index, refused);
      return refused;
    }
    const answer = await createWrites(job.session.client).send(request);
    job.requests.answered(index, answer);
    job.touched ||= answer.outcome !== 'refused';
    // What was lost on the way may still arrive, after we stopped looking.
    job.kept ||= job.touched || (answer.outcome === 'refused' && answer.kind === 'lost');
    if (answer.outcome === 'done' && index === 0) {
      const { record } = job;
      // Best effort: without it an undo only cannot tell whether somebody else was there since.
      if (record !== undefined) quietly(() => folder.keep({ ...record, after: answer.object ?? null }));
      if (job.new.uses !== '') quietly(() => folder.drop(job.new.uses));
    }
    // What was made for a while is gone again: nothing is left to be taken back.
    if (answer.outcome === 'done' && isItsEnd(job.new.requests[0], request)) job.touched = job.kept = false;
    trail.after(job.session, entry(id, job, request, { ...what, ...outcomeOf(answer) }));
    return answer;
  }

  return {
    // Nothing is changed by it, so the audit has nothing to tell: an open what-if rehearses again and again.
    rehearse: async (request, signal) => createWrites(session().client).rehearse(request, signal),
    openWrites: window.open,
    async closeWrites() {
      window.close();
    },
    beginJob: async (job) => begin(job),
    sendWrite: send,
    async tellJob(id, progress, stopping) {
      const one = running.get(id);
      if (one === undefined) return;
      one.job = { ...one.job, progress, ...(stopping ? { stopping } : {}) };
      tell();
    },
    async endJob(id, outcome, text) {
      const job = running.get(id);
      running.delete(id);
      if (job === undefined) return undefined;
      const { record, session: of } = job;
      if (record !== undefined && !job.kept) quietly(() => folder.drop(record.id));
      const { action, title, object } = job.new;
      const said = sanitiseLine(text, 500);
      const end = { about: 'end', job: id, user: job.user, action, title, object: refText(object) } as const;
      trail.after(of, { ...end, request: '', outcome, said });
      ended(job.job, of.client.now(), { outcome, text });
      return job.touched && record !== undefined ? entryOf(record) : undefined;
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
        if (changes) window.check();
        lastJob += 1;
        wholes.set(lastJob, { id: lastJob, ...job, since: session().client.now(), progress: '', inAzure: true });
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
        ended(job, session().client.now(), { outcome, text });
      },
    },
    moved() {
      done = [];
      firstHere = lastJob + 1;
      window.close();
    },
    busy: () => [...running.values()].map(({ job }) => job.title).join(', '),
  };
}

/** What is kept for an undo is what the first request is about: the one of that uid, where it was there. */
function checkFirst({ requests: [{ verb, preconditions, subresource }], before, noUndo }: NewJob): void {
  if (noUndo || subresource !== undefined) return;
  const isAbout =
    before === null
      ? verb === 'create' || verb === 'apply'
      : verb !== 'create' &&
        (preconditions.uid === undefined || preconditions.uid === record(before['metadata'])['uid']);
  if (!isAbout) throw new UserError('What was kept for an undo is not what would be changed.', '', 'closed');
}

function keepOrRefuse(keep: () => void): void {
  try {
    keep();
  } catch (error) {
    throw new UserError(
      `What is there now cannot be kept for an undo (${messageOf(error)}): nothing was changed.`,
      'Make room or mend the rights of the state folder ($XDG_STATE_HOME).',
      'closed',
    );
  }
}

function entry(id: number, { new: job, user }: Running, request: WriteRequest, more: Partial<TrailEntry>): TrailEntry {
  const { action, title } = job;
  const object = refText({ kind: request.resource.kind, namespace: request.namespace, name: request.name });
  return { job: id, user, action, title, object, request: callText(request), outcome: 'sending', ...more };
}

function isItsEnd(first: WriteRequest, { verb, resource, namespace, name }: WriteRequest): boolean {
  if (first.verb !== 'create' || verb !== 'delete') return false;
  return first.resource.plural === resource.plural && first.namespace === namespace && first.name === name;
}

function quietly(what: () => void): void {
  try {
    what();
  } catch {
    // The change itself has been made; it is told on the screen.
  }
}

function closed(what: string, hint = ''): WriteAnswer {
  return { outcome: 'refused', kind: 'closed', what, hint };
}

function outcomeOf(answer: WriteAnswer): Partial<TrailEntry> {
  if (answer.outcome === 'done') return { outcome: 'done', after: hashOf(answer.object) };
  return { outcome: answer.outcome, said: sanitiseLine(`${answer.what} ${answer.hint}`.trim(), 500) };
}

function entryOf({ id, title, verb, object, at, user }: UndoEntry): UndoEntry {
  return { id, title, verb, object, at, user };
}
