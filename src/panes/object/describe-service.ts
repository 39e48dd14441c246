import { at, items, pairs, text } from '../fields.ts';
import { field, type Section, table } from './document.ts';

export function describeService(service: unknown): Section[] {
  const spec = at(service, 'spec');
  const ports = items(at(spec, 'ports')).map((port) => [
    text(at(port, 'name')),
    text(at(port, 'port')),
    text(at(port, 'protocol')),
    text(at(port, 'targetPort')),
    text(at(port, 'nodePort')),
  ]);
  return [
    {
      title: 'Service',
      entries: [
        ...field('Type', text(at(spec, 'type'))),
        ...field('Addresses', items(at(spec, 'clusterIPs')).map(text).join(', ')),
        ...field(
          'Outside',
          items(at(service, 'status', 'loadBalancer', 'ingress'))
            .map((i) => text(at(i, 'ip')) || text(at(i, 'hostname')))
            .join(', '),
        ),
        ...field('Selects', pairs(at(spec, 'selector')) || 'nothing: its endpoints are written by something else'),
        ...field('Outside traffic', text(at(spec, 'externalTrafficPolicy'))),
        ...field('Only from', items(at(spec, 'loadBalancerSourceRanges')).map(text).join(', ')),
      ],
    },
    { title: 'Ports', entries: table(['NAME', 'PORT', 'PROTOCOL', 'TARGET', 'NODE PORT'], ports) },
  ];
}
