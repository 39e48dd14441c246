import type { BundleGap, BundlePlan } from '../../model/bundle/bundle-plan.ts';
import type { BundleEvent } from '../../model/bundle/bundle-request.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import { number } from '../../ui/text.ts';

/** What a bundle would take, before anything is asked for. */
export function planLines(plan: BundlePlan, path: string): readonly string[] {
  const { kinds, lists, suspects, logs, commands, metrics } = plan.costs;
  const parts = [
    `${number(kinds.requests)} for which kinds there are`,
    `${counted(lists.requests, 'page')} of lists`,
    ...(suspects.requests > 0 ? [`${counted(suspects.requests, 'suspect')} once more`] : []),
    counted(logs.requests, 'log'),
    `${counted(commands.requests, 'command')} in agents`,
    `${counted(metrics.requests, 'page')} of metrics`,
  ];
  return [
    `About ${number(plan.requests)} requests, at most 4 at once: ${parts.join(', ')}.`,
    `About ${megabytes(plan.bytes)}, packed ${megabytes(plan.packedBytes)}. Secrets are not read, and what looks like one is taken out.`,
    `Logs of the last ${hours(plan.sinceMs)}; agents of ${nodesText(plan)}.`,
    ...gapLines(plan.gaps),
    `It will be written to ${sanitiseLine(path, 300)}.`,
  ];
}

export function endLines({
  bytes,
  requests,
  files,
  redacted,
  gaps,
  stopped,
}: Extract<BundleEvent, { type: 'end' }>): readonly string[] {
  return [
    `${stopped ? 'Stopped; what was read is written' : 'Written'}: ${megabytes(bytes)}, ${number(files)} files, ${number(requests)} requests; secrets taken out in ${number(redacted)} places.`,
    ...gapLines(gaps),
    'Look through it before it leaves your hands: names of objects and addresses are in it.',
  ];
}

const mostGaps = 8;

function gapLines(gaps: readonly BundleGap[]): readonly string[] {
  const more = gaps.length - mostGaps;
  return [
    ...gaps.slice(0, mostGaps).map(({ what, why }) => `  left out: ${what} (${why.replace(/\.$/, '')})`),
    ...(more > 0 ? [`  left out: ${number(more)} more, see manifest.json`] : []),
  ];
}

function nodesText({ nodes }: BundlePlan): string {
  if (nodes.length === 0) return 'no node';
  const named = nodes.slice(0, 4).map(({ name, why }) => `${name} (${why})`);
  return nodes.length > 4 ? `${named.join(', ')} and ${number(nodes.length - 4)} more nodes` : named.join(', ');
}

function counted(n: number, noun: string): string {
  return `${number(n)} ${noun}${n === 1 ? '' : 's'}`;
}

export function megabytes(bytes: number): string {
  if (bytes < 1e5) return `${number(Math.max(1, Math.round(bytes / 1e3)))} KB`;
  return bytes < 1e7 ? `${Math.round(bytes / 1e5) / 10} MB` : `${number(Math.round(bytes / 1e6))} MB`;
}

function hours(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  return minutes % 60 === 0 && minutes > 0 ? counted(minutes / 60, 'hour') : counted(minutes, 'minute');
}
