// cilium.io/v2 CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy (domain §7.3).
import { flag, list, record, text } from '../objects/raw.ts';
import type { RawObject } from '../objects/row.ts';
import { NAMESPACE_KEY } from './labels.ts';
import type { Modes } from './modes.ts';
import { readCiliumRule } from './read-cilium-rule.ts';
import {
  checkName,
  checkText,
  listAt,
  noteUnknownFields,
  objectAt,
  problemAt,
  type Reading,
  selectorAt,
} from './reading.ts';
import type { Policy, PolicyRef, Rule, Spec } from './rule.ts';
import { ciliumKey, kubernetesKey, type Requirement, selectorOf } from './selector.ts';

/** Never throws: what cannot be in force says why under `rejected`. */
export function readCiliumPolicy(raw: RawObject, ref: PolicyRef, modes: Modes): Policy {
  const reading: Reading = { problems: [], remarks: [] };
  noteUnknownFields(raw, ['apiVersion', 'kind', 'metadata', 'spec', 'specs', 'status'], 'policy', reading);
  const written = [
    ...(raw.spec == null ? [] : [{ path: 'spec', value: raw.spec }]),
    ...listAt(raw.specs, 'specs', reading).map((value, index) => ({ path: `specs[${index}]`, value })),
  ];
  if (written.length === 0) problemAt(reading, 'policy')('has neither spec nor specs');
  const specs = written.map(({ path, value }) => readSpec(objectAt(value, path, reading), path, ref, modes, reading));
  const rejected = reading.problems;
  const doubt = rejected.length === 0 ? invalidByStatus(raw) : '';
  return { ref, served: true, specs: rejected.length > 0 ? [] : specs, rejected, doubt, remarks: reading.remarks };
}

/** The operator's opinion, which outweighs ours: it saw what the agents see (domain §7.3, status). */
function invalidByStatus(raw: RawObject): string {
  const valid = record(list(record(raw.status).conditions, 50).find((one) => record(one).type === 'Valid'));
  return valid.status === 'False' ? `its status says it is not valid: ${text(valid.message, 300)}` : '';
}

const PARTS = ['ingress', 'ingressDeny', 'egress', 'egressDeny'] as const;
const FIELDS = [...PARTS, 'endpointSelector', 'nodeSelector', 'enableDefaultDeny', 'description', 'labels', 'log'];

function readSpec(spec: RawObject, path: string, policy: PolicyRef, modes: Modes, reading: Reading): Spec {
  const problem = problemAt(reading, path);
  noteUnknownFields(spec, FIELDS, path, reading);
  const subject = readSubject(spec, path, policy, reading);
  const base: SpecBase = { policy, path, matchesInit: subject.matchesInit, host: subject.type === 'nodes' };
  const denies = readDefaultDeny(spec, path, reading);
  checkMeta(spec, path, reading);
  const rules = PARTS.flatMap((part) => {
    const direction = part.startsWith('ingress') ? 'ingress' : 'egress';
    const said = denies[direction];
    // With any rule in a direction default deny is on, unless the policy says otherwise and Cilium listens to it.
    const defaultDeny = said == null || !modes.nonDefaultDeny ? true : flag(said);
    return listAt(spec[part], `${path}.${part}`, reading).map((rule, index): Rule => {
      const at = `${path}.${part}[${index}]`;
      const short = path === 'spec' ? `${part}[${index}]` : at;
      const read = readCiliumRule(objectAt(rule, at, reading), at, { ...base, part, modes }, reading);
      return {
        ...read,
        policy,
        path: short,
        direction,
        deny: part.endsWith('Deny'),
        defaultDeny,
        outsidePolicyTypes: false,
      };
    });
  });
  // An empty list of rules is as good as none: Cilium refuses the policy rather than isolate by it.
  if (rules.length === 0) problem('must have at least one of ingress, ingressDeny, egress, egressDeny');
  return {
    policy,
    path,
    subject: { type: subject.type, selector: subject.selector, text: subject.selector.id },
    rules,
  };
}

function readDefaultDeny(spec: RawObject, path: string, reading: Reading): RawObject {
  const at = `${path}.enableDefaultDeny`;
  const denies = objectAt(spec.enableDefaultDeny, at, reading);
  noteUnknownFields(denies, ['ingress', 'egress'], at, reading);
  for (const direction of ['ingress', 'egress']) {
    const said = denies[direction];
    if (said != null && typeof said !== 'boolean') problemAt(reading, `${at}.${direction}`)('must be true or false');
  }
  return denies;
}

/** What no verdict depends on but that the API server has to take. */
function checkMeta(spec: RawObject, path: string, reading: Reading): void {
  checkText(spec.description, `${path}.description`, reading);
  checkText(objectAt(spec.log, `${path}.log`, reading).value, `${path}.log.value`, reading);
  for (const [index, one] of listAt(spec.labels, `${path}.labels`, reading).entries()) {
    const at = `${path}.labels[${index}]`;
    checkName(objectAt(one, at, reading).key, `${at}.key`, reading);
  }
}

type SpecBase = { policy: PolicyRef; path: string; matchesInit: boolean; host: boolean };

function readSubject(spec: RawObject, path: string, policy: PolicyRef, reading: Reading) {
  const problem = problemAt(reading, path);
  const { endpointSelector, nodeSelector } = spec;
  const clusterwide = policy.kind === 'CiliumClusterwideNetworkPolicy';
  if (endpointSelector == null && nodeSelector == null) problem('must have one of endpointSelector or nodeSelector');
  if (endpointSelector != null && nodeSelector != null) problem('cannot have both endpointSelector and nodeSelector');
  if (nodeSelector != null && !clusterwide) problem('a CiliumNetworkPolicy cannot have a nodeSelector');
  const type = endpointSelector == null && nodeSelector != null ? 'nodes' : 'pods';
  const at = `${path}.${type === 'nodes' ? 'nodeSelector' : 'endpointSelector'}`;
  const selector = (type === 'nodes' ? nodeSelector : endpointSelector) ?? {};
  const kept = clusterwide ? selector : withoutNamespace(selector);
  const written = selectorAt(kept, ciliumKey, at, reading);
  const matchesInit = written.some(({ source, key }) => source === 'reserved' && key === 'init');
  const own: Requirement = { ...kubernetesKey(NAMESPACE_KEY), operator: 'In', values: [policy.namespace] };
  return { type, selector: selectorOf(clusterwide ? written : [...written, own]), matchesInit } as const;
}

/** A CiliumNetworkPolicy is about pods of its own namespace: another one under `k8s:` is taken out, with a warning. */
function withoutNamespace(selector: unknown): unknown {
  const { matchLabels, ...others } = record(selector);
  if (typeof matchLabels !== 'object' || matchLabels === null) return selector;
  const { [`k8s:${NAMESPACE_KEY}`]: _, ...labels } = record(matchLabels);
  return { ...others, matchLabels: labels };
}
