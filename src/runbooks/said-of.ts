// What some containers said of late that means something: their logs, read by the known patterns.

import { count } from '../checks/words.ts';
import { messageOf, UserError } from '../errors.ts';
import { classifyLine } from '../model/log-patterns/classify-line.ts';
import type { LogPattern, LogProgram } from '../model/log-patterns/log-pattern.ts';
import { readLogLine } from '../model/log-patterns/read-log-line.ts';
import { readLog } from './agent-on-node.ts';
import { speaksFor } from './look.ts';
import type { Evidence, LookAsks } from './runbook.ts';

export type Speaker = { namespace: string; pod: string; container: string; program: LogProgram };
export type Said = { pattern: LogPattern; speaker: Speaker; lines: readonly string[] };

const most = 2_000;

/**
 * Lines of these patterns in the last `sinceMs`, by speaker and pattern, and which logs could not be read. Rejects with a
 * UserError only where none could be.
 */
export async function saidOf(
  asks: Pick<LookAsks, 'logs'>,
  speakers: readonly Speaker[],
  patterns: readonly string[],
  sinceMs: number,
  signal: AbortSignal,
): Promise<{ said: readonly Said[]; missed: string }> {
  const said: Said[] = [];
  const unread: string[] = [];
  for (const speaker of speakers) {
    try {
      said.push(...(await linesOf(asks, speaker, patterns, sinceMs, signal)));
    } catch (error) {
      if (signal.aborted) throw error;
      unread.push(error instanceof UserError ? error.what : messageOf(error));
    }
  }
  if (speakers.length > 0 && unread.length === speakers.length) throw new UserError(unread[0] ?? '', '', 'unread');
  const missed = unread.length === 0 ? '' : `${unread.length} of ${speakers.length} logs were not read: ${unread[0]}`;
  return { said, missed };
}

async function linesOf(
  asks: Pick<LookAsks, 'logs'>,
  speaker: Speaker,
  patterns: readonly string[],
  sinceMs: number,
  signal: AbortSignal,
): Promise<readonly Said[]> {
  const { namespace, pod, container, program } = speaker;
  const sinceSeconds = Math.ceil(sinceMs / 1_000);
  const lines = await readLog(asks, { namespace, pod, container, sinceSeconds, tailLines: most }, signal);
  const known = new Map<string, { pattern: LogPattern; lines: string[] }>();
  for (const line of lines) {
    const found = classifyLine(line, program);
    if (found === undefined || !patterns.includes(found.pattern.id)) continue;
    const one = known.get(found.pattern.id) ?? { pattern: found.pattern, lines: [] };
    const { error } = readLogLine(line);
    one.lines.push(error === '' ? found.message : `${found.message}: ${error}`);
    known.set(found.pattern.id, one);
  }
  return [...known.values()].map((one) => ({ ...one, speaker }));
}

/** What each pattern means, in how many logs it stands how often, and the last line of it. */
export function saidEvidence(said: readonly Said[]): readonly Evidence[] {
  return [...Map.groupBy(said, ({ pattern }) => pattern)].map(([pattern, all]) => {
    const [first] = all;
    const times = all.reduce((sum, { lines }) => sum + lines.length, 0);
    const last = (all.at(-1)?.lines.at(-1) ?? '').slice(0, 200);
    const where = all.length === 1 ? '' : ` in ${count(all.length, 'log')}`;
    return speaksFor(
      `${pattern.meaning} ×${times}${where}, the last: "${last}"`,
      `log of ${first?.speaker.container}`,
      first && { kind: 'Pod', namespace: first.speaker.namespace, name: first.speaker.pod },
    );
  });
}
