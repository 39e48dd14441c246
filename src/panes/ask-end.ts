import type { PolicyAsks } from '../model/policies/policy-asks.ts';
import type { Frame } from '../ui/pane.ts';
import type { Screen } from '../ui/screen.ts';
import { portArgument, readQuestion, type TypedQuestion } from './named-question.ts';
import { verdictView } from './views.ts';

/** Asks on the bottom line for the end that is not named yet, with what could stand there; the page becomes the answer. */
export function askOtherEnd(screen: Screen, policies: PolicyAsks, known: TypedQuestion, frame: Frame): void {
  const port = portArgument(known);
  const target = known.to === '' ? '' : `${known.to}${port === '' ? '' : ` ${port}`}`;
  screen.ask({
    sign: target !== '' ? `who connects to ${target}: ` : known.from === '' ? 'from, to:port: ' : `${known.from} to: `,
    complete: (text, signal) => completeWords(policies, text, signal),
    onDone(text) {
      const words = text.split(/\s+/).filter((word) => word !== '');
      if (words.length === 0) return;
      const asked = readQuestion(target !== '' ? [...words, known.to, port] : [known.from, ...words].filter(Boolean));
      if (typeof asked === 'string') frame.flash(asked, 'warning');
      else frame.become(verdictView(asked.from, asked.to, portArgument(asked)).args ?? []);
    },
  });
}

/** What an end that begins so could be; nothing once its port is being typed. */
export async function completeEnd(
  policies: PolicyAsks,
  typed: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  return /:\d*$/.test(typed) && !/^(?:fqdn|entity):$/.test(typed) ? [] : policies.ends(typed, signal);
}

/** Whole lines, as the prompt wants them. */
async function completeWords(policies: PolicyAsks, text: string, signal: AbortSignal): Promise<readonly string[]> {
  const at = text.lastIndexOf(' ') + 1;
  const before = text.slice(0, at);
  return (await completeEnd(policies, text.slice(at), signal)).map((end) => before + end);
}
