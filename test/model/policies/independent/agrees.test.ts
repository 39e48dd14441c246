import { expect, it } from 'vitest';
import type { DirectionVerdict } from '../../../../src/model/policies/direction-verdict.ts';
import type { Peer } from '../../../../src/model/policies/ends.ts';
import { NEWEST } from '../../../../src/model/policies/modes.ts';
import { readFacts } from '../../../../src/model/policies/read-facts.ts';
import type { Protocol } from '../../../../src/model/policies/rule.ts';
import { createEngine } from '../../../../src/model/policies/verdict.ts';
import { fc } from '../../../fixtures/seeded.ts';
import { worlds } from './clusters.ts';
import { evaluate, type Question, type Side } from './evaluate.ts';

/** What may be honestly unknown to the one and simply nobody to the other. */
const UNKNOWN_IS_FAIR = /^(?:.*service \S+ is not known here|whether the two are on one node is not said.*)$/;

it('agrees with a second reading of Cilium on random clusters: verdicts, reasons, the policies that isolate', () => {
  let compared = 0;
  fc.assert(
    fc.property(worlds, ({ objects, questions }) => {
      const engine = createEngine(readFacts(objects, { version: NEWEST, dialect: 'cilium' }));
      for (const question of questions) {
        const wanted = evaluate(objects, question);
        const answer = engine.ask(asked(question));
        for (const direction of ['egress', 'ingress'] as const) {
          const got = answer[direction];
          if (got.verdict === 'unknown') {
            for (const doubt of got.doubts) expect(doubt).toMatch(UNKNOWN_IS_FAIR);
            continue;
          }
          compared += 1;
          expect([question, direction, said(got)]).toEqual([question, direction, meant(wanted[direction], got)]);
        }
      }
    }),
    { numRuns: 400 },
  );
  expect(compared).toBeGreaterThan(4_000);
});

function asked({ from, to, port, protocol }: Question): { from: Peer; to: Peer; port: number; protocol: Protocol } {
  return { from, to, port, protocol: protocol as Protocol };
}

function said({ verdict, reason, isolating }: DirectionVerdict): string {
  const isolates = reason === 'default-deny' ? isolating.map((ref) => `${ref.kind}/${ref.namespace}/${ref.name}`) : [];
  return `${verdict} ${reason} ${isolates.sort().join(' ')}`;
}

/** In the other's words, where both are true: the own node is let by whatever a rule says as well. */
function meant({ verdict, reason, policies }: Side, got: DirectionVerdict): string {
  const alike =
    (reason === 'not-isolated' && got.reason === 'outside-cluster') ||
    (reason === 'rule' && got.reason === 'local-host');
  return `${verdict} ${alike ? got.reason : reason} ${reason === 'default-deny' ? policies.join(' ') : ''}`;
}
