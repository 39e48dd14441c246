import type { Lint } from './lint.ts';
import { pathOf, rulesOf } from './rule-paths.ts';

export const fqdnNamesAService: Lint = {
  id: 'policies/fqdn-names-a-service',
  title: 'toFQDNs with the name of a service',
  why: 'The name of a Kubernetes service leads to pods of the cluster, and toFQDNs never matches those.',
  severity: 'warning',
  byItself: true,
  look: (policy) =>
    rulesOf(policy).flatMap(({ rule, spec }) =>
      rule.peers
        .filter((peer) => peer.type === 'names' && /\.svc(?:\.cluster\.local)?\.?$/.test(peer.text.toLowerCase()))
        .map((peer) => ({
          path: pathOf(rule, spec),
          text: `${'text' in peer ? peer.text : ''} is a service of the cluster`,
          next: 'Use toEndpoints with the labels of the pods behind it.',
        })),
    ),
};
