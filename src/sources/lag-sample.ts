import { messageOf, UserError } from '../errors.ts';
import { agents } from '../model/agents.ts';
import type { Asks } from '../model/asks.ts';
import { type NodeSample, recentPods, sampleNode } from '../model/lag-sample.ts';
import type { Snapshot } from '../model/snapshot.ts';

const sampledNodes = 3;

/** Asks some agents, of different pools, for their ipcache: which of the newest pods does it know? */
export function createLagSample(options: { ask: Asks['agent']; known(): Snapshot; now(): number }): Asks['lagSample'] {
  const { ask, known, now } = options;
  return async (signal) => {
    const well = agents(known(), now()).filter(({ state, pod }) => state === 'ready' && pod !== undefined);
    const pools = [...Map.groupBy(well, ({ pool }) => pool).values()];
    const mixed = well.flatMap((_, turn) => pools.flatMap((pool) => pool.slice(turn, turn + 1)));
    const nodes: NodeSample[] = [];
    let problem = well.length === 0 ? 'No agent is ready to be asked.' : '';
    for (const agent of mixed.slice(0, sampledNodes)) {
      // Whoever came after the answer was made is not missing from it.
      const asked = now();
      try {
        const ipcache = await ask(agent, 'ipcache', signal);
        const recent = recentPods(known(), now()).filter(({ created }) => created <= asked);
        nodes.push(sampleNode(recent, agent.node, ipcache, asked));
      } catch (error) {
        signal.throwIfAborted();
        problem = error instanceof UserError ? error.what : messageOf(error);
        if (error instanceof UserError && error.kind === 'forbidden') break;
      }
    }
    return { at: now(), nodes, pods: recentPods(known(), now()).length, problem };
  };
}
