import type { HeldRight, HeldRights, NeededRight } from '../../model/needed-right.ts';
import { at, list, record, text } from '../../model/objects/raw.ts';
import type { ApiClient } from './api-client.ts';
import { isAllowed, review, whoAmI } from './rights.ts';

/** A namespace that nobody has: what one may do there, one may do everywhere. */
const nowhere = 'ciliscope-asks-for-a-namespace-that-is-not-there';

type Rules = { rules: readonly Rule[]; incomplete: boolean };
type Rule = { verbs: readonly string[]; groups: readonly string[]; resources: readonly string[]; named: boolean };

/**
 * How it stands with each of these rights, by the server's list of our rules (SelfSubjectRulesReview). Where that list is
 * not whole (Azure RBAC decides outside of it), what it lacks is asked for one by one.
 */
export async function heldRights(
  client: Pick<ApiClient, 'json'>,
  needed: readonly NeededRight[],
  namespace: string,
  signal: AbortSignal,
): Promise<HeldRights> {
  const spaces = [...new Set([nowhere, namespace, ...needed.map((right) => right.namespace)])].filter(Boolean);
  const [user, ...answers] = await Promise.all([
    whoAmI(client, signal),
    ...spaces.map((space) => rulesIn(client, space, signal)),
  ]);
  const rules = new Map(spaces.map((space, index) => [space, answers[index] ?? noRules]));
  const may = async (verb: string, right: NeededRight, space: string) => {
    const { rules: known, incomplete } = rules.get(space) ?? noRules;
    if (known.some((rule) => grants(rule, verb, right))) return true;
    if (!incomplete) return false;
    return isAllowed(client, { ...right, verb }, space === nowhere ? '' : space, signal);
  };
  const held = await Promise.all(
    needed.map(async (right): Promise<HeldRight> => {
      const missing: string[] = [];
      const here: string[] = [];
      for (const verb of right.verbs) {
        if (await may(verb, right, right.namespace || nowhere)) continue;
        if (right.namespace === '' && (await may(verb, right, namespace))) here.push(verb);
        else missing.push(verb);
      }
      return { ...right, missing, here };
    }),
  );
  return { held, namespace, user };
}

const noRules: Rules = { rules: [], incomplete: false };

async function rulesIn(client: Pick<ApiClient, 'json'>, namespace: string, signal: AbortSignal): Promise<Rules> {
  const answer = await review(
    client,
    'authorization.k8s.io',
    'SelfSubjectRulesReview',
    { spec: { namespace } },
    signal,
  );
  const status = record(record(answer)['status']);
  const rules = list(status['resourceRules']).map((rule) => ({
    verbs: list(at(rule, 'verbs')).map((one) => text(one)),
    groups: list(at(rule, 'apiGroups')).map((one) => text(one)),
    resources: list(at(rule, 'resources')).map((one) => text(one)),
    named: list(at(rule, 'resourceNames')).length > 0,
  }));
  return { rules, incomplete: status['incomplete'] === true };
}

/** A rule about single objects is no right to the kind. */
function grants(rule: Rule, verb: string, { group, plural, subresource }: NeededRight): boolean {
  const has = (all: readonly string[], one: string) => all.includes('*') || all.includes(one);
  const resource = subresource === '' ? plural : `${plural}/${subresource}`;
  const resources =
    has(rule.resources, resource) || (subresource !== '' && rule.resources.includes(`*/${subresource}`));
  return !rule.named && has(rule.verbs, verb) && has(rule.groups, group) && resources;
}
