import { type ServiceWay, serviceWays } from '../../model/service-way.ts';
import type { Check, Suspect } from '../check.ts';
import { system } from '../installation.ts';
import { atMost, count, sinceText } from '../words.ts';
import { heldUpOn } from './held-up-on.ts';

type Unready = Suspect & { way: ServiceWay };

/** Cluster DNS and Hubble's relay are told of by checks of their own. */
const ownChecks: readonly string[] = ['kube-dns', 'hubble-relay'];

export const noneReady: Check<Unready> = {
  id: 'backends/none-ready',
  title: 'Service without a ready pod',
  why: 'Pods of this service run, and none passes its readiness probe: it has no address to send anybody to. Pods that have not come to run are told of by other checks.',
  severity: 'warning',
  needs: ['services', 'pods', 'systemPods', 'nodes'],
  anyNetwork: true,
  clock: true,
  everyMs: 5_000,
  graceMs: 2 * 60_000,
  look: (snapshot) =>
    serviceWays(snapshot)
      // Names of a headless service are for whoever wants to know of unready pods, too.
      .filter(({ service, ready, unready }) => {
        const isOwn = service.namespace === system && ownChecks.includes(service.name);
        return service.clusterIP !== 'None' && !isOwn && ready.length === 0 && unready.length > 0;
      })
      .map((way) => ({
        object: { kind: 'Service', namespace: way.service.namespace, name: way.service.name },
        since: since(way),
        reread: [{ kind: 'services', namespace: way.service.namespace, name: way.service.name }],
        way,
        ...heldUpOn(way.unready, snapshot),
      })),
  tell: (suspects, _snapshot, now) => [
    {
      title: `${count(suspects.length, 'service has', 'services have')} no ready pod`,
      objects: suspects.map(({ object }) => object),
      evidence: atMost(
        suspects.map(
          ({ way: { service, unready, pods }, since }) =>
            `${service.namespace}/${service.name}: ${unready.length} of ${count(pods.length, 'pod')} run and are not ready${sinceText(since, now)}`,
        ),
        6,
        'service',
      ),
      since: Math.min(...suspects.map(({ since }) => since ?? now)),
      reach: count(suspects.length, 'service'),
      next: 'Read why the probe fails: describe one of its pods, then its log.',
    },
  ],
};

/** The last of them to become so. */
function since({ unready }: ServiceWay): number {
  return Math.max(...unready.map(({ notReadySince, created }) => notReadySince || created));
}
