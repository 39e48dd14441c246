import { type ServiceWay, serviceWays } from '../../model/service-way.ts';
import type { Check, Suspect } from '../check.ts';
import { atMost, count, sinceText } from '../words.ts';
import { heldUpOn } from './held-up-on.ts';

type Lonely = Suspect & { way: ServiceWay };

/** Two that are down to one are a rollout, more often than not. */
const leastPods = 3;

export const oneReady: Check<Lonely> = {
  id: 'backends/one-ready',
  title: 'One pod gets the traffic of several',
  why: 'Of the pods behind this service a single one is ready: it gets what was meant for all of them, and nobody is there when it goes.',
  severity: 'note',
  needs: ['services', 'pods', 'systemPods', 'nodes'],
  anyNetwork: true,
  clock: true,
  everyMs: 5_000,
  graceMs: 5 * 60_000,
  look: (snapshot) =>
    serviceWays(snapshot)
      .filter(({ pods, ready }) => pods.length >= leastPods && ready.length === 1)
      .map((way) => {
        const away = way.pods.filter(({ ready }) => !ready);
        const since = Math.max(...away.map(({ notReadySince, created }) => notReadySince || created));
        const { namespace, name } = way.service;
        return { object: { kind: 'Service', namespace, name }, since, way, ...heldUpOn(away, snapshot) };
      }),
  tell: (suspects, _snapshot, now) => [
    {
      title: `${count(suspects.length, 'service has', 'services have')} a single ready pod of several`,
      objects: suspects.map(({ object }) => object),
      evidence: atMost(
        suspects.map(
          ({ way: { service, pods, ready }, since }) =>
            `${service.namespace}/${service.name}: only ${ready[0]?.name} of ${count(pods.length, 'pod')} is ready${sinceText(since, now)}`,
        ),
        6,
        'service',
      ),
      since: Math.min(...suspects.map(({ since }) => since ?? now)),
      reach: count(suspects.length, 'service'),
      next: 'See why the others are not ready: describe one of them.',
    },
  ],
};
