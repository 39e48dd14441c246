// What gobgp inside the agent says of sessions that do not stand.
import { sessionsOf } from '../bgp.ts';
import type { Habit } from '../program.ts';
import { ciliumConfig, lately, type Scene } from '../scene.ts';
import type { Pod } from '../shapes.ts';
import type { Say } from './say.ts';

const module = 'agent.controlplane.bgp-control-plane';

export function bgpHabits(scene: Scene, pod: Pod, say: Say): readonly Habit[] {
  // Who gets no answer says nothing; who is refused says by whom.
  const refused = lately(scene, () =>
    sessionsOf(scene, pod, ciliumConfig(scene)).find(({ state }) => state === 'idle'),
  );
  return [
    {
      every: 30_000,
      say(at) {
        const session = refused();
        if (session === undefined || at < session.since) return undefined;
        return say(at, 'warn', 'received notification', module, {
          component: 'gobgp.BgpServerInstance',
          Topic: 'Peer',
          Key: session.peerAddress,
          Code: 2,
          Subcode: 2,
          Data: '[252 1]',
        });
      },
    },
  ];
}
