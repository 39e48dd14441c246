import { at, list } from '../../model/objects/raw.ts';
import { sanitiseLine as text } from '../../model/sanitise.ts';
import { field, type Section, table } from './document.ts';
import { pairs } from './pairs.ts';

export function describeService(service: unknown): Section[] {
  const spec = at(service, 'spec');
  const ports = list(at(spec, 'ports')).map((port) => [
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
        ...field(
          'Addresses',
          list(at(spec, 'clusterIPs'))
            .map((one) => text(one))
            .join(', '),
        ),
        ...field(
          'Outside',
          list(at(service, 'status', 'loadBalancer', 'ingress'))
            .map((i) => text(at(i, 'ip')) || text(at(i, 'hostname')))
            .join(', '),
        ),
        ...field('Selects', pairs(at(spec, 'selector')) || 'nothing: its endpoints are written by something else'),
        ...field('Outside traffic', text(at(spec, 'externalTrafficPolicy'))),
        ...field(
          'Only from',
          list(at(spec, 'loadBalancerSourceRanges'))
            .map((one) => text(one))
            .join(', '),
        ),
      ],
    },
    { title: 'Ports', entries: table(['NAME', 'PORT', 'PROTOCOL', 'TARGET', 'NODE PORT'], ports) },
  ];
}
