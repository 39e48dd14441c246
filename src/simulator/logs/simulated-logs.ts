import type { Route } from '../azure/route.ts';
import { createScene } from '../voices/scene.ts';
import type { World } from '../world/world.ts';
import type { Evaluate } from './answer-query.ts';
import { createLogRoute } from './log-route.ts';
import { createLiveTroubles, type LiveTroubles } from './log-troubles.ts';
import { createLogWorkspace, type LogTable, type LogWorkspace } from './log-workspace.ts';
import type { Observed } from './observed.ts';

/** Log Analytics for one simulated cluster. It costs nothing until somebody asks. */
export type SimulatedLogs = {
  /** `/v1/…` of api.loganalytics.io. */
  route: Route;
  /** What the workspace has by the present settings; none where no world lives. */
  tables(): readonly LogTable[];
  troubles: LiveTroubles;
  /** All that a table has taken in by now, a JSON line each with `ingested`: what a test compares answers with. */
  lines(table: string): Iterable<string>;
};

/** `world` undefined: a workspace without data. */
export function simulateLogs(
  world: World | undefined,
  around: Pick<Observed, 'settings' | 'requests' | 'activities'> & { evaluate: Evaluate },
): SimulatedLogs {
  const { activities, evaluate, requests, settings } = around;
  const troubles = createLiveTroubles();
  const workspace = world === undefined ? undefined : lazily(() => createLogWorkspace(observe(world), troubles));
  // Rows are written when somebody reads them, but by what was set up when they came to be.
  settings.listen({ before: () => workspace?.tables(), after() {} });
  troubles.listen(() => workspace?.tables());
  const observe = (world: World): Observed => ({
    scene: createScene(world.store, world.now, (node) => world.view.nodes.get(node)?.pods ?? [], world.inForce),
    view: world.view,
    journal: world.journal,
    requests,
    activities,
    settings,
  });
  return {
    route: createLogRoute({ workspace, troubles, evaluate, now: () => world?.now() ?? Date.now() }),
    tables: () => workspace?.tables() ?? [],
    troubles,
    *lines(name) {
      const table = workspace?.database().tables.find((one) => one.name === name);
      for (const { ingested, values } of table?.rows() ?? []) yield `${JSON.stringify({ ingested, ...values })}\n`;
    },
  };
}

function lazily(make: () => LogWorkspace): LogWorkspace {
  let made: LogWorkspace | undefined;
  const workspace = () => {
    made ??= make();
    return made;
  };
  return { tables: () => workspace().tables(), database: (range) => workspace().database(range) };
}
