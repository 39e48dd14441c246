import { at, list, record } from '../../model/objects/raw.ts';
import { sanitiseLine as text } from '../../model/sanitise.ts';
import { conditions } from './describe-pod.ts';
import { field, line, type Section, table } from './document.ts';

export function describeNode(node: unknown, now: number): Section[] {
  const spec = at(node, 'spec');
  const status = at(node, 'status');
  const info = at(status, 'nodeInfo');
  const capacity = record(at(status, 'capacity'));
  return [
    {
      title: 'Node',
      entries: [
        ...field(
          'Addresses',
          list(at(status, 'addresses'))
            .map((a) => `${text(at(a, 'type'))} ${text(at(a, 'address'))}`)
            .join(', '),
        ),
        ...field('Cordoned', at(spec, 'unschedulable') === true ? 'yes: no new pods' : '', 'warning'),
        ...field('Kubelet', text(at(info, 'kubeletVersion'))),
        ...field(
          'System',
          [text(at(info, 'osImage')), text(at(info, 'kernelVersion')), text(at(info, 'architecture'))]
            .filter(Boolean)
            .join(', '),
        ),
        ...field('Runtime', text(at(info, 'containerRuntimeVersion'))),
        ...field(
          'Pod CIDR',
          list(at(spec, 'podCIDRs'))
            .map((one) => text(one))
            .join(', '),
        ),
        ...field('Provider id', text(at(spec, 'providerID'))),
      ],
    },
    { title: 'Taints', entries: list(at(spec, 'taints')).map((taint) => line(taintText(taint), 'warning', 1)) },
    { title: 'Conditions', entries: conditions(at(status, 'conditions'), now) },
    {
      title: 'Capacity',
      entries: table(
        ['RESOURCE', 'CAPACITY', 'ALLOCATABLE'],
        Object.keys(capacity).map((name) => [text(name), text(capacity[name]), text(at(status, 'allocatable', name))]),
      ),
    },
  ];
}

function taintText(taint: unknown): string {
  const value = text(at(taint, 'value'));
  return `${text(at(taint, 'key'))}${value ? `=${value}` : ''}:${text(at(taint, 'effect'))}`;
}
