import { type ServiceWay, serviceWays, type TargetPort } from '../../model/service-way.ts';
import type { Check, Suspect } from '../check.ts';
import { atMost, count, names } from '../words.ts';

type Unmatched = Suspect & { way: ServiceWay; port: TargetPort };

export const targetPortUnmatched: Check<Unmatched> = {
  id: 'backends/target-port-unmatched',
  title: 'Service port that no container has',
  why: 'A target port given by name leads nowhere where no container has a port of that name. One given by number may still be open, for containers need not declare what they listen on; mostly it is a mistake, and connections are refused.',
  severity: 'warning',
  needs: ['services', 'pods', 'systemPods', 'endpointSlices'],
  anyNetwork: true,
  everyMs: 10_000,
  graceMs: 60_000,
  look: (snapshot) =>
    serviceWays(snapshot).flatMap((way) =>
      way.ports
        .filter(({ state }) => state !== 'met')
        .map((port) => ({
          object: { kind: 'Service', namespace: way.service.namespace, name: way.service.name },
          key: port.title,
          reread: [{ kind: 'services' as const, namespace: way.service.namespace, name: way.service.name }],
          way,
          port,
        })),
    ),
  tell: (suspects) =>
    [...Map.groupBy(suspects, ({ port }) => port.state)].map(([state, group]) => ({
      severity: state === 'nameless' ? 'warning' : 'note',
      title:
        state === 'nameless'
          ? `${count(group.length, 'service port leads', 'service ports lead')} to a name that no container port has`
          : `≈ ${count(group.length, 'service port leads', 'service ports lead')} to a port that no container declares`,
      objects: group.map(({ object }) => object),
      evidence: atMost(
        group.map(
          ({ way: { service, pods }, port }) =>
            `${service.namespace}/${service.name} ${port.title} → ${port.target}; its ${count(pods.length, 'pod')} declare ${names(port.declared) || 'no port'}`,
        ),
        6,
        'service port',
      ),
      reach: count(new Set(group.map(({ object }) => `${object.namespace}/${object.name}`)).size, 'service'),
      next:
        state === 'nameless'
          ? 'Give the service the name or number of the port the containers have.'
          : 'Make sure that the containers listen there, and declare it.',
    })),
};
