import { agentDaemonSet, ciliumConfig, lacksCilium } from '../../cluster-mode.ts';
import type { Snapshot } from '../../snapshot.ts';
import { versionOfImage } from '../../versions.ts';
import { type Modes, readModes } from '../modes.ts';
import { agentsOf } from '../row-facts.ts';

/** What Cilium's verdict depends on besides the policies, as the cluster says it. */
export function liveModes(snapshot: Snapshot): Modes {
  const set = agentDaemonSet(snapshot);
  const versions = (set?.images ?? []).map((image) => versionOfImage(image.slice(image.indexOf('=') + 1))?.version);
  const version = versions.find((one) => one !== undefined && one !== '') ?? '';
  const agents = agentsOf([...snapshot.tables.daemonSets.rows.values()]);
  // What the agents' DNS proxies have learned is not among what is watched.
  const modes = readModes(ciliumConfig(snapshot), version, 'cilium', agents);
  return { ...modes, namesKnown: false, absent: lacksCilium(snapshot) };
}
