import type { Road } from '../actions/road.ts';
import { messageOf } from '../errors.ts';
import type { Word } from '../ui/pane.ts';
import type { Tone } from '../ui/theme.ts';
import { parseDuration } from './duration.ts';

const usualMs = 10 * 60_000;
/** Nobody needs longer at one stretch, and a window that was forgotten closes. */
const longestMs = 60 * 60_000;

/** `:write` opens for ten minutes, `:write 5m` for five, `:write off` closes. */
export function writeWord(road: Road): Word {
  return {
    word: 'write',
    title: 'open for changes, for ten minutes; :write off closes',
    args: '10m | off',
    complete: () => ['5m', '10m', '30m', 'off'],
    run([word = ''], frame) {
      if (word === 'off') {
        void road.close().then(() => frame.flash('read-only again', 'ok'));
        return;
      }
      void openWrites(road, word).then(({ text, tone }) => frame.flash(text, tone));
    },
  };
}

/** Opens the write window; resolves with what is to be said of it. */
export async function openWrites(road: Pick<Road, 'open'>, duration = ''): Promise<{ text: string; tone: Tone }> {
  try {
    const ms = duration === '' ? usualMs : parseDuration(duration, ':write');
    if (ms < 1_000 || ms > longestMs) return { text: `:write takes 1s to 60m, not ${duration}`, tone: 'warning' };
    const missing = await road.open(ms);
    if (missing.length === 0) return { text: 'open for changes; each is shown before it is made', tone: 'ok' };
    return { text: `open for changes, but you may not: ${missing.join(', ')}`, tone: 'warning' };
  } catch (error) {
    return { text: `still read-only: ${messageOf(error)}`, tone: 'warning' };
  }
}
