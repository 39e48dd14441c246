import { resolve } from 'node:path';
import type { Command as Program } from 'commander';
import { flagsOf, readConfig } from '../config.ts';
import { UserError } from '../errors.ts';
import { createRedactor } from '../model/redaction/redactor.ts';
import { sanitiseLine } from '../model/sanitise.ts';
import { serverTime } from '../model/server-time.ts';
import { addAzureOptions } from './azure-options.ts';
import { judgeBundle, toldOfBundle } from './check/judge-bundle.ts';
import { judgeOnce } from './check/judge-once.ts';
import { unreadText } from './check/unread.ts';
import { exitCode } from './check.ts';
import type { Command, Terminal } from './command.ts';
import { connect } from './connect.ts';
import { parseDuration } from './duration.ts';
import { progressOn } from './progress.ts';
import { asHtml } from './report/as-html.ts';
import { asMarkdown } from './report/as-markdown.ts';
import { auditSince } from './report/audit-since.ts';
import { incidentReport, type ReportInput } from './report/incident-report.ts';
import { createSessionRecord } from './report/session-record.ts';
import { watchFor } from './report/watch-for.ts';
import { version } from './version.ts';
import { writeNew } from './write-new.ts';

/** The incident as a page to hand over. */
export const report: Command = {
  name: 'report',
  summary: 'write what is wrong, since when and what was done as one page, Markdown or HTML with charts',
  describe(program: Program) {
    program
      .option('--format <format>', 'md or html; by the ending of --out, else md')
      .option('--out <file>', 'where to write it (a new file); else it is printed')
      .option('--since <duration>', 'how far back the timeline and the audit go', '2h')
      .option('--watch <duration>', 'how long to watch for rates of drops and changes; ctrl-c ends that early', '40s')
      .option('--from <bundle>', 'of a support bundle, as of the time it was taken; nobody is asked')
      .option('--kubeconfig <file>', 'kubeconfig to use instead of $KUBECONFIG or ~/.kube/config')
      .option('--context <name>', 'context of the kubeconfig')
      .option('--timeout <duration>', 'how long reading the cluster may take', '30s');
    addAzureOptions(program, false)
      .option('--azure', "tell Azure's side too, with credentials that need nobody")
      .addHelpText(
        'after',
        '\nExit code: as check: 0 nothing wrong, 1 an error or a warning, 2 the cluster could not be read.',
      );
  },
  async run(_args, options, terminal) {
    const format = formatOf(options);
    const sinceMs = parseDuration(String(options.since), '--since');
    const input =
      typeof options.from === 'string'
        ? await fromBundle(options.from, sinceMs)
        : await fromCluster(options, sinceMs, terminal);
    const pageOf = async () => {
      // Nobody draws meanwhile.
      const made = await incidentReport(input, async (whole) => createRedactor().data(whole));
      return format === 'html' ? asHtml(made) : asMarkdown(made);
    };
    const page = typeof options.from === 'string' ? await toldOfBundle(options.from, pageOf) : await pageOf();
    if (options.out === undefined) terminal.stdout.write(page);
    else {
      const { path } = await writeNew(resolve(String(options.out)), [page]);
      terminal.stderr.write(`ciliscope: written to ${sanitiseLine(path, 500)}\n`);
    }
    const unread = unreadText(input.snapshot);
    if (unread !== '') terminal.stderr.write(`ciliscope: ${unread}\n`);
    return exitCode(input.judgement, input.snapshot, false);
  },
};

function formatOf({ format, out }: Record<string, unknown>): 'md' | 'html' {
  const wanted = format ?? (/\.html?$/i.test(String(out ?? '')) ? 'html' : 'md');
  if (wanted === 'md' || wanted === 'html') return wanted;
  throw new UserError(`There is no format "${sanitiseLine(String(wanted), 40)}".`, 'Give --format md or html.');
}

async function fromBundle(path: string, sinceMs: number): Promise<ReportInput> {
  const { judgement, snapshot, takenAt, manifest, said } = await judgeBundle(path);
  return {
    ...{
      snapshot,
      judgement,
      now: takenAt,
      sinceMs,
      program: `ciliscope ${version()} from a bundle. ${said[0] ?? ''}`,
    },
    ...{ samples: [], runbooks: [], audit: [], queries: [], gaps: [...manifest.gaps, unbundled] },
  };
}

/** What somebody did stays with whoever did it. */
const unbundled = { what: 'runbooks, audit, queries', why: 'a report from a bundle is of the cluster alone' };

async function fromCluster(
  options: Record<string, unknown>,
  sinceMs: number,
  { stderr, env }: Terminal,
): Promise<ReportInput> {
  const timeoutMs = parseDuration(String(options.timeout), '--timeout');
  const watchMs = parseDuration(String(options.watch), '--watch');
  const withAzure = options.azure === true && env['CILISCOPE_AZURE'] !== 'off';
  const config = readConfig(flagsOf(options), env, version());
  const progress = progressOn(stderr);
  const connection = connect({ ...config, azure: { ...config.azure, use: withAzure ? 'quiet' : 'off' } });
  const record = createSessionRecord();
  const look = () => record.look(connection.store.get(), serverTime(connection.store.get(), Date.now()));
  const forget = connection.store.subscribe(look);
  try {
    const { judgement } = await judgeOnce(connection, {
      timeoutMs,
      settleMs: 5_000,
      withAzure,
      progress: progress.say,
    });
    await watchFor(watchMs, (left) =>
      progress.say(`watching drops and changes for ${Math.ceil(left / 1_000)}s; ctrl-c ends it`),
    );
    const snapshot = connection.store.get();
    const now = serverTime(snapshot, Date.now());
    return {
      ...{ snapshot, judgement, now, sinceMs, program: `ciliscope ${version()}` },
      ...{ samples: record.samples(), runbooks: [], queries: [] },
      ...auditSince(config.stateDir, snapshot.cluster.server, now - sinceMs),
    };
  } finally {
    forget();
    progress.clear();
    await connection.close();
  }
}
