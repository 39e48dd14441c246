import type { CellReport } from '../../model/policies/policy-asks.ts';
import { number } from '../../ui/text.ts';
import type { Glyphs } from '../../ui/theme.ts';
import type { Page } from '../page.ts';
import { span } from '../spans.ts';
import { verdictView } from '../views.ts';

/** Whether the namespace's pods may ask the cluster's DNS, by the policies of both sides; how that answer is doing. */
export type DnsReach = { cell: CellReport | undefined; problem: string };

type Pair = CellReport['pairs'][number];

export function dnsReachLine(page: Page, { cell, problem }: DnsReach, glyphs: Glyphs): void {
  if (cell === undefined) {
    const said = problem === '' ? 'port 53: working it out' : `port 53: ${problem}`;
    const glyph = problem === '' ? 'progress' : 'unknown';
    page.field('', [span(`${glyphs[glyph]} ${said}`, glyph)]);
    return;
  }
  const workloads = Map.groupBy(dnsPairs(cell), ({ from }) => from);
  if (workloads.size === 0) return;
  const having = (verdict: Pair['verdict']) =>
    [...workloads.values()].flatMap((pairs) => pairs.find((pair) => pair.verdict === verdict) ?? []);
  const denied = having('deny');
  const unknown = having('unknown');
  const [first] = [...denied, ...unknown];
  if (first === undefined) {
    const all = workloads.size === 1 ? 'its one workload' : `all ${number(workloads.size)} workloads`;
    page.field('', [span(`${glyphs.ok} `, 'ok'), span(`port 53 allowed for ${all}`, 'dim')]);
    return;
  }
  const [glyph, word, some] =
    denied.length > 0 ? (['error', 'denied', denied] as const) : (['unknown', 'not known', unknown] as const);
  const names = some.slice(0, 3).map(({ from }) => from.slice(from.indexOf('/') + 1));
  const more = some.length > names.length ? ' …' : '';
  page.field(
    '',
    [
      span(`${glyphs[glyph]} port 53 ${word} for ${number(some.length)} of ${number(workloads.size)} workloads`, glyph),
      span(`: ${names.join(', ')}${more}`),
    ],
    { target: verdictView(first.from, first.to, `53/${first.port.protocol}`), troubled: denied.length > 0 },
  );
}

/** Names are asked for over UDP; over TCP only what UDP could not carry. */
function dnsPairs({ pairs }: CellReport): readonly Pair[] {
  const dns = pairs.filter(({ to, port }) => DNS.test(to) && port.port === 53);
  const udp = dns.filter(({ port }) => port.protocol === 'UDP');
  return udp.length > 0 ? udp : dns;
}

const DNS = /^kube-system\/(?:coredns|kube-dns)$/;
