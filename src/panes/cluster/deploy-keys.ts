import { deploy } from '../../actions/deploy.ts';
import type { ManagedCluster } from '../../model/azure/managed-cluster.ts';
import type { DeploymentWish } from '../../model/plans/deployments.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import { act } from '../act.tsx';
import type { LineKeys } from '../LinesScreen.tsx';
import type { PaneProps } from '../pane-props.ts';

/** `x` and a letter: what can be made of the managed cluster. Each shows first what it would do, disrupt and take. */
export function deployKeys({ store, road }: Pick<PaneProps, 'store' | 'road'>): Binding<LineKeys> {
  const unknown = () => (store.get().facts.arm?.value === undefined ? notTold : undefined);
  const choice = ({ key, title, wish, unless }: Choice): Binding<LineKeys> => ({
    keys: [key],
    title,
    // What is on already has no place in the line, and says so when it is pressed.
    ...(unless === undefined && { rank: 1 }),
    unless: () => unless ?? road.refusal(),
    run: ({ frame }) => act(deploy, wish, { road }, frame),
  });
  return {
    keys: ['x'],
    title: 'enable, upgrade',
    word: 'deploy',
    rank: 25,
    unless: unknown,
    run: () => {},
    next: () => choicesOf(store.get()).map(choice),
  };
}

const notTold = 'Azure has not told of this cluster: :azure says why';

type Choice = { key: string; title: string; wish: DeploymentWish; unless: string | undefined };

function choicesOf({ facts }: Snapshot): readonly Choice[] {
  const cluster = facts.arm?.value;
  if (cluster === undefined) return [];
  const { network, acns, monitoring } = cluster;
  const workspace = facts.workspace?.value?.id ?? '';
  const noWorkspace = 'no workspace is known: `ciliscope plan enable-monitoring` takes one';
  return [
    {
      ...{ key: 'c', title: 'Cilium', wish: { id: 'enable-cilium' } },
      unless: network.dataplane === 'cilium' ? 'Cilium is the data plane' : undefined,
    },
    {
      ...{ key: 'a', title: 'ACNS', wish: { id: 'enable-acns', policies: '' } },
      unless: acns.enabled ? 'ACNS is on' : undefined,
    },
    {
      ...{ key: 'l', title: 'L7 policies', wish: { id: 'enable-acns', policies: 'L7' } },
      unless: acns.policies === 'L7' ? 'L7 policies are on' : undefined,
    },
    {
      ...{ key: 'm', title: 'monitoring', wish: { id: 'enable-monitoring', workspace } },
      unless: monitoring.containerInsights ? 'monitoring is on' : workspace === '' ? noWorkspace : undefined,
    },
    {
      ...{ key: 'f', title: 'flow logs', wish: { id: 'enable-flow-logs' } },
      unless: monitoring.flowLogs ? 'flow logs are on' : undefined,
    },
    ...upgrades(cluster, facts.armUpgrades?.value?.upgrades),
  ];
}

/** The newest patch of this minor, and the newest of all that is no preview. */
function upgrades(
  cluster: ManagedCluster,
  offered: readonly { version: string; isPreview: boolean }[] | undefined,
): readonly Choice[] {
  const stable = (offered ?? []).filter(({ isPreview }) => !isPreview).map(({ version }) => version);
  const sorted = stable.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const minor = cluster.currentKubernetesVersion.split('.').slice(0, 2).join('.');
  const patch = sorted.findLast((version) => version.startsWith(`${minor}.`));
  const newest = sorted.at(-1);
  const none = offered === undefined ? 'the upgrade profile was not read' : 'Azure offers none';
  const upgrade = (key: string, version: string | undefined, what: string): Choice => ({
    ...{ key, title: version === undefined ? what : `to ${version}`, wish: { id: 'upgrade', version: version ?? '' } },
    unless: version === undefined ? none : undefined,
  });
  return [upgrade('p', patch, 'newer patch'), upgrade('u', newest, 'newer minor')];
}
