import { compareText } from '../../model/compare-text.ts';
import { type ServiceWay, serviceWays } from '../../model/service-way.ts';
import type { Check, Suspect } from '../check.ts';
import { atMost, count, sinceText } from '../words.ts';

type Empty = Suspect & { way: ServiceWay };

/** What has led nowhere for longer is mostly left over from something: worth a note. */
const recentMs = 24 * 60 * 60_000;

export const selectorMatchesNothing: Check<Empty> = {
  id: 'backends/selector-matches-nothing',
  title: 'Service whose selector matches no pod',
  why: 'Whoever connects to such a service is refused or dropped at once, however many pods run. A label that was renamed on one side alone is the usual cause.',
  severity: 'warning',
  needs: ['services', 'pods', 'systemPods', 'endpointSlices', 'deployments', 'statefulSets', 'daemonSets'],
  anyNetwork: true,
  clock: true,
  everyMs: 10_000,
  graceMs: 2 * 60_000,
  look: (snapshot) =>
    serviceWays(snapshot)
      .filter(({ pods, atZero }) => pods.length === 0 && atZero === undefined)
      .map((way) => ({
        object: { kind: 'Service', namespace: way.service.namespace, name: way.service.name },
        ...(way.changed > 0 ? { since: way.changed } : {}),
        reread: [{ kind: 'services', namespace: way.service.namespace, name: way.service.name }],
        way,
      })),
  tell(suspects, _snapshot, now) {
    const isRecent = ({ way }: Empty) => now - way.changed < recentMs;
    return [...Map.groupBy(suspects, isRecent)].map(([recent, group]) => ({
      severity: recent ? 'warning' : 'note',
      title: `${count(group.length, 'service selects', 'services select')} no pod${recent ? '' : ', for more than a day'}`,
      objects: group.map(({ object }) => object),
      evidence: atMost(
        group
          .toSorted((a, b) => compareText(a.object.name, b.object.name))
          .map(
            ({ way }) =>
              `${way.service.namespace}/${way.service.name}: ${selectorText(way)}${sinceText(way.changed, now)}`,
          ),
        6,
        'service',
      ),
      ...(recent ? { since: Math.min(...group.map(({ way }) => way.changed)) } : {}),
      reach: count(group.length, 'service'),
      next: 'Compare the selector with the labels of the pods it was for.',
    }));
  },
};

function selectorText({ service }: ServiceWay): string {
  return Object.entries(service.selector)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}
