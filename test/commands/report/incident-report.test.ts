import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { asHtml } from '../../../src/commands/report/as-html.ts';
import { asMarkdown } from '../../../src/commands/report/as-markdown.ts';
import { incidentReport, type ReportInput } from '../../../src/commands/report/incident-report.ts';
import { createSessionRecord } from '../../../src/commands/report/session-record.ts';
import type { AgentMetrics, AgentReading } from '../../../src/model/metrics.ts';
import { createRedactor } from '../../../src/model/redaction/redactor.ts';
import { inTurns } from '../../../src/sources/in-turns.ts';
import { given, judged } from '../../checks/given.ts';
import { now } from '../../checks/healthy-cluster.ts';

const evil = `"><script>alert(1)</script><img src=x onerror=alert(2)>'\`&`;

/** An agent that is not ready, in a cluster in which somebody named things to get out of the page. */
function input(): ReportInput {
  const over = [
    "kind: Pod\nmetadata: { namespace: kube-system, name: cilium-1 }\nstatus: { conditions: [{ type: Ready, status: 'False', lastTransitionTime: <9m ago> }] }",
  ];
  const facts = { agentMetrics: metrics() };
  const judgement = judged({ over, facts });
  const clean = given({ over, facts });
  const first = judgement.findings[0];
  if (first === undefined) throw new Error('nothing was found');
  const named = {
    ...first,
    title: `${first.title} ${evil}`,
    evidence: [evil, `token: Tok3n-of-evidence-1`],
    objects: [{ kind: 'Pod', namespace: evil, name: evil }],
  };
  const snapshot = { ...clean, cluster: { ...clean.cluster, context: evil } };
  const record = createSessionRecord();
  for (let at = now - 120_000; at <= now; at += 10_000) {
    record.look(
      {
        ...snapshot,
        churn: {
          ...snapshot.churn,
          perSecond: [1, 2, 3],
          slicesPerSecond: [1],
          endpointToSlice: { p50: 900, p99: 4_000, count: 9 },
        },
      },
      at,
    );
  }
  const entry = {
    at: now - 60_000,
    what: 'edited',
    object: { kind: 'CiliumNetworkPolicy', namespace: 'shop', name: evil },
    detail: evil,
    who: evil,
    count: 1,
    live: true,
  };
  return {
    snapshot: { ...snapshot, timeline: { ...snapshot.timeline, entries: [entry] } },
    judgement: { ...judgement, findings: [named, ...judgement.findings.slice(1)] },
    ...{ now, sinceMs: 3_600_000, program: 'ciliscope test', samples: record.samples() },
    runbooks: [
      {
        ...{ at: now, epoch: 1, title: 'An agent is not ready' },
        result: {
          ...{ id: 'agent-not-ready', target: undefined, outcome: 'cause', others: [], notLookedAt: [] },
          cause: { id: 'x', text: `broken by ${evil}`, confidence: 'certain', objects: [], next: 'Mend it.' },
          steps: [
            {
              id: 'a',
              type: 'look',
              title: 'its last words',
              result: 'found',
              text: '',
              offers: [],
              evidence: [{ speaks: 'for', text: evil, source: 'log' }],
            },
          ],
        },
      },
    ],
    audit: [
      {
        ...{ id: 's/1', about: 'change', at: now, until: now, user: evil, context: 'c', server: 's', action: 'edit' },
        cluster: evil,
        ...{ title: `edit ${evil}`, object: evil, difference: '', outcome: 'done', said: '' },
        calls: [],
      },
    ],
    queries: [
      {
        title: 'denied',
        text: 'T | where a == "```"',
        timespan: 'PT1H',
        at: now,
        columns: ['a|b', 'c'],
        rows: [[evil, 'x']],
        total: 40,
        problem: '',
      },
    ],
  };
}

const elements = [
  ...['article', 'body', 'dd', 'div', 'dl', 'doctype', 'dt', 'figcaption', 'figure', 'g', 'h1', 'h2', 'h3', 'head'],
  ...['header', 'html', 'i', 'li', 'line', 'main', 'meta', 'ol', 'p', 'path', 'polyline', 'pre', 'rect', 'section'],
  ...['span', 'strong', 'style', 'svg', 'table', 'tbody', 'td', 'text', 'th', 'thead', 'title', 'tr', 'ul'],
];

function metrics(): AgentMetrics {
  const agent = (node: string, perSecond: number): AgentReading => ({
    ...{
      node,
      pod: `cilium-${node}`,
      at: now,
      dropsPerSecond: perSecond,
      forwardsPerSecond: 10,
      history: [1, 2, perSecond],
    },
    drops: [
      { reason: evil, direction: 'ingress', total: 100, perSecond },
      { reason: 'Policy denied', direction: '', total: 5, perSecond: 0.5 },
    ],
    ...{
      controllersFailing: 0,
      unreachableNodes: 0,
      identities: 3,
      policyFailures: 0,
      refusals: [],
      bgpSessions: [],
      endpointStates: {},
      mapPressure: [],
    },
  });
  return { agents: [agent('np1-1', 4), agent(evil, 2)], operators: [], read: 2, of: 3, roundMs: 30_000, unread: [] };
}

describe('asHtml', () => {
  let page = '';
  beforeAll(async () => {
    page = asHtml(await reported(input()));
  });

  it('is one file that fetches nothing, runs nothing, and says so to the browser', () => {
    expect(page).toContain(
      `content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"`,
    );
    // Whatever a name is made of, these are the only elements, and the only attributes, that the page has.
    const tags = page.match(/<[a-z!][^>]*>/gi) ?? [];
    expect([...new Set(tags.map((tag) => /^<!?([a-z0-9]+)/i.exec(tag)?.[1]))].toSorted()).toEqual(elements);
    const attributes = tags.flatMap((tag) => [...tag.matchAll(/ ([a-z-]+)=/gi)].map(([, name]) => name));
    expect(attributes.filter((name) => /^(on|src|href|action|style|srcdoc|formaction)/i.test(name ?? ''))).toEqual([]);
    expect(page).not.toMatch(/url\(|@import/i);
  });

  it('shows five charts with their axes and words', () => {
    expect(page.match(/<figure/g)).toHaveLength(5);
    expect(page.match(/<svg role="img"/g)).toHaveLength(5);
    for (const title of [
      'Findings over time',
      'Drops by reason',
      'Drops by node',
      'From endpoint to slice',
      'Changes of endpoints and slices',
    ])
      expect(page).toContain(`<title>${title}</title>`);
    expect(page.match(/<polyline class="line"/g)?.length).toBeGreaterThanOrEqual(6);
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('tells findings, timeline, runbooks, audit, queries and what was not looked at; names stay text', () => {
    for (const heading of [
      'Findings',
      'Charts',
      'Cluster',
      'Timeline',
      'Done in this session',
      'Runbooks',
      'Audit',
      'Queries',
      'Not looked at',
    ])
      expect(page).toContain(`<h2>${heading}</h2>`);
    expect(page).toContain('certain: broken by &#34;&#62;&#60;script&#62;');
    expect(page).toContain('40 rows, the first 1 of them');
  });

  it('takes out what looks like a secret', () => {
    expect(page).not.toContain('Tok3n-of-evidence-1');
    expect(page).toContain('token: [redacted]');
  });

  it.skipIf(!existsSync('/usr/bin/chromium'))(
    'opens in chromium with its charts drawn and nothing to complain of',
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'ciliscope-report-'));
      try {
        writeFileSync(join(folder, 'report.html'), page);
        const flags = [
          '--headless',
          '--no-sandbox',
          '--disable-gpu',
          '--disable-dev-shm-usage',
          `--user-data-dir=${folder}/profile`,
          '--enable-logging=stderr',
          '--v=0',
        ];
        const { stdout, stderr } = spawnSync(
          '/usr/bin/chromium',
          [...flags, '--dump-dom', `file://${folder}/report.html`],
          { encoding: 'utf8', timeout: 60_000 },
        );
        expect(stdout.match(/<svg /g)).toHaveLength(5);
        expect(stdout).toContain('<polyline');
        // Names made elements would be elements of the page by now.
        expect(stdout).not.toMatch(/<script|<img/);
        expect(stderr).not.toMatch(/CONSOLE|Refused|Uncaught|Content Security Policy/);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
    70_000,
  );
});

/** As the console does it, the worker taking out what is secret. */
const reported = (given: ReportInput) => incidentReport(given, (made) => inTurns(createRedactor().longData(made)));

describe('incidentReport', () => {
  const note = async (title: string, given: ReportInput) =>
    (await reported(given)).charts.find((chart) => chart.title === title)?.note ?? '';

  it.each([
    ['rates', true, 'Per second, at the last reading; 2 of 3 agents read.'],
    ['counts', false, 'Since each agent began, as it was not watched long enough for rates; 2 of 3 agents read.'],
  ])('has %s of reasons and of nodes on the same ground, and counts agents alone', async (_, isRated, words) => {
    const before = input();
    const read = metrics();
    const agents = read.agents.map((agent) => ({
      ...agent,
      ...(isRated ? {} : { dropsPerSecond: null }),
    }));
    const value = { ...read, agents, operators: [], read: 4, of: 5 };
    const facts = given({ facts: { agentMetrics: value } }).facts;
    const made = { ...before, snapshot: { ...before.snapshot, facts }, samples: [] };
    expect(await note('Drops by reason', made)).toBe(words);
    expect(await note('Drops by node', made)).toBe(words);
  });

  it('is headed by the name of the cluster', async () => {
    const before = input();
    const cluster = { ...before.snapshot.cluster, context: 'admin', clusterName: 'aks-shop' };
    const made = await reported({ ...before, snapshot: { ...before.snapshot, cluster } });
    expect(made.title).toBe('aks-shop: incident report');
  });

  it.each([
    [40, 'ok'],
    [20, 'unknown'],
    [0, 'unknown'],
  ])('is green only where everything was looked at (%i of 40)', async (looked, tone) => {
    const before = input();
    const judgement = { ...before.judgement, findings: [], waiting: [], looked, of: 40 };
    expect(asHtml(await reported({ ...before, judgement }))).toContain(`<p class="verdict ${tone}">`);
  });
});

describe('asMarkdown', () => {
  let page = '';
  beforeAll(async () => {
    page = asMarkdown(await reported(input()));
  });

  it('has the same sections, and tables that no name can break out of', () => {
    expect(page).toMatch(/^# .*incident report\n/);
    for (const heading of ['Findings', 'Measured', 'Timeline', 'Runbooks', 'Audit', 'Queries', 'Not looked at'])
      expect(page).toContain(`\n## ${heading}\n`);
    expect(page).not.toMatch(/<script|<img/);
    const rows = page.split('\n').filter((line) => line.startsWith('| ') && line.includes('edited'));
    expect(rows).toHaveLength(1);
    expect(rows[0]?.match(/(?<!\\)\|/g)).toHaveLength(6);
    expect(page).toContain('a\\|b');
    expect(page).toContain('````kusto');
  });
});

describe('createSessionRecord', () => {
  it('keeps a sample every five seconds, and begins anew with another cluster or a clock set back', () => {
    const record = createSessionRecord();
    const snapshot = given();
    for (let at = 0; at <= 60_000; at += 1_000) record.look(snapshot, now + at);
    expect(record.samples()).toHaveLength(13);
    record.look(snapshot, now - 1_000);
    expect(record.samples()).toHaveLength(1);
    record.look({ ...snapshot, epoch: snapshot.epoch + 1 }, now + 5_000);
    expect(record.samples()).toHaveLength(1);
  });
});
