import { resolve } from 'node:path';
import type { Config } from '../config.ts';
import { messageOf } from '../errors.ts';
import { type BundleWish, planBundle } from '../model/bundle/bundle-plan.ts';
import { sanitiseLine } from '../model/sanitise.ts';
import { serverTime } from '../model/server-time.ts';
import type { QueryDesk } from '../panes/query-desk.ts';
import { takeBundle } from '../panes/take-bundle.tsx';
import type { Frame, Word } from '../ui/pane.ts';
import { bundleName, fileStem } from './bundle/bundle-name.ts';
import type { Connection } from './connect.ts';
import { asHtml } from './report/as-html.ts';
import { asMarkdown } from './report/as-markdown.ts';
import { auditSince } from './report/audit-since.ts';
import { type IncidentReport, incidentReport } from './report/incident-report.ts';
import type { SessionRecord } from './report/session-record.ts';
import { version } from './version.ts';
import { writeNew } from './write-new.ts';

export type HandingOver = { connection: Connection; desk: QueryDesk; config: Config; record: SessionRecord };

/** How far back the report and the logs go: an incident that somebody still watches is seldom older. */
const usualMs = 2 * 3_600_000;
const settleMs = 5_000;

/** `:report` and `:bundle`: what this session knows, for whoever takes over. */
export function handingOverWords(session: HandingOver): readonly Word[] {
  return [
    {
      word: 'report',
      title: 'write this incident as a page: html with charts, or md',
      args: 'html|md FILE',
      complete: () => ['html', 'md'],
      run: (args, frame) => void writeReport(session, args, frame),
    },
    {
      word: 'bundle',
      title: 'collect a support bundle; says first what that takes',
      args: 'NODE… | all',
      complete: () => [
        'all',
        ...[...session.connection.store.get().tables.nodes.rows.values()].map(({ name }) => name),
      ],
      unless: () =>
        isRead(session) ? undefined : 'nodes and pods are being read: what it would take is not known yet',
      run: (args, frame) => openBundle(session, args, frame),
    },
  ];
}

/** Come to their end, whichever: of a list that may not be read nothing more will come. */
function isRead({ connection }: HandingOver): boolean {
  const { links } = connection.store.get();
  return (['nodes', 'systemPods', 'pods'] as const).every((source) => {
    const phase = links.get(source)?.phase ?? 'connecting';
    return phase !== 'connecting' && phase !== 'loading';
  });
}

async function writeReport(session: HandingOver, args: readonly string[], frame: Frame): Promise<void> {
  const format = args[0] === 'md' || args[0] === 'html' ? args[0] : /\.md$/i.test(args[0] ?? '') ? 'md' : 'html';
  const [given] = args[0] === format ? args.slice(1) : args;
  const snapshot = session.connection.store.get();
  const now = serverTime(snapshot, Date.now());
  try {
    const report = await reportNow(session);
    const page = format === 'html' ? asHtml(report) : asMarkdown(report);
    const { path } = await writeNew(resolve(given ?? `${fileStem('report', snapshot, now)}.${format}`), [page]);
    frame.flash(`written to ${sanitiseLine(path, 300)}`, 'ok');
  } catch (error) {
    frame.flash(messageOf(error), 'warning');
  }
}

function reportNow({ connection, desk, config, record }: HandingOver): Promise<IncidentReport> {
  const snapshot = connection.store.get();
  const now = serverTime(snapshot, Date.now());
  const input = {
    ...{ snapshot, judgement: snapshot.judgement, now, sinceMs: usualMs, program: `ciliscope ${version()}` },
    ...{ samples: record.samples(), queries: desk.heads() },
    runbooks: desk.ran.get().filter(({ epoch }) => epoch === snapshot.epoch),
    ...auditSince(config.stateDir, snapshot.cluster.server, now - usualMs),
  };
  return incidentReport(input, (made) => connection.asks.redact(made, new AbortController().signal));
}

function openBundle(session: HandingOver, args: readonly string[], frame: Frame): void {
  const { asks, store } = session.connection;
  const snapshot = store.get();
  const now = serverTime(snapshot, Date.now());
  const nodes: BundleWish['nodes'] = args.length === 0 ? 'suspect' : args[0] === 'all' ? 'all' : args;
  const plan = planBundle(snapshot, snapshot.judgement, { nodes, sinceMs: usualMs }, now);
  const path = resolve(bundleName(snapshot, now));
  const request = async () => {
    const report = await reportNow(session);
    return {
      ...{ plan, path, program: `ciliscope ${version()}`, settleMs, timeline: store.get().timeline },
      texts: [
        { path: 'report.html', text: asHtml(report) },
        { path: 'report.md', text: asMarkdown(report) },
        { path: 'session.json', text: `${JSON.stringify(toldOf(report), null, 2)}\n` },
      ],
    };
  };
  takeBundle(asks, { plan, path }, request, frame);
}

/** What was done and asked in this session, for programs. */
function toldOf({ jobs, runbooks, audit, queries }: IncidentReport) {
  return { jobs, runbooks, audit, queries };
}
