import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../errors.ts';
import { record, text } from '../../model/objects/raw.ts';
import type { RawObject } from '../../model/objects/row.ts';
import { arrivalOf } from '../../model/plans/arrived.ts';
import type { PlanTarget } from '../../model/plans/deployment-plan.ts';
import type { AgreedChange, OperationEnd, OperationRecord, OperationStep } from '../../model/plans/operation.ts';
import type { AzureConnection } from './azure-connection.ts';
import { followCluster, type Progress, putCluster } from './cluster-put.ts';
import { readCluster } from './cluster-read.ts';
import { type Fault, faultOf } from './operation-fault.ts';
import { otherOwner, thisOwner } from './operation-owner.ts';
import type { OperationRecords } from './operation-records.ts';
import { whoseOperation } from './whose-operation.ts';

/** Operations on managed clusters: sent once, followed to their end, found again after we were cut off. */
export type ClusterOperations = {
  /** Ours on this cluster whose end nobody knows yet. */
  pending(target: PlanTarget): OperationRecord | undefined;
  /** Sends what was agreed on and follows it. Never rejects. */
  begin(change: AgreedChange, follow: Follow): Promise<OperationEnd>;
  /** Finds out what became of one that was begun, and follows it. Sends nothing. Never rejects. */
  resume(operation: OperationRecord, follow: Follow): Promise<OperationEnd>;
};

/** `signal` stops the asking only: what was sent goes on, and stays on record. */
export type Follow = { onStep(step: OperationStep): void; signal: AbortSignal };

export type OperationsOptions = {
  connection: AzureConnection;
  records: OperationRecords;
  /** Told before it is sent and when its end is known. Throws: then nothing is sent. */
  audit(change: AgreedChange, outcome: 'sending' | 'done' | 'refused' | 'unknown', said: string): void;
  waits?: Waits;
};

/** ms. `looks` times it is looked whether a request arrived, before it counts as lost. */
export type Waits = { look: number; looks: number; poll: number; throttled: number };
const usualWaits: Waits = { look: 5_000, looks: 4, poll: 5_000, throttled: 30_000 };
/** So often the same request is sent again, where Azure said that it did nothing with it, or looking showed it. */
const mostSent = 4;
/** So often in a row Azure may be out of reach before we stop asking. */
const mostUnseen = 60;

export function createClusterOperations({
  connection,
  records,
  audit,
  waits = usualWaits,
}: OperationsOptions): ClusterOperations {
  const arm = connection.cloud.arm;

  async function begin(change: AgreedChange, follow: Follow): Promise<OperationEnd> {
    const operation: OperationRecord = { ...change, arm, since: Date.now(), poller: '', owner: thisOwner() };
    const other = records.find(arm, change.target);
    if (other !== undefined) {
      return {
        outcome: 'refused',
        kind: 'refused',
        text: `${other.title} was begun meanwhile and its end is not known: nothing was sent.`,
        hint: '`ciliscope plan resume` follows it to its end.',
      };
    }
    try {
      records.keep(operation);
      audit(change, 'sending', '');
    } catch (error) {
      return {
        outcome: 'refused',
        kind: 'refused',
        text: `It cannot be kept on record (${messageOf(error)}): nothing was sent.`,
        hint: 'Make room or mend the rights of the state folder ($XDG_STATE_HOME).',
      };
    }
    return ended(operation, await send(operation, follow, 1));
  }

  /** A record ends with its operation; where we only stopped asking, it stays. */
  function ended(operation: OperationRecord, end: OperationEnd): OperationEnd {
    if (end.outcome === 'left') return end;
    records.drop(operation);
    const outcome = { done: 'done', refused: 'refused', failed: 'unknown' } as const;
    try {
      audit(operation, outcome[end.outcome], end.outcome === 'done' ? '' : `${end.text} ${end.hint}`.trim());
    } catch {
      // The change itself has been made; it is told on the screen.
    }
    return end;
  }

  async function send(operation: OperationRecord, follow: Follow, times: number): Promise<OperationEnd> {
    const step = steps(operation, follow);
    step('sent to Azure');
    let poller: string;
    try {
      poller = await putCluster(connection, operation, (progress) => step(progressText(progress), progress.percent));
    } catch (error) {
      return notAnswered(operation, faultOf(error), follow, times);
    }
    const kept = { ...operation, poller };
    // What was sent is followed even where the disk is full by now.
    try {
      records.keep(kept);
    } catch {
      step('its state cannot be kept: if this session ends, look for it by hand');
    }
    follow.onStep({ text: 'Azure took it', elapsedMs: Date.now() - operation.since, taken: true });
    return followed(kept, follow);
  }

  async function notAnswered(
    operation: OperationRecord,
    fault: Fault,
    follow: Follow,
    times: number,
  ): Promise<OperationEnd> {
    const step = steps(operation, follow);
    if (fault.kind === 'throttled' && times < mostSent) {
      const wait = fault.retryAfterMs || waits.throttled;
      step(`Azure is asked too much (429): again in ${seconds(wait)}`);
      return (await paused(wait, follow))
        ? send(operation, follow, times + 1)
        : givenUp('Azure had done nothing with it.');
    }
    if (fault.kind === 'busy') return afterTheOther(operation, fault, follow);
    if (fault.kind === 'changed') {
      const what = operation.before === null ? 'It is there already' : 'It was changed since it was read';
      return { outcome: 'refused', kind: 'changed', text: `${what}: nothing of yours was done.`, hint: fault.text };
    }
    if (fault.kind !== 'lost') {
      return { outcome: 'refused', kind: 'refused', text: `Azure refused it: ${fault.text}`, hint: fault.hint };
    }
    step(`no good answer came (${fault.text}): looking whether it arrived`);
    const found = await lookedFor(operation, follow);
    if (found !== 'not') return found;
    if (times >= 2) {
      return {
        ...{ outcome: 'refused', kind: 'lost' },
        text: `Azure did not take it (${fault.text}); looking showed that nothing had changed.`,
        hint: 'Try again later.',
      };
    }
    step('it had not arrived: sent once more');
    return send(operation, follow, times + 1);
  }

  /** Somebody's operation runs: waited for, so that the next reading is a whole one. Nothing of ours was done. */
  async function afterTheOther(operation: OperationRecord, fault: Fault, follow: Follow): Promise<OperationEnd> {
    const step = steps(operation, follow);
    const caller = await whoseOperation(connection, operation.target, follow.signal);
    const by = caller === '' ? '' : ` by ${caller}`;
    const refused = {
      outcome: 'refused',
      kind: 'busy',
      text: `Another operation${by} was under way: ${fault.text}`,
    } as const;
    for (;;) {
      step(`another operation${by} is under way: ${fault.text}`);
      if (!(await paused(waits.poll, follow))) return { ...refused, hint: 'Nothing of yours was done.' };
      try {
        const now = await readCluster(connection, operation.target, follow.signal);
        if (now === undefined || arrivalOf(operation, now.raw, now.etag) !== 'running') {
          return { ...refused, hint: 'It has ended; nothing of yours was done.' };
        }
      } catch (error) {
        const { kind, text: said } = faultOf(error);
        if (kind !== 'lost' && kind !== 'throttled') return { ...refused, hint: `Its end could not be seen: ${said}` };
      }
    }
  }

  /** 'not' where it is as it was for a while; else what became of it. */
  async function lookedFor(operation: OperationRecord, follow: Follow): Promise<OperationEnd | 'not'> {
    const step = steps(operation, follow);
    let quiet = 0;
    for (let unseen = 0; unseen < mostUnseen; ) {
      let arrival: ReturnType<typeof arrivalOf> | 'unseen' = 'unseen';
      let object: RawObject | undefined;
      try {
        const now = await readCluster(connection, operation.target, follow.signal);
        object = now?.raw;
        arrival = arrivalOf(operation, object, now?.etag ?? '');
      } catch (error) {
        const fault = faultOf(error);
        if (fault.kind === 'signed-out' || fault.kind === 'refused') return left(fault);
        unseen += 1;
        step(`Azure cannot be read (${fault.text}): again in ${seconds(waits.poll)}`);
      }
      if (arrival === 'done') return finished(operation, object);
      if (arrival === 'overtaken') return overtaken(operation, object);
      if (arrival === 'running') step(`${text(record(object?.properties).provisioningState)} in Azure`);
      quiet = arrival === 'not' ? quiet + 1 : 0;
      if (quiet >= waits.looks) return 'not';
      if (!(await paused(arrival === 'not' ? waits.look : waits.poll, follow))) return left();
    }
    return left();
  }

  async function followed(operation: OperationRecord, follow: Follow): Promise<OperationEnd> {
    const step = steps(operation, follow);
    const onProgress = (progress: Progress) => step(progressText(progress), progress.percent);
    const how = { signal: follow.signal, everyMs: waits.poll };
    for (;;) {
      try {
        await followCluster(connection, operation.target.subscription, operation.poller, onProgress, how);
        return await finished(operation);
      } catch (error) {
        if (follow.signal.aborted) return left();
        const fault = faultOf(error);
        if (fault.kind === 'signed-out') return left(fault);
        if (fault.kind === 'ended') {
          return { outcome: 'failed', text: `Azure did not bring it to its end: ${fault.text}`, hint: failedHint };
        }
        // What Azure knew of the operation is gone after a day: then the cluster itself is asked.
        if (fault.kind !== 'throttled' && fault.kind !== 'lost') return outcomeByLooking(operation, follow);
        step(`Azure does not say how far it is (${fault.text}): asked again in ${seconds(waits.poll)}`);
        if (!(await paused(fault.retryAfterMs || waits.poll, follow))) return left();
      }
    }
  }

  async function outcomeByLooking(operation: OperationRecord, follow: Follow): Promise<OperationEnd> {
    const found = await lookedFor(operation, follow);
    if (found !== 'not') return found;
    const text = 'Azure took it, but the cluster is as it was before.';
    return { outcome: 'failed', text, hint: failedHint };
  }

  async function finished(operation: OperationRecord, known?: RawObject): Promise<OperationEnd> {
    const read = async () => (await readCluster(connection, operation.target, AbortSignal.timeout(30_000)))?.raw;
    // It is done either way: the reading only shows what it left.
    const object = known ?? (await read().catch(() => undefined));
    const state = text(record(object?.properties).provisioningState);
    if (state === 'Failed' || state === 'Canceled') {
      return { outcome: 'failed', text: `Azure ended it as ${state}.`, hint: failedHint };
    }
    return { outcome: 'done', text: `Azure says ${state || 'that it succeeded'}.`, object };
  }

  async function overtaken(operation: OperationRecord, object: RawObject | undefined): Promise<OperationEnd> {
    const state = text(record(object?.properties).provisioningState);
    if (state === 'Failed' || state === 'Canceled') {
      return {
        outcome: 'failed',
        text: `An operation on it ended as ${state}: it may have been this one.`,
        hint: failedHint,
      };
    }
    const what = object === undefined ? 'It is gone' : 'It was changed by somebody else';
    return {
      ...{ outcome: 'refused', kind: 'changed' },
      text: `${what}: it is not as ${operation.title} would have left it.`,
      hint: 'Plan it again on what is there now.',
    };
  }

  return {
    pending: (target) => records.find(arm, target),
    begin,
    async resume(operation, follow) {
      if (operation.poller !== '') return ended(operation, await followed(operation, follow));
      const pid = otherOwner(operation);
      if (pid !== undefined) {
        const text = `Process ${pid} on this machine is sending it: it was left alone.`;
        return { outcome: 'left', text, hint: '`ciliscope plan resume` follows it once Azure has taken it.' };
      }
      steps(operation, follow)('its answer was never seen: looking whether it arrived');
      const found = await lookedFor(operation, follow);
      if (found !== 'not') return ended(operation, found);
      return ended(operation, {
        ...{ outcome: 'refused', kind: 'lost' },
        text: `It had not arrived: the cluster is as it was before ${operation.title}.`,
        hint: 'Plan it again.',
      });
    },
  };
}

const failedHint =
  'The activity log says why; `az aks operation-abort` and `az aks update` without flags bring a cluster back.';

function left(fault?: Fault): OperationEnd {
  const why = fault === undefined ? 'We stopped asking' : `How far it is cannot be asked: ${fault.text}`;
  return {
    outcome: 'left',
    text: `${why}; in Azure it goes on.`,
    hint: `${fault?.hint ?? ''} \`ciliscope plan resume\` follows it to its end.`.trim(),
  };
}

function givenUp(text: string): OperationEnd {
  return { outcome: 'refused', kind: 'lost', text, hint: '' };
}

function steps(
  operation: Pick<OperationRecord, 'since'>,
  { onStep }: Follow,
): (text: string, percent?: number) => void {
  return (text, percent) =>
    onStep({ text, elapsedMs: Date.now() - operation.since, ...(percent === undefined ? {} : { percent }) });
}

/** False where nobody listens any more. */
async function paused(ms: number, { signal }: Follow): Promise<boolean> {
  try {
    await sleep(ms, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}

function progressText({ status }: Progress): string {
  return `${status} in Azure`;
}

function seconds(ms: number): string {
  return `${Math.ceil(ms / 1_000)} s`;
}
