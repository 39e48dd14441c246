// What the policies make of a connection, as runbooks word it.
import { applyPolicy } from '../actions/apply-policy.ts';
import { offerOn } from '../actions/offer.ts';
import { names } from '../checks/words.ts';
import type { Mend, PairReport, SideReport, VerdictReport } from '../model/policies/policy-asks.ts';
import type { Direction, PolicyRef } from '../model/policies/rule.ts';
import { type ObjectRef, refText } from '../model/ref.ts';
import type { Offer } from '../model/runbook-result.ts';
import type { Snapshot } from '../model/snapshot.ts';

/** How a question names the object as an end; undefined where it is none. */
export function endOf({ kind, namespace = '', name }: ObjectRef): string | undefined {
  if (kind === 'Node') return `node/${name}`;
  const prefix = { Pod: 'pod/', CiliumEndpoint: 'pod/', Service: 'svc/', Deployment: 'deploy/', StatefulSet: 'sts/' }[
    kind
  ];
  return prefix === undefined ? undefined : `${prefix}${namespace}/${name}`;
}

/** The answer that is denied, else the one that nobody knows, else the first. */
export function worstOf({ answers }: VerdictReport): PairReport | undefined {
  return (
    answers.find(({ verdict }) => verdict === 'deny') ??
    answers.find(({ verdict }) => verdict === 'unknown') ??
    answers[0]
  );
}

/** `5432/TCP denied on egress: default deny, by CiliumNetworkPolicy shop/deny-all`. */
export function pairText(pair: PairReport): string {
  const port = `${pair.port.port}/${pair.port.protocol}`;
  const side = decidingSide(pair);
  if (pair.verdict === 'allow') return `${port} allowed by the policies`;
  if (pair.verdict === 'unknown')
    return `${port} not known: ${[...pair.egress.doubts, ...pair.ingress.doubts][0] ?? 'a part is not read'}`;
  const by = names(policiesOf(pair).map(refText));
  return `${port} denied on ${side?.direction ?? 'one side'}: ${side?.told.reason ?? 'default deny'}${by === '' ? '' : `, by ${by}`}`;
}

/** The policies that decide a denied pair. */
export function policiesOf(pair: PairReport): readonly ObjectRef[] {
  const told = decidingSide(pair)?.told;
  if (told === undefined) return [];
  const deciding = told.rules.length > 0 ? told.rules.map(({ policy }) => policy) : told.isolating;
  return [...new Map(deciding.map((one) => [`${one.kind} ${one.namespace}/${one.name}`, refOf(one)])).values()];
}

/** The smallest changes that would let it through, as far as each is one object: ready to be planned. */
export function mendOffers(snapshot: Snapshot, mends: readonly Mend[], most = 3): readonly Offer[] {
  return mends.slice(0, most).flatMap(({ what, objects }) => {
    const [object] = objects;
    return objects.length !== 1 || object === undefined ? [] : [offerOn(snapshot, applyPolicy, { object }, what)];
  });
}

function decidingSide({ egress, ingress }: PairReport): { direction: Direction; told: SideReport } | undefined {
  if (egress.verdict === 'deny') return { direction: 'egress', told: egress };
  return ingress.verdict === 'deny' ? { direction: 'ingress', told: ingress } : undefined;
}

function refOf({ kind, namespace, name }: PolicyRef): ObjectRef {
  return namespace === '' ? { kind, name } : { kind, namespace, name };
}
