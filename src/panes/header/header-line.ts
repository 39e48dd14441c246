import { clock } from '../../model/clock.ts';
import { cutMiddle, pad, width } from '../../ui/text.ts';
import type { Glyphs, Span } from '../../ui/theme.ts';
import { skewText } from '../skew-words.ts';
import { fitTo, type Spans, span, spansWidth } from '../spans.ts';
import type { LinkSummary } from './link-summary.ts';

export type HeaderFacts = {
  context: string;
  /** The cluster's name where it says more than the context; ''. */
  cluster: string;
  /** The server's host where neither says it; ''. */
  host: string;
  /** What the screens are narrowed to; '' = all namespaces. */
  scope: string;
  /** `1.34.2`; '' while not known. */
  kubernetes: string;
  /** `1.18.6`, `1.18.6+1.18.9` while agents differ; '' while not known. */
  cilium: string;
  links: LinkSummary;
  insecure: boolean;
  /** By how much the server's clock, which all ages are counted by, is ahead of ours, ms. */
  skew: number;
  /** How long changes may be made yet, ms; 0 = read-only. */
  writeMs: number;
  /** Something is being changed just now. */
  changing: boolean;
  /** Which operation runs in Azure, and how far it is: `enable ACNS on aks1 40%`; '' while there is none. */
  operation: string;
  now: number;
};

type Part = { id: string; spans: Spans };

/** Least needed first: what gives way when the terminal is narrow. The context is cut, the links and warnings stay. */
const givesWay = ['host', 'kubernetes', 'latency', 'clock', 'cluster', 'cilium', 'operation', 'scope', 'read-only'];
/** While links are in trouble one asks where one is and what one may do there; which versions run is not the news. */
const givesWayInTrouble = 'host latency cilium kubernetes clock operation scope cluster read-only'.split(' ');

/** ` aks-prod-weu  ns:all  k8s 1.34.2  cilium 1.18.6    ● 14/14 api 41ms  RO  12:04Z`, exactly `columns` wide. */
export function headerLine(facts: HeaderFacts, glyphs: Glyphs, columns: number): Spans {
  const left = leftParts(facts, glyphs, columns);
  const right = rightParts(facts, glyphs);
  const dropped = new Set<string>();
  const keep = (parts: readonly Part[]) => parts.filter((part) => !dropped.has(part.id));
  const gap = 2;
  const used = () => 1 + [...keep(left), ...keep(right)].reduce((sum, part) => sum + spansWidth(part.spans) + gap, 0);
  const name = Math.min(width(facts.context), shortest);
  for (const id of facts.links.glyph === 'ok' ? givesWay : givesWayInTrouble) {
    if (used() + name <= columns) break;
    dropped.add(id);
  }
  // A long one that had to go leaves room for shorter ones that went before it.
  for (const id of [...dropped].reverse()) {
    dropped.delete(id);
    if (used() + name > columns) dropped.add(id);
  }
  const room = Math.max(1, columns - used());
  const context = span(cutMiddle(facts.context, room, glyphs.ellipsis), 'strong');
  const start: Span[] = [span(' '), context, ...joined(keep(left), gap)];
  const end = joined(keep(right), gap).slice(1);
  const blank = columns - spansWidth(start) - spansWidth(end);
  return fitTo([...start, span(pad('', Math.max(0, blank))), ...end], columns, glyphs.ellipsis);
}

/** A context's name is not cut below this while something else can go. */
const shortest = 24;

/** A cluster's name tells by its two ends, in this much of the line. */
const mostOfCluster = 0.25;

function leftParts(facts: HeaderFacts, glyphs: Glyphs, columns: number): Part[] {
  const name = cutMiddle(facts.cluster || facts.host, Math.floor(columns * mostOfCluster), glyphs.ellipsis);
  const cluster = { id: facts.cluster === '' ? 'host' : 'cluster', spans: [span('on ', 'dim'), span(name)] };
  const parts: Part[] = [
    ...(name === '' ? [] : [cluster]),
    {
      id: 'scope',
      spans: [span(`ns:${facts.scope === '' ? 'all' : facts.scope}`, facts.scope === '' ? 'dim' : 'accent')],
    },
  ];
  if (facts.kubernetes !== '') parts.push({ id: 'kubernetes', spans: [span('k8s ', 'dim'), span(facts.kubernetes)] });
  if (facts.cilium !== '') parts.push({ id: 'cilium', spans: [span('cilium ', 'dim'), span(facts.cilium)] });
  return parts;
}

function rightParts(facts: HeaderFacts, glyphs: Glyphs): Part[] {
  const { links, insecure, skew, now } = facts;
  const calm = links.glyph === 'ok' && !links.resting;
  // In trouble the words are the news and stay; in good times they are only the latency.
  const news = calm || links.text === '' ? '' : ` ${links.text}`;
  const parts: Part[] = [
    { id: 'links', spans: [span(`${glyphs[links.glyph]} ${links.live}/${links.of}${news}`, links.glyph)] },
  ];
  if (calm && links.text !== '') parts.push({ id: 'latency', spans: [span(links.text, 'dim')] });
  if (insecure) parts.push({ id: 'insecure', spans: [span('TLS NOT VERIFIED', 'error', { inverse: true })] });
  if (skew !== 0) parts.push({ id: 'skew', spans: [span(skewText(skew), 'warning')] });
  if (facts.operation !== '') parts.push({ id: 'operation', spans: [span(facts.operation, 'progress')] });
  parts.push(writable(facts, glyphs), { id: 'clock', spans: [span(clock(now), 'dim')] });
  return parts;
}

/** That changes may be made, and how long yet, never gives way to anything. */
function writable({ writeMs, changing }: HeaderFacts, glyphs: Glyphs): Part {
  const under = changing ? [span(`${glyphs.progress} `, 'progress')] : [];
  if (writeMs <= 0 && !changing) return { id: 'read-only', spans: [span('RO', 'dim')] };
  if (writeMs <= 0) return { id: 'writable', spans: [...under, span('RO', 'dim')] };
  return { id: 'writable', spans: [...under, span(`RW ${countdown(writeMs)}`, 'warning', { inverse: true })] };
}

/** `9:41`; the last second is `0:01`. */
function countdown(ms: number): string {
  const seconds = Math.ceil(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

function joined(parts: readonly Part[], gap: number): Span[] {
  return parts.flatMap((part) => [span(attached.has(part.id) ? ' ' : ' '.repeat(gap)), ...part.spans]);
}

/** Belongs to what stands before it. */
const attached = new Set(['latency', 'cluster', 'host']);
