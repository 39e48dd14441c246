import { serverTime } from '../model/server-time.ts';
import type { Store } from '../state/store.ts';

/** What was sent is answered in this time, or is not waited for. */
const patienceMs = 10_000;
/** Whoever leaves so soon after a change has ended may not have read what became of it. */
const unreadMs = 3_000;

/**
 * Whoever leaves while something is being changed is told: what takes several steps ends after the step under way, and that
 * is waited for. Its outcome is worth some seconds.
 */
export async function waitForChanges(
  store: Pick<Store, 'get' | 'subscribe'>,
  stop: () => void,
  say: (text: string) => void,
): Promise<void> {
  const { running } = store.get().jobs;
  for (const { title, inAzure } of running) {
    if (inAzure) say(`${title} goes on in Azure: \`ciliscope plan resume\` follows it to its end.`);
  }
  const under = () =>
    store
      .get()
      .jobs.running.filter(({ inAzure }) => !inAzure)
      .map(({ title }) => title)
      .join(', ');
  if (under() === '') {
    const ended = store.get().jobs.done.at(-1);
    if (ended !== undefined && serverTime(store.get(), Date.now()) - ended.at < unreadMs) say(ended.text);
    return;
  }
  say(`Being done: ${under()}. It ends after the step under way; waiting for that.`);
  stop();
  await new Promise<void>((resolve) => {
    const end = () => {
      clearTimeout(timer);
      unsubscribe();
      resolve();
    };
    const timer = setTimeout(end, patienceMs);
    const unsubscribe = store.subscribe(() => under() === '' && end());
  });
  const last = store.get().jobs.done.at(-1);
  if (under() !== '') say(`Not waited for any longer: ${under()}. The audit file tells what was sent.`);
  else if (last !== undefined) say(last.text);
}
