import { at, list } from '../../model/objects/raw.ts';
import { sanitiseLine as text } from '../../model/sanitise.ts';
import { conditions } from './describe-pod.ts';
import { field, type Section, table } from './document.ts';
import { pairs } from './pairs.ts';

/** DaemonSet, Deployment, StatefulSet, ReplicaSet. */
export function describeWorkload(workload: unknown, now: number): Section[] {
  const spec = at(workload, 'spec');
  const status = at(workload, 'status');
  const template = at(spec, 'template', 'spec');
  const count = (label: string, ...names: readonly string[]) =>
    field(label, names.map((name) => text(at(status, name))).find((value) => value !== '') ?? '');
  const containers = [
    ...list(at(template, 'initContainers')).map((c) => ['init', c] as const),
    ...list(at(template, 'containers')).map((c) => ['', c] as const),
  ];
  return [
    {
      title: 'Replicas',
      entries: [
        ...field('Wanted', text(at(status, 'desiredNumberScheduled')) || text(at(spec, 'replicas'))),
        ...count('Updated', 'updatedNumberScheduled', 'updatedReplicas'),
        ...count('Ready', 'numberReady', 'readyReplicas'),
        ...count('Available', 'numberAvailable', 'availableReplicas'),
        ...count('Unavailable', 'numberUnavailable', 'unavailableReplicas'),
        ...field('Selects', pairs(at(spec, 'selector', 'matchLabels'))),
        ...field('Strategy', text(at(spec, 'updateStrategy', 'type')) || text(at(spec, 'strategy', 'type'))),
        ...field(
          'Behind',
          text(at(workload, 'metadata', 'generation')) === text(at(status, 'observedGeneration'))
            ? ''
            : 'its controller has not seen the last change yet',
          'warning',
        ),
      ],
    },
    {
      title: 'Pod template',
      entries: [
        ...field('Account', text(at(template, 'serviceAccountName'))),
        ...field('Host network', at(template, 'hostNetwork') === true ? 'yes' : ''),
        ...field('Node selector', pairs(at(template, 'nodeSelector'))),
        ...table(
          ['', 'CONTAINER', 'IMAGE'],
          containers.map(([role, container]) => [role, text(at(container, 'name')), text(at(container, 'image'))]),
        ),
      ],
    },
    { title: 'Conditions', entries: conditions(at(status, 'conditions'), now) },
  ];
}
