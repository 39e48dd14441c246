import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kinds } from '../../src/model/kinds.ts';
import type { RunbookResult } from '../../src/model/runbook-result.ts';
import { answerRunbook } from '../../src/runbooks/answer-runbook.ts';
import { runbooks } from '../../src/runbooks/index.ts';
import { targetText } from '../../src/runbooks/named-target.ts';
import { type Case, cases } from './cases.ts';
import { type Ground, type Onlooker, stand } from './ground.ts';
import { type Happened, happenedOn } from './happened.ts';
import { resultOf } from './result-of.ts';
import { told } from './told.ts';

// A simulated cluster for each scenario, on which its cases are run one after the other.
const everywhere = new Map(Object.keys(told).map((scenario) => [scenario, [] as readonly Case[]]));
for (const [scenario, all] of Map.groupBy(cases(), placeOf)) everywhere.set(scenario, all);

describe.each([...everywhere].map(([place, all]) => [place.slice(0, 100), all] as const))('%s', (scenario, all) => {
  let ground: Ground | undefined;
  beforeAll(async () => {
    const happened: readonly Happened[] | undefined = all[0]?.happened;
    ground = await stand(happened === undefined ? scenario : await happenedOn(all[0]?.scenario ?? '', happened));
  }, 120_000);
  afterAll(async () => {
    await ground?.close();
    // A cluster and all that was read of it is a hundred megabytes.
    ground = undefined;
  });

  it.runIf(scenario in told)('what is told of it', async () => {
    const { judgement } = (await (ground as Ground).as('admin')).snapshot();
    const loud = judgement.findings.filter(({ severity }) => severity !== 'note').map(({ id }) => id);
    expect([...new Set(loud)].sort()).toEqual(told[scenario]);
  });

  it.each(all.map((one) => [titleOf(one), one] as const))('%s', { timeout: 120_000 }, async (_title, one) => {
    const { as, simulator } = ground as Ground;
    const onlooker = await as(one.user ?? 'admin', one.also);
    for (const fault of one.faults ?? []) simulator.faults.add(fault);
    const result = await run(one, onlooker).finally(() => simulator.faults.clear());
    const { outcome, cause, notLookedAt } = result;
    const words = toldBy(result);
    expect({ outcome, cause: cause?.id, confidence: one.confidence && cause?.confidence }, words).toEqual({
      outcome: one.outcome,
      cause: one.cause,
      confidence: one.confidence,
    });
    expect(result.others.map(({ id }) => id)).toEqual(expect.arrayContaining([...(one.others ?? [])]));
    expect(notLookedAt.map(({ id }) => id)).toEqual(expect.arrayContaining([...(one.notLookedAt ?? [])]));
    for (const said of one.says ?? []) expect(words).toContain(said);
    for (const said of one.saysNot ?? []) expect(words).not.toContain(said);
  });
});

it('each runbook reaches a cause, rules one out, says so where it could not look, and finds nothing on healthy', () => {
  const have = (id: string, holds: (one: Case) => boolean) => cases().some((one) => one.runbook === id && holds(one));
  const lacking = runbooks.flatMap(({ id }) => [
    ...(have(id, ({ outcome }) => outcome === 'cause') ? [] : [`${id}: no case reaches a cause`]),
    ...(have(id, ({ outcome, scenario }) => outcome === 'not-this' && scenario === 'healthy')
      ? []
      : [`${id}: no case on healthy`]),
    ...(have(id, ({ outcome, scenario }) => outcome === 'not-this' && scenario !== 'healthy')
      ? []
      : [`${id}: no case rules it out where something else is wrong`]),
    ...(have(id, ({ notLookedAt, outcome }) => outcome === 'unknown' || notLookedAt !== undefined)
      ? []
      : [`${id}: no case without rights or data`]),
  ]);
  expect(lacking).toEqual([]);
});

/** All it says, a line each. */
function toldBy({ steps, cause, others }: RunbookResult): string {
  return [
    ...steps.flatMap(({ id, result, text, evidence, offers }) => [
      `${id}: ${result} ${text}`,
      ...offers.map(({ title, refusal }) => `  offers ${title}${refusal && `, refused: ${refusal}`}`),
      ...evidence.map((one) => `  ${one.speaks} ${one.text} (${one.source})`),
    ]),
    ...[cause, ...others].flatMap((one) => (one ? [`${one.id}, ${one.confidence}: ${one.text} → ${one.next}`] : [])),
  ].join('\n');
}

function placeOf({ scenario, happened }: Case): string {
  return happened === undefined ? scenario : `${scenario}, ${JSON.stringify(happened)}`;
}

function titleOf({ runbook, target, user, also = [], faults, outcome, cause }: Case): string {
  const with_ = faults?.map(({ id, resource }) => [id, resource].filter(Boolean).join(' ')) ?? [];
  const how = [target, user && `as ${user}`, ...also, ...with_].filter(Boolean).join(', ');
  return `${runbook}${how && ` (${how})`} → ${cause ?? outcome}`;
}

/** As it leaves the worker: plain data that crosses threads. */
async function run(one: Case, onlooker: Onlooker): Promise<RunbookResult> {
  const { timeline } = onlooker.snapshot();
  const targets = (one.target?.split(' ') ?? []).map((text) => wholeName(text, onlooker.snapshot()));
  const { runbook } = answerRunbook(
    one.logged === undefined ? onlooker : { ...onlooker, asks: heard(one.logged, onlooker) },
  );
  const asked = { id: one.runbook, targets, timeline: timeline.entries };
  return structuredClone(await resultOf(runbook(asked, new AbortController().signal)));
}

function heard(lines: readonly string[], { asks }: Onlooker): Onlooker['asks'] {
  return {
    ...asks,
    async *logs(request, signal) {
      yield { type: 'lines', lines: [...lines] };
      yield* asks.logs(request, signal);
    },
  };
}

/** `Pod/shop/web-*` is the first pod that is called so; `gone` what a finding names and is no more. */
function wholeName(text: string, { tables, judgement }: ReturnType<Onlooker['snapshot']>): string {
  if (text === 'gone') {
    const named = judgement.findings.flatMap(({ objects }) => objects);
    const gone = named.find(({ kind, namespace = '', name }) => {
      const id = Object.values(kinds).find((one) => one.kind === kind)?.id;
      return id !== undefined && tables[id].named(namespace, name) === undefined;
    });
    if (gone === undefined) throw new Error('all that is named is there');
    return targetText(gone);
  }
  if (!text.endsWith('*')) return text;
  const [kind, ...rest] = text.slice(0, -1).split('/');
  const [start = '', namespace = ''] = rest.toReversed();
  const id = Object.values(kinds).find((one) => one.kind === kind)?.id ?? 'pods';
  const names = [...tables[id].rows.values()].filter(
    (row) => row.namespace === namespace && row.name.startsWith(start),
  );
  const [first] = names.map(({ name }) => name).sort();
  if (first === undefined) throw new Error(`nothing is called ${text}`);
  return [kind, ...(namespace ? [namespace] : []), first].join('/');
}
