import { messageOf, UserError } from '../errors.ts';
import { readIpcache } from '../model/agent-says/read-ipcache.ts';
import { agentContainer, agents } from '../model/agents.ts';
import type { Asks } from '../model/asks.ts';
import { type NodeSample, recentPods, sampleNode } from '../model/lag-sample.ts';
import type { Snapshot } from '../model/snapshot.ts';

const sampledNodes = 3;
const commandMs = 20_000;

/** Asks some agents, of different pools, for their ipcache: which of the newest pods does it know? */
export function createLagSample(options: { exec: Asks['exec']; known(): Snapshot; now(): number }): Asks['lagSample'] {
  const { exec, known, now } = options;
  return async (signal) => {
    const well = agents(known(), now()).filter(({ state, pod }) => state === 'ready' && pod !== undefined);
    const pools = [...Map.groupBy(well, ({ pool }) => pool).values()];
    const mixed = well.flatMap((_, turn) => pools.flatMap((pool) => pool.slice(turn, turn + 1)));
    const nodes: NodeSample[] = [];
    let problem = well.length === 0 ? 'No agent is ready to be asked.' : '';
    for (const { node, pod } of mixed.slice(0, sampledNodes)) {
      if (pod === undefined) continue;
      const target = { namespace: pod.namespace, pod: pod.name, container: agentContainer };
      // Whoever came after the answer was made is not missing from it.
      const asked = now();
      try {
        const answer = await exec(target, ['cilium-dbg', 'bpf', 'ipcache', 'list', '-o', 'json'], commandMs, signal);
        const ipcache = answer.ended === 'exit' && answer.exitCode === 0 ? readIpcache(answer.stdout) : undefined;
        if (ipcache === undefined) problem = `${node} gave no answer that can be read.`;
        else
          nodes.push(
            sampleNode(
              recentPods(known(), now()).filter(({ created }) => created <= asked),
              node,
              ipcache,
              asked,
            ),
          );
      } catch (error) {
        signal.throwIfAborted();
        problem = error instanceof UserError ? error.what : messageOf(error);
        if (error instanceof UserError && error.kind === 'forbidden') break;
      }
    }
    return { at: now(), nodes, pods: recentPods(known(), now()).length, problem };
  };
}
