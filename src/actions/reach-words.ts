import { countPairs, type WhatIfReport } from '../model/policies/policy-asks.ts';

/** What the one who confirms should have read: how many pairs of workloads, and what is wrong with the drafts. */
export function reachWords({ pairs, undeclared, outside, unchanged, findings }: WhatIfReport): readonly string[] {
  const of = (after: 'deny' | 'allow' | 'unknown') => countPairs(pairs.filter((one) => one.after === after));
  const more = [
    [of('unknown'), 'no longer known'],
    [countPairs(undeclared), 'on ports nobody there declares'],
    [countPairs(outside), 'with nodes or the world'],
  ] as const;
  const others = more.filter(([count]) => count > 0).map(([count, what]) => `, ${number(count)} ${what}`);
  return [
    `${number(of('deny'))} ${of('deny') === 1 ? 'pair' : 'pairs'} of workloads newly denied, ${number(of('allow'))} newly allowed${others.join('')}; ${number(unchanged)} unchanged.`,
    ...findings.filter(({ severity }) => severity === 'error').map(({ text }) => `Error in the draft: ${text}`),
  ];
}

function number(count: number): string {
  return count.toLocaleString('en-US');
}
