import fc from 'fast-check';
import { ccnp, cnp, np } from './shop.ts';

const app = fc.constantFrom('front', 'back', 'cart', 'bank', 'audit');
const namespace = fc.constantFrom('shop', 'pay');

/** Whom a rule of Cilium's may name; two of them leave it in doubt. */
const peers = fc.oneof(
  app.map((name) => `Endpoints: [{matchLabels: {app: ${name}}}]`),
  namespace.map((name) => `Endpoints: [{matchLabels: {"k8s:io.kubernetes.pod.namespace": ${name}}}]`),
  fc.constantFrom(
    'Endpoints: [{}]',
    'Endpoints: []',
    'Endpoints: [{matchExpressions: [{key: tier, operator: NotIn, values: [web]}]}]',
    'Endpoints: [{matchLabels: {"k8s:io.cilium.k8s.namespace.labels.team": sales}}]',
    'Entities: [cluster]',
    'Entities: [world]',
    'Entities: [all]',
    'CIDR: [10.0.0.0/8]',
    'Groups: [{aws: {}}]',
    'Entities: [cluster-mesh]',
  ),
);
const ports = fc.constantFrom(
  '',
  ', toPorts: [{ports: [{port: "8080", protocol: TCP}]}]',
  ', toPorts: [{ports: [{port: "8081"}, {port: "53", protocol: UDP}]}]',
  ', toPorts: [{ports: [{port: http, protocol: TCP}]}]',
  ', toPorts: [{ports: [{port: "8000", endPort: 9090, protocol: TCP}]}]',
);
const part = fc.constantFrom('ingress', 'ingress', 'egress', 'egress', 'ingressDeny', 'egressDeny');
const rule = fc.tuple(part, peers, ports, fc.constantFrom('', '', '', ', authentication: {mode: required}'));
const ciliumSpec = fc
  .tuple(
    fc.option(app),
    fc.array(rule, { minLength: 1, maxLength: 3 }),
    fc.constantFrom('', '', ', enableDefaultDeny: {ingress: false, egress: false}'),
  )
  .map(([subject, rules, denies]) => {
    const written = Map.groupBy(rules, ([where]) => where);
    const lists = [...written].map(([where, some]) => {
      const prefix = where.startsWith('ingress') ? 'from' : 'to';
      const items = some.map(([, who, on, asks]) => `{${prefix}${who}${on}${where.endsWith('Deny') ? '' : asks}}`);
      return `${where}: [${items.join(', ')}]`;
    });
    return `{endpointSelector: ${subject === null ? '{}' : `{matchLabels: {app: ${subject}}}`}${denies}, ${lists.join(', ')}}`;
  });
const plainSpec = fc.constantFrom(
  '{podSelector: {}, policyTypes: [Ingress]}',
  '{podSelector: {}, policyTypes: [Egress]}',
  '{podSelector: {matchLabels: {app: back}}, ingress: [{from: [{namespaceSelector: {}}], ports: [{port: 8081}]}]}',
  '{podSelector: {matchLabels: {tier: web}}, ingress: [{from: [{podSelector: {}}]}], egress: [{}]}',
);

/** Policies of all three kinds about the pods of the shop, as YAML, none of the same name. */
export const randomPolicies = fc
  .array(fc.tuple(fc.constantFrom('cnp', 'cnp', 'ccnp', 'np'), namespace, ciliumSpec, plainSpec), { maxLength: 6 })
  .map((all) =>
    all
      .map(([kind, where, spec, plain], index) => {
        if (kind === 'np') return np(plain, { name: `n${index}`, namespace: where });
        return kind === 'cnp' ? cnp(spec, { name: `p${index}`, namespace: where }) : ccnp(spec, `c${index}`);
      })
      .join(''),
  );
