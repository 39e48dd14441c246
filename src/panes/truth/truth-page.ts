import { clockSecond } from '../../model/clock.ts';
import { refText } from '../../model/ref.ts';
import {
  type Aspect,
  aspects,
  type Difference,
  type DifferenceType,
  type Truth,
  type TruthResult,
  type TruthTarget,
  targetKey,
} from '../../model/truth/truth.ts';
import { age, number } from '../../ui/text.ts';
import type { Theme } from '../../ui/theme.ts';
import type { ScreenLine } from '../LinesScreen.tsx';
import { createPage, type Page } from '../page.ts';
import { span } from '../spans.ts';
import { openView } from '../views.ts';

export type Run = { phase: 'not-run' | 'running' | 'done' | 'failed'; problem: string; hint: string };

/** One target: every difference with both sides and who says so, then what was held against each other, and what could not be. */
export function truthPage(
  target: TruthTarget,
  result: TruthResult | undefined,
  run: Run,
  columns: number,
  { glyphs }: Theme,
  now: number,
): ScreenLine[] {
  const page = createPage(columns, 12);
  if (run.phase === 'running') {
    page.prose(
      'Asking the agents, a command after the other. What differs is looked at twice, some seconds apart.',
      'dim',
    );
  }
  if (run.phase === 'failed') page.prose(`${glyphs.error} ${run.problem} ${run.hint}`.trim(), 'error');
  if (result === undefined) return page.lines;
  const { differences, notCompared } = result;
  if (differences.length === 0) {
    const [glyph, tone] = notCompared.length > 0 ? (['unknown', 'unknown'] as const) : (['ok', 'ok'] as const);
    const words =
      notCompared.length > 0 ? 'What was compared agrees; not all was.' : 'What is realised is what is intended.';
    page.line([span(`${glyphs[glyph]} ${words}`, tone)]);
  }
  for (const [type, group] of Map.groupBy(differences, (one) => one.type)) {
    page.section(titles[type], group.length > 1 ? number(group.length) : '');
    for (const difference of group) both(page, difference, glyphs.error);
  }
  compared(page, result, now);
  if (notCompared.length > 0) {
    page.section('Not compared', 'nothing is said of it');
    for (const [what, reasons] of Map.groupBy(
      notCompared,
      (one) => `${aspects[one.aspect]}${one.node === '' ? '' : ` on ${one.node}`}`,
    )) {
      page.line([span(`${glyphs.unknown} `, 'unknown'), span(what)]);
      for (const { reason } of reasons) page.prose(reason, 'dim', 4);
    }
  }
  if (target.kind === 'Pod' && differences.length === 0) {
    page.section('Next');
    page.prose(
      'Where traffic is lost all the same: v asks what the policies say of it, :drops what its node drops.',
      'dim',
    );
  }
  return page.lines;
}

/** Without a target: what was looked at in this session, the newest first. */
export function truthsPage(truth: Truth | undefined, columns: number, { glyphs }: Theme, now: number): ScreenLine[] {
  const page = createPage(columns, 12);
  for (const { target, at, differences, notCompared } of [...(truth?.results ?? [])].reverse()) {
    const bad = differences.length > 0;
    const glyph = bad ? 'error' : notCompared.length > 0 ? 'unknown' : 'ok';
    const words = bad
      ? differences.length === 1
        ? '1 difference'
        : `${differences.length} differences`
      : 'no difference';
    page.line(
      [
        span(`${glyphs[glyph]} `, glyph),
        span(targetKey(target)),
        span(`  ${words}${notCompared.length > 0 ? ', not all compared' : ''} · ${age(now - at)} ago`, 'dim'),
      ],
      { target: viewOf(target), ref: target, troubled: bad },
    );
  }
  return page.lines;
}

function viewOf(target: TruthTarget) {
  const name = target.kind === 'Node' ? target.name : `${target.namespace}/${target.name}`;
  return { pane: 'truth', args: [target.kind.toLowerCase(), name] };
}

const titles: Readonly<Record<DifferenceType, string>> = {
  objects: 'The API server contradicts itself',
  'endpoint-missing': 'The agent has no endpoint',
  'endpoint-leftover': 'The agent has an endpoint of a pod that is not here',
  'endpoint-not-ready': 'The endpoint is not ready',
  'endpoint-identity': 'The endpoint has another identity',
  'endpoint-address': 'The endpoint has another address',
  'policy-behind': 'Policies are not in force yet',
  'policy-enforcement': 'Enforcement is not what policies say',
  'policy-map-empty': 'The policy map is empty (AKS#5969)',
  'policy-map-lacks': 'The policy map lacks what is allowed',
  'policy-map-allows': 'The policy map allows what is denied',
  'ipcache-missing': 'The node does not know an address',
  'ipcache-identity': 'The node takes an address for another identity',
  'ipcache-node': 'The node looks for an address on another node',
  'ipcache-leftover': 'The node knows an address that is nobody’s',
  'backend-leftover': 'The node sends to a backend that no slice has (cilium#48050)',
  'backend-missing': 'The node leaves out a backend that is ready',
  'encryption-peer': 'WireGuard lacks a peer',
  'encryption-handshake': 'WireGuard makes no handshake',
  'identity-unknown': 'The agent does not know an identity',
  'map-errors': 'The agent cannot write a map',
};

function both(page: Page, { object, node, intended, realised }: Difference, glyph: string): void {
  const more = { target: openView(object), ref: object };
  page.line(
    [span(`${glyph} `, 'error'), span(refText(object), 'strong'), span(node === '' ? '' : `  on ${node}`, 'dim')],
    {
      ...more,
      troubled: true,
    },
  );
  for (const [side, { text, source }] of [
    ['intended', intended],
    ['realised', realised],
  ] as const) {
    page.line([span(`  ${side}  `, 'dim'), span(text)], more);
    page.line([span(`            ${source}`, 'dim')], more);
  }
}

function compared(page: Page, { compared: all, commands, node, sampled, at }: TruthResult, now: number): void {
  const ran = commands === 0 ? 'no command was run' : `${commands} ${commands === 1 ? 'command' : 'commands'}`;
  page.section('Compared', `${clockSecond(at)}Z, ${age(now - at)} ago · ${ran}`);
  const order = Object.keys(aspects) as Aspect[];
  for (const aspect of order) {
    for (const one of all.filter((each) => each.aspect === aspect)) {
      const where =
        one.node === '' ? 'by the API server alone' : one.node === node ? 'by its own agent' : `by ${one.node}`;
      page.field(names[aspect], [
        span(`${number(one.count)} ${plural(one.noun, one.count)}`),
        span(`  ${where}`, 'dim'),
      ]);
    }
  }
  if (sampled.length > 0)
    page.prose(
      `Of other nodes ${sampled.length} were sampled; a look at a node itself tells all it takes others for.`,
      'dim',
    );
}

const names: Readonly<Record<Aspect, string>> = {
  objects: 'objects',
  endpoint: 'endpoints',
  'policy-map': 'policies',
  ipcache: 'ipcache',
  backends: 'services',
  encryption: 'WireGuard',
  identities: 'identities',
  maps: 'maps',
};

function plural(noun: string, count: number): string {
  if (count === 1) return noun;
  return noun === 'address' ? 'addresses' : noun === 'identity' ? 'identities' : `${noun}s`;
}
