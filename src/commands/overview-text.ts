import { clock, dateAndClock } from '../model/clock.ts';
import type { Judgement } from '../model/finding.ts';
import { pools } from '../model/pools.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { calmWords } from '../panes/calm-words.ts';
import { firstSigns } from '../panes/first-signs.ts';
import { headerFacts } from '../panes/header/header-facts.ts';
import { shortImage } from '../panes/short-image.ts';
import { skewText } from '../panes/skew-words.ts';
import { isInScope, timelineRow } from '../panes/timeline-row.ts';
import { vitals } from '../panes/vitals.ts';
import { age, cutEnd, cutMiddle, number, pad, width, wrap } from '../ui/text.ts';
import { createTheme, type Glyphs } from '../ui/theme.ts';
import { findingLines, verdictLine } from './check/as-text.ts';
import { judgeOnce } from './check/judge-once.ts';
import { unreadText } from './check/unread.ts';
import type { Terminal } from './command.ts';
import type { Connection } from './connect.ts';
import { progressOn } from './progress.ts';

const columns = 80;

/** How long reading the cluster may take, and how long what may be a moment is watched. */
const patience = { timeoutMs: 30_000, settleMs: 5_000 };

/**
 * Prints the overview once, for a reader without a terminal: 80 columns, no escape codes. Resolves to 0 when the
 * cluster could be looked at, whatever was found, and to 2 when not.
 */
export async function printOverview(connection: Connection, terminal: Terminal, told: Told): Promise<number> {
  const progress = progressOn(terminal.stderr);
  try {
    const { judgement, snapshot } = await judgeOnce(connection, { ...patience, progress: progress.say });
    progress.clear();
    terminal.stdout.write(overviewText(judgement, snapshot, judgement.at, told));
    const unread = unreadText(snapshot);
    if (unread !== '') terminal.stderr.write(`ciliscope: ${unread}\n`);
    return unread === '' ? 0 : 2;
  } finally {
    progress.clear();
  }
}

/** `namespace`: whose changes are told, '' = everybody's; the verdict and the pools are of the whole cluster. */
type Told = Readonly<{ ascii: boolean; namespace: string }>;

export function overviewText(
  judgement: Judgement,
  snapshot: Snapshot,
  now: number,
  { ascii, namespace }: Told,
): string {
  const { glyphs, paint } = createTheme({ ascii, colour: false });
  const page = { columns: columns - 1, ascii };
  const sections = [
    [header(snapshot, namespace, now, glyphs), ...clockLine(snapshot, glyphs), verdictLine(judgement, page)],
    wrongNow(judgement, page, glyphs),
    poolLines(snapshot, now, glyphs),
    changeLines(snapshot, judgement, namespace, now, glyphs),
    linkLines(snapshot, now, glyphs),
    notLookedLines(judgement, glyphs),
  ];
  const lines = sections.filter((section) => section.length > 0).flat();
  // Findings bring signs of their own, such as × and …
  return paint(`${lines.map((line) => line.trimEnd()).join('\n')}\n`, {});
}

/** Whoever compares these ages with a watch on the wall must know that the two differ. */
function clockLine({ cluster }: Snapshot, glyphs: Glyphs): string[] {
  const words = skewText(cluster.skew);
  return words === '' ? [] : [`${glyphs.warning} ${words}: every age here is by the server's`];
}

function header(snapshot: Snapshot, namespace: string, now: number, glyphs: Glyphs): string {
  const { context, kubernetes, cilium, links } = headerFacts(snapshot, namespace, now);
  const facts = [namespace && `ns:${namespace}`, kubernetes && `k8s ${kubernetes}`, cilium && `cilium ${cilium}`]
    .filter(Boolean)
    .join('  ');
  const right = `${glyphs[links.glyph]} ${links.live}/${links.of} ${links.text}  ${dateAndClock(now)}`;
  const left = `${cutMiddle(context, Math.max(10, columns - facts.length - right.length - 5), glyphs.ellipsis)}  ${facts}`;
  return `${pad(left, Math.max(left.length, columns - right.length - 1))} ${right}`;
}

/** `── Pools ─────────`, with the column titles where their columns are. */
function rule(title: string, glyphs: Glyphs, heading = ''): string {
  const start = `${glyphs.rule.repeat(2)} ${title} `;
  const dashes = (n: number) => glyphs.rule.repeat(Math.max(0, n));
  const rest = pad(heading.slice(start.length), columns - start.length)
    .replace(/^ +(?=\S)/, (blanks) => `${dashes(blanks.length - 1)} `)
    .replace(/(?<=\S) {2,}(?=\S)/g, (blanks) => ` ${dashes(blanks.length - 2)} `)
    .replace(/(?<=\S) +$/, (blanks) => ` ${dashes(blanks.length - 1)}`);
  return start + (rest.trim() === '' ? dashes(rest.length) : rest);
}

function wrongNow(judgement: Judgement, page: { columns: number; ascii: boolean }, glyphs: Glyphs): string[] {
  const { findings, looked, of } = judgement;
  const title = `Wrong now ${page.ascii ? '-' : '·'} ${looked} of ${of} checks looked`;
  if (findings.length === 0) return [rule(title, glyphs), ` ${calmWords(judgement, '', judgement.at).words}`];
  return [rule(title, glyphs), ...findings.flatMap((finding) => findingLines(finding, judgement.at, page))];
}

function poolLines(snapshot: Snapshot, now: number, glyphs: Glyphs): string[] {
  if (snapshot.links.get('nodes')?.phase !== 'live') return [];
  const cells = (row: readonly string[]) => row.map((cell, at) => pad(cell, poolColumns[at] ?? 0)).join(' ');
  const rows = pools(snapshot, now).map((pool) => {
    const share = (ready: number, all: number) =>
      all === 0 ? '' : `${ready}/${all} ${glyphs[ready === all ? 'ok' : 'error']}`;
    return cells([
      ` ${cutMiddle(pool.pool || '(no pool)', 10, glyphs.ellipsis)}`,
      share(pool.nodesReady, pool.nodes),
      share(pool.agentsReady, pool.agents),
      share(pool.cnsReady, pool.cns),
      number(pool.stuck),
      pool.kubelets.map(({ value }) => value.replace(/^v/, '')).join(', '),
      [shortImage(pool.images[0]?.value ?? ''), upgradeText(pool.upgrade.state)].filter(Boolean).join('  '),
    ]);
  });
  const heading = cells(['', 'NODES', 'AGENTS', 'CNS', 'STUCK', 'K8S', 'IMAGE']);
  const organs = vitals(snapshot, now).map(({ id, glyph, text }) => `${id} ${glyphs[glyph]} ${text}`);
  return [rule('Pools', glyphs, heading), ...rows, ...filled(organs)];
}

/** As many on a line as fit, none of them broken. */
function filled(parts: readonly string[]): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last !== undefined && width(last) + 2 + width(part) <= columns) lines[lines.length - 1] = `${last}  ${part}`;
    else lines.push(` ${part}`);
  }
  return lines;
}

const poolColumns = [11, 9, 9, 9, 5, 14, 17];

function upgradeText(state: 'none' | 'under-way' | 'standing-still'): string {
  return { none: '', 'under-way': 'upgrading', 'standing-still': 'upgrade stands' }[state];
}

/** The newest changes, as many as one reads. */
const mostChanges = 10;

/** The newest, and those with which the findings began, however old. */
function changeLines(
  snapshot: Snapshot,
  { findings }: Judgement,
  namespace: string,
  now: number,
  glyphs: Glyphs,
): string[] {
  const { entries, watchedSince } = snapshot.timeline;
  const here = entries.filter((entry) => isInScope(entry, namespace));
  const signs = firstSigns(findings, entries);
  const kept = here.filter((entry, index) => index < mostChanges || signs.has(entry));
  const shown = kept.map((entry) => {
    const { time, what, object, detail, who } = timelineRow(entry, now);
    const line = ` ${pad(time, 9)} ${pad(what, 10)} ${pad(cutMiddle(object, 30, glyphs.ellipsis), 30)} ${detail}`;
    return `${cutEnd(line, columns - (who ? who.length + 2 : 0), glyphs.ellipsis)}${who ? `  ${who}` : ''}`;
  });
  if (shown.length === 0 && namespace === '') return [];
  const where = namespace === '' ? '' : ` in ${namespace}`;
  if (shown.length === 0) shown.push(` nothing is known to have changed${where}`);
  return [
    rule(`Changed${where}, newest first; deletes before ${clock(watchedSince)} are unseen`, glyphs),
    ...shown.map((line) => cutEnd(line, columns, glyphs.ellipsis)),
  ];
}

/** Sources that are not live, and why. Kinds this cluster does not serve are told in one line. */
function linkLines(snapshot: Snapshot, now: number, glyphs: Glyphs): string[] {
  const links = [...snapshot.links].filter(([, { phase }]) => phase !== 'live');
  const missing = links.filter(([, { phase }]) => phase === 'missing').map(([source]) => source.toLowerCase());
  const others = links.filter(([, { phase }]) => phase !== 'missing');
  if (links.length === 0) return [];
  return [
    rule('Not live', glyphs),
    ...others.flatMap(([source, { phase, heard, problem }]) =>
      hanging(
        `${glyphs.unknown} ${source}: ${problem || `${phase}${phase === 'stale' && heard > 0 ? ` ${age(now - heard)}` : ''}`}`,
      ),
    ),
    ...(missing.length > 0 ? hanging(`${glyphs.unknown} not installed: ${missing.join(', ')}`) : []),
  ];
}

function notLookedLines({ notLookedAt }: Judgement, glyphs: Glyphs): string[] {
  if (notLookedAt.length === 0) return [];
  const byReason = Map.groupBy(notLookedAt, ({ reason }) => reason);
  return [
    rule('Not looked at', glyphs),
    ...[...byReason].flatMap(([reason, all]) =>
      hanging(`${glyphs.unknown} ${reason}: ${all.map(({ id }) => id).join(', ')}`),
    ),
  ];
}

function hanging(text: string): string[] {
  return wrap(text, columns - 4).map((line, at) => (at === 0 ? ` ${line}` : `   ${line}`));
}
