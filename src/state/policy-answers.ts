import { UserError } from '../errors.ts';
import { cellReport } from '../model/policies/cell-report.ts';
import type { Judge, KnownPolicies } from '../model/policies/known-policies.ts';
import { mapReport } from '../model/policies/map-report.ts';
import { endNames } from '../model/policies/named-ends.ts';
import type { PolicyAsks } from '../model/policies/policy-asks.ts';
import { policyReport } from '../model/policies/policy-report.ts';
import { reachReport } from '../model/policies/reach-report.ts';
import type { Turns } from '../model/policies/turns.ts';
import { verdictReport } from '../model/policies/verdict-report.ts';
import { whatIfReport } from '../model/policies/what-if-report.ts';

/** How long a report works before whatever else waits is looked at, ms. */
const turnMs = 8;

/** Answers from what is known when it is asked; `now` is the server's clock. */
export function answerPolicies(known: () => KnownPolicies, judge: Judge, now: () => number): PolicyAsks {
  return {
    verdict: (question, signal) => inTurns(verdictReport(known(), question, now()), signal),
    policy: async (ref) => found(policyReport(known(), ref, judge, now())),
    reach: (end, direction, signal) => inTurns(reachReport(known(), end, direction, now()), signal),
    map: (only, signal) => inTurns(mapReport(known(), only, now()), signal),
    cell: (from, to, signal) => inTurns(cellReport(known(), from, to, now()), signal),
    whatIf: (draft, signal) => inTurns(whatIfReport(known(), draft, judge, now()), signal),
    ends: async (typed) => endNames(known().engine.index, typed),
  };
}

/** Of a report that has nothing to report, the sentence that says why. */
function found<Report>(report: Report | string): Report {
  if (typeof report === 'string') throw new UserError(report, '', 'missing');
  return report;
}

/** Works in turns, between which connections are read and messages heard; stops where the signal aborts. */
async function inTurns<Report>(turns: Turns<Report | string>, signal: AbortSignal): Promise<Report> {
  for (;;) {
    const until = performance.now() + turnMs;
    while (performance.now() < until) {
      const { done, value } = turns.next();
      if (done) return found(value);
    }
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
  }
}
