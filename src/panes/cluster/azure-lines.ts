import { isAtRest } from '../../model/azure/operations.ts';
import { runningOperation } from '../../model/azure/running-operation.ts';
import { clock } from '../../model/clock.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { age } from '../../ui/text.ts';
import type { Glyphs, Tone } from '../../ui/theme.ts';
import { staleMark, troubleLines } from '../fact-spans.ts';
import type { Page } from '../page.ts';
import { type Spans, span } from '../spans.ts';

/** Where nobody asks Azure, or it knows nothing of this cluster, that is no news: it is said further down. */
export function isAzureAsked({ facts }: Snapshot): boolean {
  if (facts.arm?.value !== undefined) return true;
  const state = facts.azureLogin?.value?.state ?? 'off';
  return state !== 'off' && state !== 'none' && facts.arm?.link.phase !== 'missing';
}

/** Which managed cluster this is, how Azure says it is doing and who asks; where Azure says nothing, why and what to do. */
export function azureLines(page: Page, snapshot: Snapshot, glyphs: Glyphs, now: number): void {
  const cluster = snapshot.facts.arm?.value;
  if (cluster === undefined) {
    withoutCluster(page, snapshot, glyphs, now);
    return;
  }
  const place = `${cluster.name} in ${cluster.resourceGroup}, ${cluster.location}`;
  page.section('Azure', place, staleMark('arm', snapshot, glyphs, now));
  const { provisioningState: state, power, sku, tier } = cluster;
  const isDown = power !== '' && !/^running$/i.test(power);
  const sign = stateSign(state, isDown);
  page.field(
    'state',
    [
      span(`${glyphs[sign]} `, sign),
      span([state || 'not said', power].filter((text) => text !== '').join(', '), isDown ? 'error' : 'plain'),
      span(` · ${[sku, tier].filter((text) => text !== '').join(', ') || 'tier not said'}`, 'dim'),
    ],
    { troubled: sign === 'error' || sign === 'warning' },
  );
  operationLine(page, snapshot, glyphs, now);
  page.field('signed in', signedIn(snapshot, now), { target: { pane: 'azure' } });
}

/** In the sentence that stands for the section, whoever is the cause. */
function withoutCluster(page: Page, snapshot: Snapshot, glyphs: Glyphs, now: number): void {
  const { azureLogin, arm } = snapshot.facts;
  const login = azureLogin?.value;
  const target = { target: { pane: 'azure' } };
  page.section('Azure', azureState(snapshot));
  if (login === undefined || login.state === 'off') {
    page.field('', [span('All that Kubernetes tells is here without it.', 'dim')], target);
    return;
  }
  if (login.state === 'code' && login.code !== undefined) {
    page.field(
      'sign in',
      [span(`${glyphs.progress} `, 'progress'), span(`type ${login.code.userCode} at ${login.code.address}`)],
      target,
    );
    return;
  }
  if (arm?.link.phase === 'missing') {
    page.prose(arm.link.problem ?? 'This cluster was not found in Azure.', 'dim');
    return;
  }
  if (login.state === 'none' || login.state === 'failed') {
    for (const problem of login.problems.slice(0, mostProblems)) page.prose(problem, 'dim');
    page.field(
      'sign in',
      [span(':login'), span(' asks for a code; or az login on this machine, then ctrl-r', 'dim')],
      target,
    );
    return;
  }
  if (login.state === 'signed-in') page.field('signed in', signedIn(snapshot, now), target);
  troubleLines(page, 'cluster', 'arm', snapshot, glyphs, now);
}

/** What else was tried is told on the pane that signs in. */
const mostProblems = 2;

function azureState({ facts: { azureLogin, arm } }: Snapshot): string {
  switch (azureLogin?.value?.state) {
    case 'none':
      return arm?.link.phase === 'missing' ? 'not found there' : 'not signed in';
    case 'asking':
      return 'asking who we are';
    case 'code':
      return 'waiting for the code to be typed';
    case 'failed':
      return 'the sign-in failed';
    case 'signed-in':
      return arm?.link.phase === 'missing' ? 'not found there' : 'signed in';
    default:
      return 'not asked';
  }
}

function stateSign(state: string, isDown: boolean): 'ok' | 'warning' | 'error' | 'progress' | 'unknown' {
  if (isDown) return 'error';
  if (state === '') return 'unknown';
  if (!isAtRest(state)) return 'progress';
  return /^succeeded$/i.test(state) ? 'ok' : 'warning';
}

function operationLine(page: Page, snapshot: Snapshot, glyphs: Glyphs, now: number): void {
  const operation = runningOperation(snapshot);
  if (operation === undefined) return;
  const { state, by, since, title, pools, progress } = operation;
  const done = progress === undefined ? '' : `${progress.done} of ${progress.of} nodes on ${progress.version}`;
  const parts = [
    done,
    pools.length === 0 ? '' : `pools ${pools.join(', ')}`,
    since === 0 ? '' : `since ${clock(since)} (${age(now - since)})`,
  ].filter((part) => part !== '');
  page.field('operation', [
    span(`${glyphs.progress} `, 'progress'),
    span(`${state}${by === '' ? '' : ` for ${by}`}`),
    span(parts.map((part) => ` · ${part}`).join(''), 'dim'),
  ]);
  if (title !== '') page.field('', [span(`  ${title}, by the activity log`, 'dim')]);
}

function signedIn({ facts: { azureLogin } }: Snapshot, now: number): Spans {
  const login = azureLogin?.value;
  if (login === undefined) return [span('not said', 'dim')];
  if (login.state !== 'signed-in') return [span(azureLoginTrouble[login.state], 'warning'), span(' · :login', 'dim')];
  const left = login.expires - now;
  const tone: Tone = login.expires > 0 && left <= 0 ? 'warning' : 'dim';
  const token = login.expires === 0 ? '' : left > 0 ? ` · token ${age(left)}` : ' · token has ended, :login';
  return [span(login.account || 'somebody'), span(` by ${login.credential}`, 'dim'), span(token, tone)];
}

const azureLoginTrouble = {
  off: 'not asked any longer',
  none: 'signed out',
  asking: 'asking who we are',
  code: 'waiting for the code to be typed',
  failed: 'the sign-in failed',
} as const;
