import { isTriedAgain } from '../../errors.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import { ApiProblem } from './api-problem.ts';
import { type ListWatchOptions, type Progress, unnoticedMs } from './list-watch-progress.ts';
import { backoff, pause } from './waiting.ts';
import { NoInitialEvents } from './watch-stream.ts';

/** A right that is not there is asked for again this seldom. */
const forbiddenMs = 30_000;
/** A kind that is not there is looked for this often: its definition may be installed any moment. */
const missingMs = 4_000;
/** So seldom after a minute, ms. */
const seldomMs = 30_000;

/** Says what went wrong on the source's link, decides where to go on, and waits until it is worth another attempt. */
export async function reactTo(error: unknown, options: ListWatchOptions, progress: Progress): Promise<void> {
  const { client, signal, abilities } = options;
  const { holding } = progress;
  if (error instanceof NoInitialEvents) {
    abilities.watchList = false;
    return;
  }
  const problem = error instanceof ApiProblem ? error : ownFault(error);
  const asked = holding.resume;
  progress.failures += 1;
  switch (problem.kind) {
    case 'refused':
      // Whether it knows lists as streams is told by no version number: it refuses the parameter, to all who ask at once.
      if (asked === '' && progress.streaming) {
        abilities.watchList = false;
        progress.failures -= 1;
        return;
      }
      holding.resume = '';
      return waitAfter(problem, backoff(progress.failures), progress, options);
    case 'expired':
      holding.resume = '';
      say(progress, 'The server no longer had the changes since then: listed anew, what is gone will be taken out.');
      // The first time at once, but a server that says so again and again is not listed in a circle.
      return pause(backoff(progress.failures - 1), signal);
    case 'too-new':
      holding.resume = '';
      return waitAfter(problem, backoff(progress.failures), progress, options);
    case 'unauthorized':
      sayProblem(problem, progress);
      progress.settle();
      await client.readmitted(signal);
      return pause(Math.random() * 300, signal);
    case 'forbidden':
      return forbidden(problem, options, progress);
    case 'missing':
      return missing(options, progress);
    case 'unreachable':
      return unreachable(problem, options, progress);
    case 'throttled':
      return waitAfter(
        problem,
        Math.max(backoff(progress.failures), problem.retryAfterMs * (1 + Math.random() / 10)),
        progress,
        options,
      );
    case 'tls':
    case 'server':
      if (progress.failures > 2) progress.settle();
      return waitAfter(problem, backoff(progress.failures), progress, options);
  }
}

async function waitAfter(
  problem: ApiProblem,
  milliseconds: number,
  progress: Progress,
  { client, signal }: ListWatchOptions,
): Promise<void> {
  sayProblem(problem, progress, client.now() + Math.round(milliseconds));
  await pause(milliseconds, signal);
}

async function unreachable(problem: ApiProblem, options: ListWatchOptions, progress: Progress): Promise<void> {
  const { client, signal } = options;
  const returned = client.returned();
  const first = progress.failures === 1 && progress.link.phase() === 'live';
  let why = problem;
  let told = false;
  const say = () => {
    told = true;
    sayProblem(why, progress);
  };
  const tell = setTimeout(say, first ? unnoticedMs : 0);
  // All sources wait for one scout, and come back a little apart.
  await client.reached(signal, (news) => {
    const same = news.what === why.what;
    why = news;
    if (told && !same) say();
  });
  // That nobody was answered says nothing against this source; the more often it happens, the longer it waits all the same.
  const rest = first || returned.aborted ? Math.min(250 * progress.failures, 4_000) : backoff(progress.failures - 1);
  const next = client.returned();
  await pause(Math.random() * rest, AbortSignal.any([signal, next]));
  if (next.aborted) await pause(Math.random() * 250, signal);
  clearTimeout(tell);
}

async function forbidden(problem: ApiProblem, options: ListWatchOptions, progress: Progress): Promise<void> {
  const { source, namespace, signal } = options;
  if (progress.kind.namespaced && progress.namespace === '' && namespace !== '') {
    voidRows(options, progress);
    progress.namespace = namespace;
    return;
  }
  voidRows(options, progress);
  if (progress.selector !== source.orSelector && source.orSelector !== '') {
    progress.selector = source.orSelector;
    return;
  }
  progress.namespace = source.namespace;
  progress.selector = source.fieldSelector;
  const { plural } = progress.kind;
  const where = source.namespace === '' ? '' : ` in namespace ${source.namespace}`;
  const problemText = `No permission: list ${plural}${where}. Ask for the right to list and watch ${plural}. The server says: ${problem.said}`;
  progress.link.say('forbidden', { problem: problemText });
  progress.settle();
  await pause(forbiddenMs * (0.9 + Math.random() / 5), signal);
}

/** Where it is served: at once. Where it is not: says so, and waits until it is. */
export async function untilServed(options: ListWatchOptions, progress: Progress): Promise<void> {
  const { kind } = progress;
  // Who is not told can only try.
  const version = await options.served
    .version(kind.group, kind.plural, kind.versions, options.signal)
    .catch(() => progress.version);
  if (version === '') return missing(options, progress);
  progress.version = version;
}

async function missing(options: ListWatchOptions, progress: Progress): Promise<void> {
  const { served, signal } = options;
  const { kind } = progress;
  voidRows(options, progress);
  for (let looked = 0; !signal.aborted; looked++) {
    const version = await served.version(kind.group, kind.plural, kind.versions, signal).catch(ofUnseen);
    if (version !== undefined && version !== '' && version !== progress.version) {
      progress.version = version;
      return;
    }
    const name = kind.group === '' ? kind.plural : `${kind.plural}.${kind.group}`;
    progress.link.say('missing', { problem: `This cluster has no ${name}.` });
    progress.settle();
    // Somebody installs it while we are looked at, or it is never there: then it is no reason to ask all day.
    await pause((looked < 15 && !options.source.rare ? missingMs : seldomMs) * (0.9 + Math.random() / 5), signal);
    if (version !== undefined && version !== '') return;
  }

  /** Who may not see what is served can only try; who got no answer knows no more than before. */
  function ofUnseen(error: unknown): string | undefined {
    return error instanceof ApiProblem && error.kind === 'forbidden' ? progress.version : undefined;
  }
}

/** Rows that can no longer be vouched for are taken back. */
function voidRows(options: ListWatchOptions, progress: Progress): void {
  const { holding, kind } = progress;
  progress.whole = false;
  if (holding.rows.size > 0)
    options.sink.change({ type: 'clear', source: options.source.id, kind: kind.id, at: options.client.now() });
  holding.rows.clear();
  holding.resume = '';
}

function sayProblem(problem: ApiProblem, progress: Progress, retryAt?: number): void {
  say(progress, sentence(problem), retryAt);
}

/** Rows are stale once all of them were there; until then the source has failed, however many have come. */
function say({ link, holding, whole }: Progress, text: string, retryAt?: number): void {
  const loaded = holding.rows.size;
  const more = { problem: text, ...(retryAt !== undefined && { retryAt }) };
  link.say(whole ? 'stale' : 'failed', whole || loaded === 0 ? more : { ...more, loaded });
}

function sentence(problem: ApiProblem): string {
  return problem.hint === '' ? problem.what : `${problem.what} ${problem.hint}`;
}

/** An error of our own must not end a watch for good; it is told with its name. */
function ownFault(error: unknown): ApiProblem {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new ApiProblem('server', `Reading failed: ${sanitiseLine(text, 200)}.`, isTriedAgain);
}
