import { setTimeout as sleep } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import { dateAndClock } from '../../model/clock.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import { problemOf } from './answer-body.ts';
import { ApiProblem, signInAgain } from './api-problem.ts';
import type { Credentials, Identity } from './credentials.ts';
import type { Ask, HttpPool } from './http-pool.ts';
import { untilAborted } from './waiting.ts';

/** Who we are to the server, and what follows when it does not let us in. */
export type Admission = {
  /**
   * Sends with the credentials we have. On a 401 they are renewed once and the request is sent again; one request tries
   * that for all who were refused. Throws ApiProblem, `unauthorized` when that did not help.
   */
  send(ask: Ask): Promise<Dispatcher.ResponseData>;
  /**
   * Resolves when the server lets us in again. Until then every request is refused here, without being sent: one scout
   * asks for all, ever more seldom, with credentials read anew.
   */
  readmitted(signal: AbortSignal): Promise<void>;
};

export type AdmissionOptions = {
  credentials: Credentials;
  pool: HttpPool;
  /** The scout must be answered in this time, ms. */
  probeMs: number;
  closing: AbortSignal;
};

/** The scout's pauses grow by this, up to six times of it. */
const restMs = 5_000;

export function createAdmission({ credentials, pool, probeMs, closing }: AdmissionOptions): Admission {
  let refusal: ApiProblem | undefined;
  let scouting: Promise<void> | undefined;
  /** One refused request that is being tried again with renewed credentials; resolves to whether it was let in. */
  let trial: Promise<boolean> | undefined;

  async function tryAgain(ask: Ask, refused: Identity, problem: ApiProblem): Promise<Dispatcher.ResponseData> {
    await credentials.renew(refused).catch((error: unknown) => refuse(signInProblem(error)));
    return sendAgain(ask, problem);
  }

  async function sendAgain(ask: Ask, problem: ApiProblem): Promise<Dispatcher.ResponseData> {
    // Also with the same credentials as before: servers have refused good ones for a moment.
    const answer = await pool.send(ask, await identityFor(credentials).catch(refuse));
    return answer.statusCode === 401 ? refuse(problem) : answer;
  }

  /** From here on nothing is sent, until the scout that leaves now comes back with good news. */
  function refuse(error: unknown): never {
    refusal = signInProblem(error);
    scouting ??= scout()
      // Whoever waits may have left already, and nobody hears of its end.
      .catch(() => {})
      .finally(() => {
        scouting = undefined;
        refusal = undefined;
      });
    throw refusal;
  }

  async function scout(): Promise<void> {
    for (let attempt = 1; !closing.aborted; attempt++) {
      await sleep(restMs * Math.min(attempt, 6) * (1 + Math.random() * 0.1), undefined, { signal: closing });
      try {
        await credentials.renew();
        const identity = await credentials.identity();
        const answer = await pool.send(
          { verb: 'GET', resource: 'version', path: '/version', headMs: probeMs },
          identity,
        );
        for await (const _ of answer.body);
        if (answer.statusCode !== 401) return;
      } catch {
        // Still refused, or unreachable by now: the next round tells.
      }
    }
  }

  return {
    async send(ask) {
      // What would be sent now is sure to be refused, and is asked a second time then.
      if (trial !== undefined) await untilAborted(trial, ask.signal);
      if (refusal !== undefined) throw refusal;
      const identity = await identityFor(credentials).catch(refuse);
      const answer = await pool.send(ask, identity);
      if (answer.statusCode !== 401) return answer;
      const problem = explain(await problemOf(answer, ask), identity);
      while (trial !== undefined) {
        const admitted = await trial;
        if (admitted && refusal === undefined) return sendAgain(ask, problem);
      }
      // Somebody else may have tried, and failed, while we waited for this answer.
      if (refusal !== undefined) throw refusal;
      const answered = tryAgain(ask, identity, problem);
      const over = (admitted: boolean) => {
        trial = undefined;
        return admitted;
      };
      trial = answered.then(
        () => over(true),
        () => over(false),
      );
      return answered;
    },
    async readmitted(signal) {
      if (scouting !== undefined) await untilAborted(scouting, signal);
    },
  };
}

async function identityFor(credentials: Credentials): Promise<Identity> {
  try {
    return await credentials.identity();
  } catch (error) {
    throw signInProblem(error);
  }
}

/** A plugin that fails, a file that is gone: to whoever asks it is the same as credentials that are refused. */
function signInProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  const user = error as { what?: string; hint?: string; message?: string };
  return new ApiProblem('unauthorized', user.what ?? sanitiseLine(user.message), user.hint ?? signInAgain);
}

function explain(refusal: ApiProblem, identity: Identity): ApiProblem {
  if (identity.expires === 0 || identity.expires > Date.now()) return refusal;
  return new ApiProblem('unauthorized', `The credentials expired on ${dateAndClock(identity.expires)}.`, signInAgain, {
    status: 401,
  });
}
