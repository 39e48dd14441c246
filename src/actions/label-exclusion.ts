import { UserError } from '../errors.ts';
import { agents, isWanted } from '../model/agents.ts';
import { record } from '../model/objects/raw.ts';
import { parseLabelFilter } from '../model/policies/label-filter.ts';
import { policyText } from '../model/policies/rule.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { ApiKind } from '../model/writes.ts';
import type { Action } from './action.ts';
import { isManaged, withoutCilium } from './cilium-here.ts';
import { readLive, uidOf, versionOf } from './live-object.ts';
import { counted, someOf } from './names.ts';
import { planOf } from './plan-of.ts';
import { policiesSelectingBy } from './selected-labels.ts';
import { sendPlanned } from './send-planned.ts';

/** Label keys to be left out of identities, besides those that are already: `spark-app-selector`. */
export type LabelExclusion = { keys: readonly string[] };

export const labelExclusion: Action<LabelExclusion> = {
  id: 'label-exclusion',
  title: 'leave labels out of identities',
  says: 'Adds label keys to the `labels` of cilium-config, so that pods that differ in nothing else share one identity: the one edit of cilium-config that AKS supports and keeps. It takes effect on a node when its agent restarts; pods there get new identities then. Policies that select by such a label stop matching it: they are named. Every key is left out as it is written and nothing else. :undo puts the value of before back, and agents must restart again.',
  dangerous: true,
  rights: [{ verb: 'patch', group: '', plural: 'configmaps', namespace: 'kube-system' }],
  refuses: (_, snapshot) => withoutCilium(snapshot),
  async plan({ keys }, world, signal) {
    const bad = keys.find((key) => !KEY.test(key));
    if (keys.length === 0)
      throw new UserError('No label is named.', 'Name its key: :exclude-label spark-app-selector.');
    if (bad !== undefined)
      throw new UserError(`${bad} is no key of a label.`, 'A key is such as app.kubernetes.io/name.');
    const place = { resource: configMapKind, namespace: 'kube-system', name: 'cilium-config' };
    const live = await readLive(world, place, signal);
    if (live === undefined) throw new UserError('There is no ConfigMap cilium-config in kube-system.', '', 'missing');
    const told = record(live.data).labels;
    const before = typeof told === 'string' ? told : '';
    const words = before.split(/\s+/).filter((word) => word !== '');
    const more = keys.map(exclusion).filter((word) => !words.includes(word));
    if (more.length === 0)
      throw new UserError(
        `Left out already: ${keys.join(', ')}.`,
        'Agents that have not restarted since still count it.',
      );
    const after = [...words, ...more].join(' ');
    const snapshot = world.snapshot();
    return planOf({
      action: 'label-exclusion',
      title: `leave ${someOf(keys)} out of identities`,
      request: {
        verb: 'patch',
        ...place,
        body: { data: { labels: after } },
        preconditions: { uid: uidOf(live), resourceVersion: versionOf(live) },
      },
      live,
      reach: reachOf(snapshot, before, after),
      warnings: warningsOf(snapshot, keys, world.now()),
      dangerous: true,
      world,
      signal,
      own: {
        sentence: `Sets labels of cilium-config to \`${after}\`.`,
        undo: ':undo puts the value of before back; agents that restarted meanwhile must restart again.',
        verify:
          'Done when the watch shows cilium-config so. In force on a node once its agent has restarted (:restart-agent NODE).',
      },
    });
  },
  run: sendPlanned,
};

const configMapKind: ApiKind = { group: '', version: 'v1', plural: 'configmaps', kind: 'ConfigMap' };
const KEY = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

/** Cilium takes it for the beginning of a regular expression. */
function exclusion(key: string): string {
  return `!k8s:${key.replaceAll('.', '\\.')}$`;
}

function warningsOf(snapshot: Snapshot, keys: readonly string[], now: number): readonly string[] {
  const wanted = agents(snapshot, now).filter(isWanted).length;
  const selecting = policiesSelectingBy(snapshot, keys);
  return [
    `Nothing changes until agents restart: ${counted(wanted, 'agent')}, one after the other. Until all have, nodes differ in the identities they give.`,
    ...(selecting.length === 0
      ? []
      : [
          `${counted(selecting.length, 'policy selects', 'policies select')} by what is left out, and will match nothing by it: ${someOf(selecting.map(policyText), 5)}.`,
        ]),
    ...(isManaged(snapshot)
      ? []
      : ['Whoever installed Cilium (Helm, a pipeline) puts its own value back: change it there, too.']),
  ];
}

/** What becomes of the identities there are: which keys go, and how many are left of how many. */
function reachOf({ tables }: Snapshot, before: string, after: string): readonly string[] {
  const identities = [...tables.ciliumIdentities.rows.values()];
  const [kept, keeps] = [parseLabelFilter(before), parseLabelFilter(after)];
  const gone = new Set<string>();
  const touched = new Map<string, number>();
  const left = new Set<string>();
  for (const { securityLabels, identityNamespace } of identities) {
    const labels = Object.entries(securityLabels).map(([label, value]) => ({ ...split(label), value }));
    const going = labels.filter(({ source, key }) => kept(source, key) && !keeps(source, key));
    for (const { key } of going) gone.add(key);
    if (going.length > 0) touched.set(identityNamespace, (touched.get(identityNamespace) ?? 0) + 1);
    left.add(
      labels
        .filter(({ source, key }) => keeps(source, key))
        .map(({ key, value }) => `${key}=${value}`)
        .sort()
        .join(' '),
    );
  }
  const changed = [...touched.values()].reduce((sum, one) => sum + one, 0);
  const where = [...touched].sort((a, b) => b[1] - a[1]).map(([namespace, count]) => `${namespace} (${count})`);
  return [
    gone.size === 0
      ? 'No identity has such a label now.'
      : `${counted(changed, 'identity has', 'identities have')} what is left out (${someOf([...gone].sort(), 5)}), in ${someOf(where)}.`,
    `Of ${counted(identities.length, 'identity', 'identities')} about ${left.size.toLocaleString('en-US')} would be needed, once all agents have restarted.`,
  ];
}

function split(label: string): { source: string; key: string } {
  const colon = label.indexOf(':');
  return colon < 0 ? { source: '', key: label } : { source: label.slice(0, colon), key: label.slice(colon + 1) };
}
