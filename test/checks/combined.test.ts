import { expect, it } from 'vitest';
import type { Finding } from '../../src/model/finding.ts';
import { stand } from '../runbooks/ground.ts';

/**
 * Two causes at once: what is told, the furthest-reaching of the worst first, what each explains after the arrow, and
 * other ways in which one trouble shows set in under it.
 */
const pairs: Record<string, readonly string[]> = {
  'agent-crash-loop+dns-down': ['dns/not-ready', 'agents/crash-looping → nodes/agent-not-ready-taint'],
  'agent-crash-loop+operator-down': [
    'agents/crash-looping',
    'agents/operator-unavailable → agents/operator-without-leader',
  ],
  'agent-crash-loop+endpoint-slice-drift': [
    'agents/crash-looping → nodes/agent-not-ready-taint',
    'endpoints/address-conflict',
    '  endpoints/missing-from-slices',
    '  endpoints/slice-identity-differs',
    '  endpoints/stale-slice-entry',
    '  endpoints/duplicate-in-slices',
  ],
  // Each has nodes of its own; and what was wrong before the operator went is not for want of it.
  'agent-crash-loop+agent-not-ready-node': [
    'agents/crash-looping → nodes/agent-not-ready-taint',
    'agents/not-ready → nodes/agent-not-ready-taint',
  ],
  'slice-left-behind+operator-down': [
    'agents/operator-unavailable → agents/operator-without-leader',
    'endpoints/stale-slice-entry',
  ],
  'pods-stuck-creating+dns-down': ['dns/not-ready', 'nodes/cns-not-ready → backends/one-ready, pods/stuck-creating'],
  'address-exhaustion+tunnel-down': ['endpoints/address-capacity', 'cluster/tunnel-down'],
  'agent-not-ready-node+tunnel-down': ['agents/not-ready → nodes/agent-not-ready-taint', 'cluster/tunnel-down'],
  'services-broken+agent-not-ready-node': [
    'agents/not-ready → nodes/agent-not-ready-taint',
    'backends/none-ready',
    'backends/selector-matches-nothing',
    'backends/target-port-unmatched',
  ],
  'endpoint-slice-drift+services-broken': [
    'endpoints/address-conflict',
    '  endpoints/missing-from-slices',
    '  endpoints/slice-identity-differs',
    '  endpoints/stale-slice-entry',
    '  endpoints/duplicate-in-slices',
    'backends/none-ready',
    'backends/selector-matches-nothing',
    'backends/target-port-unmatched',
  ],
  'operator-down+tunnel-down': ['agents/operator-unavailable → agents/operator-without-leader', 'cluster/tunnel-down'],
  'pods-stuck-creating+agent-crash-loop': [
    'agents/crash-looping → nodes/agent-not-ready-taint',
    'nodes/cns-not-ready → pods/stuck-creating',
  ],
};

const lines = ({ id, beside, explains = [] }: Finding) =>
  explains.length === 0
    ? `${beside === undefined ? '' : '  '}${id}`
    : `${id} → ${[...new Set(explains.map((one) => one.id))].sort().join(', ')}`;

it.each(Object.entries(pairs))('%s', { timeout: 120_000 }, async (scenario, told) => {
  const ground = await stand(scenario);
  try {
    const { judgement } = (await ground.as('admin')).snapshot();
    expect(judgement.findings.map(lines)).toEqual(told);
  } finally {
    await ground.close();
  }
});
