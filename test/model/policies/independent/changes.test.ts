import { expect, it } from 'vitest';
import type { RawObject } from '../../../../src/model/objects/row.ts';
import { compareVerdicts } from '../../../../src/model/policies/difference.ts';
import { NEWEST } from '../../../../src/model/policies/modes.ts';
import { readFacts } from '../../../../src/model/policies/read-facts.ts';
import { toItsEnd } from '../../../../src/model/policies/turns.ts';
import { createEngine } from '../../../../src/model/policies/verdict.ts';
import { fc } from '../../../fixtures/seeded.ts';
import { worlds } from './clusters.ts';

const isPolicy = ({ kind }: RawObject) => String(kind).endsWith('NetworkPolicy');
const engineOf = (objects: readonly RawObject[]) =>
  createEngine(readFacts(objects, { version: NEWEST, dialect: 'cilium' }));

/** A cluster, and some of its policies: these are there before, those after; what is in both stays. */
const changes = fc
  .tuple(worlds, fc.array(fc.constantFrom('before', 'after', 'both'), { minLength: 5, maxLength: 5 }))
  .map(([{ objects }, when]) => {
    const policies = objects.filter(isPolicy);
    const others = objects.filter((one) => !isPolicy(one));
    const at = (time: string) => [
      ...others,
      ...policies.filter((_, index) => [time, 'both'].includes(when[index] ?? '')),
    ];
    return { before: at('before'), after: at('after') };
  });

it('a difference is exactly the pairs of which two evaluations differ; a change on top is as if read anew', () => {
  let differing = 0;
  fc.assert(
    fc.property(changes, (change) => {
      const [before, after] = [engineOf(change.before), engineOf(change.after)];
      const onTop = before.withPolicies(after.index.facts.policies);
      const pods = before.index.facts.pods.filter(({ hostNetwork }) => !hostNetwork);
      const told = toItsEnd(compareVerdicts(before, after)).pairs.map(
        (one) => `${one.from} ${one.to} ${one.port.port}/${one.port.protocol} ${one.before} ${one.after}`,
      );
      const found = pods.flatMap((to) =>
        pods
          .filter((from) => from !== to && to.declared.length > 0)
          .flatMap((from) =>
            to.declared.flatMap(({ port, protocol }) => {
              const [a, b] = [`${from.namespace}/${from.name}`, `${to.namespace}/${to.name}`];
              const question = { from: { pod: a }, to: { pod: b }, port, protocol };
              const [was, is] = [before.ask(question).verdict, after.ask(question).verdict];
              expect(onTop.ask(question)).toEqual(after.ask(question));
              return was === is ? [] : [`${a} ${b} ${port}/${protocol} ${was} ${is}`];
            }),
          ),
      );
      const silent = new Set(
        pods.filter(({ declared }) => declared.length === 0).map((pod) => `${pod.namespace}/${pod.name}`),
      );
      differing += found.length;
      expect(told.filter((line) => !silent.has(line.split(' ')[1] ?? '')).toSorted()).toEqual(
        [...new Set(found)].toSorted(),
      );
    }),
    { numRuns: 150 },
  );
  expect(differing).toBeGreaterThan(50);
});
