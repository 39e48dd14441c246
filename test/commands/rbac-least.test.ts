import { afterAll, beforeAll, expect, it } from 'vitest';
import { actions } from '../../src/actions/index.ts';
import { neededToWrite } from '../../src/model/needed-right.ts';
import { answerRunbook } from '../../src/runbooks/answer-runbook.ts';
import { runbooks } from '../../src/runbooks/index.ts';
import type { Rule } from '../../src/simulator/api/access.ts';
import { healthy } from '../../src/simulator/scenarios/healthy.ts';
import { readingRights } from '../../src/sources/kubernetes/reading-rights.ts';
import { type Ground, type Onlooker, stand } from '../runbooks/ground.ts';
import { resultOf } from '../runbooks/result-of.ts';

/** One verb on one kind, as the roles give it. */
type Single = { verb: string; group: string; resource: string; namespace: string };

const writing = neededToWrite(actions.flatMap((action) => action.rights ?? []));
const singles: readonly Single[] = [...readingRights(), ...writing].flatMap(
  ({ verbs, group, plural, subresource, namespace }) =>
    verbs.map((verb) => ({
      verb,
      group,
      namespace,
      resource: subresource === '' ? plural : `${plural}/${subresource}`,
    })),
);
const given = { rules: rulesOf(singles) };

let ground: Ground;
let onlooker: Onlooker;
const signal = new AbortController().signal;

beforeAll(async () => {
  // Rights are looked up at each request: they can be taken away while the cluster stands.
  const user = {
    ...{ name: 'oncall', groups: ['system:authenticated'] },
    get rules() {
      return given.rules;
    },
  };
  ground = await stand({ ...healthy, nodes: 3, pods: 40, churn: 0, acns: true, currentUser: () => user });
  onlooker = await ground.as('admin');
}, 60_000);
afterAll(() => ground?.close());

it('each verb that is taken out of the roles is named as missing, and nothing else', { timeout: 120_000 }, async () => {
  const told: Record<string, readonly string[]> = {};
  const due: Record<string, readonly string[]> = {};
  for (const one of singles) {
    given.rules = rulesOf(singles.filter((other) => textOf(other) !== textOf(one)));
    const { held } = await onlooker.asks.rights(writing, signal);
    told[textOf(one)] = [
      ...new Set(
        held.flatMap(({ missing, group, plural, subresource, namespace }) =>
          missing.map((verb) =>
            textOf({ verb, group, namespace, resource: subresource === '' ? plural : `${plural}/${subresource}` }),
          ),
        ),
      ),
    ];
    due[textOf(one)] = [textOf(one)];
  }
  given.rules = rulesOf(singles);
  expect(told).toEqual(due);
});

it('with the roles every runbook looks at all it looks at; only Secrets are left out, and said to be', {
  timeout: 120_000,
}, async () => {
  const { runbook } = answerRunbook(onlooker);
  const ended = await Promise.all(
    runbooks.map(({ id }) => resultOf(runbook({ id, targets: [], timeline: [] }, signal))),
  );
  const { control, tokens } = ground.simulator;
  const answer = await fetch(`${control}/requests`, { headers: { authorization: `Bearer ${tokens.admin}` } });
  const all = (await answer.text()).trim().split('\n');
  const refused = all
    .map((line) => JSON.parse(line) as { path: string; status: number })
    .filter((one) => one.status === 403);
  expect([...new Set(refused.map(({ path }) => path.replace(/\?.*/, '')))]).toEqual([
    '/api/v1/namespaces/kube-system/secrets/hubble-server-certs',
  ]);
  const blind = ended
    .flatMap(({ id, notLookedAt }) => notLookedAt.map((one) => `${id} ${one.id}: ${one.reason}`))
    .filter((words) => words.includes('No permission'));
  expect(blind).toEqual(['relay-certificates-expiring dates: No permission: get secrets.']);
});

function rulesOf(all: readonly Single[]): readonly Rule[] {
  return all.map(({ verb, group, resource, namespace }) => ({
    ...{ verbs: [verb], groups: [group], resources: [resource] },
    ...(namespace === '' ? {} : { namespaces: [namespace] }),
  }));
}

function textOf({ verb, group, resource, namespace }: Single): string {
  return `${verb} ${resource}.${group}${namespace === '' ? '' : ` in ${namespace}`}`;
}
