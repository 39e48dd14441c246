import { describe, expect, it } from 'vitest';
import type { CellReport } from '../../../src/model/policies/policy-asks.ts';
import { type DnsReach, dnsReachLine } from '../../../src/panes/namespaces/namespace-dns.ts';
import { createPage } from '../../../src/panes/page.ts';
import { spansText } from '../../../src/panes/spans.ts';
import { createTheme } from '../../../src/ui/theme.ts';

const { glyphs } = createTheme({ ascii: false, colour: false });
const line = (reach: DnsReach) => {
  const page = createPage(80, 11);
  page.section('Network');
  dnsReachLine(page, reach, glyphs);
  return page.lines[1];
};
type Told = [string, string, number, CellReport['pairs'][number]['port']['protocol'], 'allow' | 'deny' | 'unknown'];
const cell = (...pairs: readonly Told[]): CellReport => ({
  from: 'shop',
  to: 'kube-system',
  at: 1,
  pairs: pairs.map(([from, to, port, protocol, verdict]) => ({
    from: `shop/${from}`,
    to: `kube-system/${to}`,
    pods: [1, 2],
    port: { port, protocol, other: false },
    verdict,
  })),
});
const said = (...pairs: readonly Told[]) => spansText(line({ cell: cell(...pairs), problem: '' })?.spans ?? []).trim();

describe('whether pods may ask for names', () => {
  it.for<[string, readonly Told[], string]>([
    [
      'all of them',
      [
        ['api', 'coredns', 53, 'UDP', 'allow'],
        ['web', 'coredns', 53, 'UDP', 'allow'],
      ],
      '● port 53 allowed for all 2 workloads',
    ],
    ['the one there is', [['api', 'coredns', 53, 'UDP', 'allow']], '● port 53 allowed for its one workload'],
    [
      'some not',
      [
        ['api', 'coredns', 53, 'UDP', 'deny'],
        ['web', 'coredns', 53, 'UDP', 'allow'],
      ],
      '✖ port 53 denied for 1 of 2 workloads: api',
    ],
    [
      'many not',
      (['a', 'b', 'c', 'd'] as const).map((name) => [name, 'coredns', 53, 'UDP', 'deny']),
      '✖ port 53 denied for 4 of 4 workloads: a, b, c …',
    ],
    ['nobody knows', [['api', 'coredns', 53, 'UDP', 'unknown']], '○ port 53 not known for 1 of 1 workloads: api'],
    [
      'some pods of a workload not',
      [
        ['api', 'coredns', 53, 'UDP', 'allow'],
        ['api', 'coredns', 53, 'UDP', 'deny'],
      ],
      '✖ port 53 denied for 1 of 1 workloads: api',
    ],
    [
      'only over TCP not, which names seldom need',
      [
        ['api', 'coredns', 53, 'UDP', 'allow'],
        ['api', 'coredns', 53, 'TCP', 'deny'],
      ],
      '● port 53 allowed for its one workload',
    ],
    [
      'other ports and other pods are no matter',
      [
        ['api', 'coredns', 53, 'UDP', 'allow'],
        ['api', 'coredns', 9153, 'TCP', 'deny'],
        ['api', 'metrics', 53, 'UDP', 'deny'],
      ],
      '● port 53 allowed for its one workload',
    ],
    ['there is nobody to ask about', [], ''],
  ])('%s', ([, pairs, wanted]) => {
    expect(said(...pairs)).toBe(wanted);
  });

  it('leads to the verdict of the first that may not', () => {
    const reach = {
      cell: cell(['web', 'coredns', 53, 'UDP', 'allow'], ['api', 'coredns', 53, 'UDP', 'deny']),
      problem: '',
    };
    expect(line(reach)).toMatchObject({
      troubled: true,
      target: { pane: 'verdict', args: ['shop/api', 'kube-system/coredns', '53/UDP'] },
    });
  });

  it('says that it is being worked out, or why it cannot be', () => {
    expect(spansText(line({ cell: undefined, problem: '' })?.spans ?? [])).toContain('◐ port 53: working it out');
    const problem = 'networkpolicies may not be listed';
    expect(spansText(line({ cell: undefined, problem })?.spans ?? [])).toContain(`○ port 53: ${problem}`);
  });
});
