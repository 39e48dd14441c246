import { describe, expect, it } from 'vitest';
import { compareVerdicts } from '../../../src/model/policies/difference.ts';
import { toItsEnd } from '../../../src/model/policies/turns.ts';
import { ccnp, cnp, np, shop } from './shop.ts';

const states: Record<string, string> = {
  nothing: '',
  ingress: cnp(
    '{endpointSelector: {matchLabels: {app: back}}, ingress: [{fromEndpoints: [{matchLabels: {app: front}}]}]}',
  ),
  egress: np(
    '{podSelector: {matchLabels: {app: front}}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels: {team: money}}}]}]}',
  ),
  port: cnp('{endpointSelector: {}, ingress: [{toPorts: [{ports: [{port: http, protocol: TCP}]}]}]}'),
  deny: `${ccnp('{endpointSelector: {matchLabels: {tier: web}}, egressDeny: [{toEndpoints: [{matchLabels: {app: bank}}]}], enableDefaultDeny: {egress: false}}')}`,
  doubt: cnp(
    '{endpointSelector: {matchLabels: {app: cart}}, ingress: [{fromEndpoints: [{}], authentication: {mode: required}}]}',
  ),
};
const cases = Object.keys(states).flatMap((one) => Object.keys(states).map((two) => [one, two] as const));

describe('exactly the pairs whose verdict differs', () => {
  it.each(cases)('%s → %s', (one, two) => {
    const [before, after] = [shop(states[one] ?? ''), shop(states[two] ?? '')];
    const { pairs } = toItsEnd(compareVerdicts(before, after));
    const told = pairs.map(({ from, to, port, before: was, after: is }) => {
      return `${from} ${to} ${port.port}/${port.protocol} ${was} ${is}`;
    });
    const pods = before.index.facts.pods.filter(({ hostNetwork }) => !hostNetwork);
    const ports = new Set(pairs.map(({ port }) => port.port));
    // Every pod of the shop is a workload of its own; those that declare no port are asked what the difference asks.
    const asked = pods.flatMap((to) =>
      pods
        .filter((from) => from !== to)
        .flatMap((from) =>
          (to.declared.length > 0
            ? to.declared
            : [...ports].filter((port) => port > 60_000).map((port) => ({ port, protocol: 'TCP' as const }))
          ).flatMap(({ port, protocol }) => {
            const [a, b] = [`${from.namespace}/${from.name}`, `${to.namespace}/${to.name}`];
            const question = { from: { pod: a }, to: { pod: b }, port, protocol };
            const [was, is] = [before.ask(question).verdict, after.ask(question).verdict];
            return was === is ? [] : [`${a} ${b} ${port}/${protocol} ${was} ${is}`];
          }),
        ),
    );
    expect(told.toSorted()).toEqual(asked.toSorted());
    expect(told.length === 0).toBe(one === two);
  });
});
