import { type Connection, directionVerdict } from '../../model/policies/direction-verdict.ts';
import { type End, identityOf } from '../../model/policies/ends.ts';
import type { ServiceFacts } from '../../model/policies/facts.ts';
import type { EndpointClass } from '../../model/policies/identities.ts';
import type { Policy } from '../../model/policies/rule.ts';
import type { Ground } from './ground.ts';
import type { Lint } from './lint.ts';
import { isolatedFirstBy } from './rule-paths.ts';

export const loadBalancerNowFiltered: Lint = {
  id: 'policies/load-balancer-now-filtered',
  title: 'Load balancer whose clients are denied',
  why: 'Cilium filters what comes through a LoadBalancer or NodePort like everything else; other networks let it by. A service is open to the outside, and its pods are isolated without a rule for anybody there.',
  severity: 'warning',
  needs: ['pods', 'services'],
  look(policy, ground) {
    const classes = isolatedFirstBy(policy, 'ingress', ground);
    if (classes.length === 0) return [];
    const outside = ground.facts.services.filter(
      ({ outside: open, namespace, selector }) =>
        open && Object.keys(selector).length > 0 && (policy.ref.namespace === '' || policy.ref.namespace === namespace),
    );
    return outside.flatMap((service) => {
      const closed = classes.filter((one) => isBehind(service, one)).flatMap((one) => closedPort(service, one, ground));
      const [port] = closed;
      return port === undefined ? [] : [lapseOf(policy, service, port)];
    });
  },
};

function lapseOf(policy: Policy, { namespace, name }: ServiceFacts, port: string) {
  return {
    path: policy.specs[0]?.path ?? 'policy',
    text: `service ${namespace}/${name} is open to the outside, and nothing lets the outside in to its pods’ port ${port}`,
    next: 'Allow the port from where its clients are: an ipBlock or fromCIDR, or fromEntities: [world].',
  };
}

function isBehind({ namespace, selector }: ServiceFacts, { namespace: own, pods: [pod] }: EndpointClass): boolean {
  return namespace === own && Object.entries(selector).every(([key, value]) => pod?.labels[key] === value);
}

/** The first port, where no port lets anybody in: one that does says that the others are meant to be closed. */
function closedPort(service: ServiceFacts, one: EndpointClass, ground: Ground): readonly string[] {
  const ports = service.ports.flatMap(({ protocol, targetPort }): readonly Connection[] => {
    const named = one.ports.find(({ name, protocol: own }) => name === targetPort && own === protocol);
    const port = typeof targetPort === 'number' ? targetPort : named?.port;
    return port === undefined ? [] : [{ protocol, port }];
  });
  const [first] = ports;
  if (!first || !ports.every((port) => isClosed(port, one, ground))) return [];
  return [`${first.port}/${first.protocol}`];
}

/** For the world and for a node that forwards and hides the client. An explicit deny is what somebody wants. */
function isClosed(port: Connection, one: EndpointClass, ground: Ground): boolean {
  return OUTSIDE.every((end) => {
    const peer = identityOf(end, '', ground.facts);
    return typeof peer !== 'string' && directionVerdict(ground, 'ingress', one, peer, port).reason === 'default-deny';
  });
}

const OUTSIDE: readonly End[] = [
  { type: 'world', ip: '', names: [] },
  { type: 'node', node: undefined, which: 'remote-node' },
];
