import type { AzureLogin } from '../../model/azure/login.ts';
import { type Fact, type FactId, factNames } from '../../model/facts.ts';
import type { Link } from '../../model/link.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { age, pad, wrap } from '../../ui/text.ts';
import type { Glyphs } from '../../ui/theme.ts';
import { left } from '../countdown.ts';
import type { ScreenLine } from '../LinesScreen.tsx';
import { type Spans, span } from '../spans.ts';

/** Who we are to Azure, or what to do about it, and how each thing that is read there is doing. */
export function azurePage(
  facts: Snapshot['facts'],
  now: number,
  columns: number,
  glyphs: Glyphs,
): readonly ScreenLine[] {
  const login = facts.azureLogin?.value;
  const parts = [
    ...(login === undefined ? [] : signInLines(login, now, columns)),
    ...readLines(facts, now, columns, glyphs),
  ];
  return parts.map((part, index) => ({ id: String(index), ...part }));
}

type Part = { spans: Spans; troubled?: boolean };

function signInLines(login: AzureLogin, now: number, columns: number): readonly Part[] {
  const pair = (name: string, value: string): Part[] =>
    value === '' ? [] : [{ spans: [span(` ${pad(name, 12)}`, 'dim'), span(value)] }];
  const by = login.credential === '' ? '' : ` by ${login.credential}`;
  const problems = login.problems.flatMap((problem) =>
    wrap(problem, Math.max(20, columns - 4)).map(
      (text, index): Part => ({ spans: [span(`${index === 0 ? ' · ' : '   '}${text}`)], troubled: index === 0 }),
    ),
  );
  return [
    ...(login.state === 'signed-in' ? pair('signed in', `${login.account || 'somebody'}${by}`) : []),
    ...pair('tenant', login.tenant),
    ...pair('cloud', login.cloud),
    ...pair('token', login.state === 'signed-in' ? tokenText(login, now) : ''),
    ...problems,
    ...advice(login, columns),
  ];
}

function tokenText({ expires }: AzureLogin, now: number): string {
  if (expires === 0) return '';
  if (expires <= now) return 'has ended; l signs in again';
  return `good for ${left(expires, now)}, then renewed without you where that is allowed`;
}

function advice(login: AzureLogin, columns: number): readonly Part[] {
  const text =
    login.state === 'off'
      ? 'Azure is not asked: the console was started with --no-azure. All that Kubernetes tells is there without it.'
      : login.state === 'none' || login.state === 'failed'
        ? 'l signs in with a code that is typed elsewhere. After `az login` on this machine ctrl-r asks again, unless you signed out here. All that Kubernetes tells is there without it.'
        : '';
  if (text === '') return [];
  return [blank, ...wrap(text, Math.max(20, columns - 3)).map((line): Part => ({ spans: [span(` ${line}`, 'dim')] }))];
}

const blank: Part = { spans: [span('')] };

/** In the order in which they are asked. */
const read: readonly FactId[] = [
  'arm',
  'workspace',
  'armUpgrades',
  'armDiagnostics',
  'armMaintenance',
  'armCollection',
  'activity',
  'auditDeletes',
  'alerts',
  'platformMetrics',
];

function readLines(facts: Snapshot['facts'], now: number, columns: number, glyphs: Glyphs): readonly Part[] {
  const known = read.flatMap((id) => {
    const fact = facts[id] as Fact<unknown> | undefined;
    return fact === undefined ? [] : [{ id, link: fact.link }];
  });
  if (known.length === 0) return [];
  const shared = known[0]?.link.problem;
  // Where nothing can be asked at all, one sentence says why.
  if (shared !== undefined && known.every(({ link }) => link.problem === shared)) {
    return [
      blank,
      heading,
      ...wrap(shared, Math.max(20, columns - 3)).map((line): Part => ({ spans: [span(` ${line}`)] })),
    ];
  }
  return [blank, heading, ...known.flatMap(({ id, link }) => factLines(factNames[id], link, now, columns, glyphs))];
}

const heading: Part = { spans: [span(' What is read there', 'strong')] };
const nameColumns = 34;

function factLines(name: string, link: Link, now: number, columns: number, glyphs: Glyphs): readonly Part[] {
  const { glyph, tone, text } = looks[link.phase];
  const since = link.heard > 0 ? ` ${age(now - link.heard)} ago` : '';
  const wait = link.retryAt !== undefined && link.retryAt > now ? `, asked again in ${age(link.retryAt - now)}` : '';
  const first: Part = {
    spans: [
      span(` ${glyphs[glyph]} `, tone),
      span(pad(name.replace(/^the /, ''), nameColumns)),
      span(`${text}${link.phase === 'live' || link.phase === 'stale' ? since : ''}${wait}`, tone),
    ],
    troubled: link.phase !== 'live' && link.phase !== 'connecting',
  };
  const why = link.problem === undefined ? [] : wrap(link.problem, Math.max(20, columns - 5));
  return [first, ...why.map((line): Part => ({ spans: [span(`   ${line}`, 'dim')] }))];
}

const looks = {
  connecting: { glyph: 'progress', tone: 'progress', text: 'asking' },
  loading: { glyph: 'progress', tone: 'progress', text: 'asking' },
  live: { glyph: 'ok', tone: 'ok', text: 'read' },
  stale: { glyph: 'warning', tone: 'warning', text: 'stale, read' },
  forbidden: { glyph: 'unknown', tone: 'unknown', text: 'forbidden' },
  missing: { glyph: 'unknown', tone: 'unknown', text: 'not there' },
  failed: { glyph: 'error', tone: 'error', text: 'failed' },
} as const;
