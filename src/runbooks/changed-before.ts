import { age } from '../checks/words.ts';
import { clock } from '../model/clock.ts';
import { refText } from '../model/ref.ts';
import type { TimelineEntry } from '../model/timeline.ts';
import { seen } from './look.ts';
import type { Evidence, RunState } from './runbook.ts';

/** What somebody does, as against what follows by itself. */
const deeds = new Set(['edited', 'rollout', 'scaled', 'image', 'deleted', 'upgraded', 'created', 'cordoned']);

/**
 * What was done within an hour before a trouble began, the nearest first: by time only, which proves nothing. `concerns`
 * says which changes can have to do with it.
 */
export function changedBefore(
  { snapshot }: Pick<RunState, 'snapshot'>,
  since: number,
  concerns: (entry: TimelineEntry) => boolean,
  most = 4,
): readonly Evidence[] {
  return snapshot.timeline.entries
    .filter(({ at, what }) => deeds.has(what) && at <= since && at >= since - windowMs)
    .filter(concerns)
    .slice(0, most)
    .map((entry) => seen(`≈ ${age(since - entry.at)} before: ${changeText(entry)}`, 'timeline', entry.object));
}

const windowMs = 60 * 60_000;

/** Of what runs the network: cilium-config, the workloads of kube-system, nodes and their configuration. */
export function isOfTheNetwork({ object: { kind, namespace, name } }: TimelineEntry): boolean {
  if (kind === 'Node' || kind === 'CiliumNodeConfig') return true;
  if (namespace !== 'kube-system') return false;
  return kind === 'DaemonSet' || kind === 'Deployment' || (kind === 'ConfigMap' && name.startsWith('cilium'));
}

function changeText({ at, what, object, others = [], detail, who }: TimelineEntry): string {
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  return `${what} ${refText(object)}${more}${detail === '' ? '' : `, ${detail}`}${who === '' ? '' : `, by ${who}`} at ${clock(at)}`;
}
