import { type Explained, findingKey } from '../../model/finding.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { age, number } from '../../ui/text.ts';
import type { Glyphs } from '../../ui/theme.ts';
import type { ScreenLine } from '../LinesScreen.tsx';
import { createPage, type Page } from '../page.ts';
import { shortKind, tightObject } from '../short-kind.ts';
import { cell, span } from '../spans.ts';
import { timelineRow } from '../timeline-row.ts';
import { unseenDeletes } from '../unseen-deletes.ts';
import { changeView, objectView, tableView } from '../views.ts';
import type { DnsReach } from './namespace-dns.ts';
import { eventLines } from './namespace-events.ts';
import { networkLines } from './namespace-network.ts';
import { namespacePods, type SickPod } from './namespace-pods.ts';
import { podSource, unread } from './namespace-state.ts';

type Room = Readonly<{ columns: number; rows: number }>;

/** Where there are more rows than these, sections stand apart and more of each is told. */
const roomyRows = 30;

/** The page of one namespace, what is wrong first. */
export function namespacePage(
  snapshot: Snapshot,
  namespace: string,
  glyphs: Glyphs,
  { columns, rows }: Room,
  dns: DnsReach,
  now: number,
): ScreenLine[] {
  const page = createPage(columns, 11);
  const roomy = rows >= roomyRows;
  findingLines(page, snapshot, namespace, glyphs, now);
  podLines(page, snapshot, namespace, glyphs, columns, roomy ? 10 : 4, now);
  networkLines(page, snapshot, namespace, glyphs, roomy ? 6 : 2, now, dns);
  changeLines(page, snapshot, namespace, columns, roomy ? 10 : 4, now);
  eventLines(page, snapshot, namespace, glyphs, roomy ? 8 : 3, now);
  return roomy ? page.lines : page.lines.filter(({ spans }) => spans.length > 0);
}

/** The verdict's findings that name something of this namespace, or that explain what is wrong here. */
function findingLines(page: Page, { judgement }: Snapshot, namespace: string, glyphs: Glyphs, now: number): void {
  const touches = (one: Explained) => countIn(one, namespace) > 0;
  const here = judgement.findings.filter(
    ({ objects, explains = [] }) => objects.some((object) => object.namespace === namespace) || explains.some(touches),
  );
  if (here.length === 0) return;
  page.section('Wrong now', `${number(here.length)} of the verdict's findings`);
  for (const finding of here) {
    const { severity, title, since, explains = [] } = finding;
    const glyph = severity === 'note' ? ' ' : glyphs[severity];
    const target = { pane: 'why', args: [findingKey(finding)] };
    const troubled = severity !== 'note';
    page.line(
      [
        span(`${glyph} `, severity === 'note' ? 'dim' : severity),
        span(title),
        span(since ? ` ${age(now - since)}` : '', 'dim'),
      ],
      { id: `finding ${findingKey(finding)}`, target, troubled },
    );
    for (const one of explains.filter(touches))
      page.line([span(`${glyphs.branch} `, 'dim'), span(`${hereText(one, namespace)}: `), span(one.title, 'dim')], {
        id: `finding ${findingKey(finding)} ${one.id} ${one.title}`,
        target,
        troubled,
      });
  }
}

function countIn({ within = [] }: Explained, namespace: string): number {
  return within.find((one) => one.namespace === namespace)?.count ?? 0;
}

/** `11 pods here`, of how many in all the title says. */
function hereText(explained: Explained, namespace: string): string {
  const { kind } = explained;
  const many = countIn(explained, namespace);
  const noun = kind === 'Pod' ? 'pod' : kind === undefined ? 'object' : shortKind(kind);
  const plural = /[A-Zy]$/.test(noun) || many === 1 ? noun : `${noun}s`;
  return `${number(many)} ${plural} here`;
}

function podLines(
  page: Page,
  snapshot: Snapshot,
  namespace: string,
  glyphs: Glyphs,
  columns: number,
  most: number,
  now: number,
): void {
  const state = unread(snapshot, podSource(namespace), namespace, now);
  const { all, states, sick } = namespacePods(snapshot, namespace, now);
  const counts = states.map(({ status, count }) => `${number(count)} ${status}`).join(', ');
  page.section('Pods', [number(all), counts, state?.text].filter(Boolean).join(' · '));
  if (all === 0 && state !== undefined) page.prose(state.sentence, 'dim');
  const podsHere = tableView('po', '-n', namespace);
  const shown = sick.slice(0, most);
  const widths = {
    name: Math.min(Math.max(20, Math.floor(columns * 0.32)), Math.max(0, ...shown.map(({ pod }) => pod.name.length))),
    status: Math.min(22, Math.max(0, ...shown.map(({ pod }) => pod.status.length))),
  };
  for (const one of shown) page.line(podSpans(one, glyphs, widths, now), podMore(one));
  const left = sick.length - most;
  if (left > 0)
    page.line([span(`and ${number(left)} more that ${left === 1 ? 'is' : 'are'} not well`, 'dim')], {
      target: podsHere,
    });
  else if (all > 0) {
    const well = sick.length === 0 ? `${glyphs.ok} all as they should be` : 'all pods';
    page.line([span(well, 'dim')], { target: podsHere });
  }
}

type Widths = { name: number; status: number };

function podSpans({ pod, why, since }: SickPod, glyphs: Glyphs, widths: Widths, now: number) {
  const looping = /BackOff|Error|Unknown|Evicted|OOMKilled/.test(pod.status);
  const tone = looping ? 'error' : 'warning';
  const { ellipsis } = glyphs;
  return [
    span(`${glyphs[tone]} `, tone),
    span(cell(pod.name, widths.name, { ellipsis })),
    span(` ${cell(pod.status, widths.status, { ellipsis })}`, tone),
    span(` ${cell(age(now - since), 4, { align: 'right' })} `, 'dim'),
    span(why, 'plain'),
    span(pod.node === '' ? '' : ` · ${pod.node}`, 'dim'),
  ];
}

function podMore({ pod }: SickPod) {
  const ref = { kind: 'Pod', namespace: pod.namespace, name: pod.name };
  return { id: `pod ${pod.uid}`, ref, target: objectView(ref, 'describe'), troubled: true };
}

/** What happened to things of this namespace; its warnings have a section of their own. */
function changeLines(
  page: Page,
  { timeline }: Snapshot,
  namespace: string,
  columns: number,
  most: number,
  now: number,
): void {
  const here = timeline.entries.filter(
    ({ what, object, others = [] }) =>
      what !== 'event' && [object, ...others].some((ref) => ref.namespace === namespace),
  );
  page.section('Changed', unseenDeletes(timeline, now));
  if (here.length === 0) page.line([span('nothing is known to have changed', 'dim')]);
  for (const entry of here.slice(0, most)) {
    const row = timelineRow(entry, now);
    const object = columns < 100 ? tightObject(row.object) : row.object;
    page.line(
      [
        span(`${cell(row.time, 8)} `, 'dim'),
        span(`${cell(row.what, 9)} `, row.tone),
        span(object),
        span(row.detail === '' ? '' : ` ${row.detail}`, 'dim'),
        span(row.who === '' ? '' : ` · ${row.who}`, 'dim'),
      ],
      { id: `change ${row.id}`, ref: entry.object, target: changeView(entry) },
    );
  }
  const left = here.length - most;
  if (left > 0) page.line([span(`and ${number(left)} before these`, 'dim')], { target: { pane: 'timeline' } });
}
