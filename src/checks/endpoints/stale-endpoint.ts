import { type PodEndpointDrift, podEndpointDrift } from '../../model/pod-endpoints.ts';
import type { Check, Suspect } from '../check.ts';
import { atMost, count } from '../words.ts';

type StaleEndpoint = Suspect & { drift: PodEndpointDrift };

/** The agent of a pod's node renews the endpoint while the pod starts. */
const startingMs = 3 * 60_000;

export const staleEndpoint: Check<StaleEndpoint> = {
  id: 'endpoints/stale-endpoint',
  title: 'CiliumEndpoint with another address than its pod',
  why: 'The endpoint belongs to an earlier pod of the same name. Other nodes send to an address the pod does not have and judge it by an identity that may not be its own.',
  severity: 'error',
  needs: ['pods', 'systemPods', 'ciliumEndpoints'],
  goesWithout: ['systemPods'],
  perNamespace: true,
  clock: true,
  graceMs: startingMs,
  everyMs: 2_000,
  look: (snapshot, now) =>
    podEndpointDrift(snapshot, now)
      .filter(({ what, since }) => what === 'other-address' && now - since >= startingMs)
      .map((drift) => {
        const where = { namespace: drift.pod.namespace, name: drift.pod.name };
        return {
          object: { kind: 'CiliumEndpoint', ...where },
          node: drift.pod.node,
          key: drift.detail,
          reread: [
            { kind: 'pods', ...where },
            { kind: 'ciliumEndpoints', ...where },
          ],
          drift,
        };
      }),
  tell: (suspects) => [
    {
      title: `${count(suspects.length, 'CiliumEndpoint')} with another address than the pod`,
      objects: suspects.map(({ object }) => object),
      evidence: atMost(
        suspects.map(
          ({ drift }) =>
            `CiliumEndpoint ${drift.pod.namespace}/${drift.pod.name}: ${drift.detail}, on ${drift.pod.node}`,
        ),
        6,
        'endpoint',
      ),
      reach: count(suspects.length, 'pod'),
      next: 'Delete the pod; its successor gets an endpoint of its own.',
    },
  ],
};
