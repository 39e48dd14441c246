import { UserError } from '../errors.ts';
import { type KindId, kinds } from '../model/kinds.ts';
import { type ObjectRef, refText } from '../model/ref.ts';
import { sanitiseLine } from '../model/sanitise.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Runbook } from './runbook.ts';

/**
 * The object that was typed as `Pod/shop/web-0`, `node/aks-np1-000000`: the kind in letters of either size, the
 * namespace only where there is one. Throws a UserError where nothing can be meant, and where it is known that there is
 * no such object.
 */
export function namedTarget(text: string, snapshot: Snapshot): ObjectRef {
  const typed = sanitiseLine(text, 300);
  const [word = '', ...rest] = typed.split('/');
  const id = kindIds.find((one) => namesOf(one).includes(word.toLowerCase()));
  if (id === undefined)
    throw new UserError(`"${typed}" names no kind that is known here.`, 'Write Node/NAME or Pod/NAMESPACE/NAME.');
  const { kind, namespaced } = kinds[id];
  const [name = '', namespace = ''] = rest.toReversed();
  if (name === '' || rest.length !== (namespaced ? 2 : 1))
    throw new UserError(`"${typed}" is no ${kind}.`, `Write ${kind}/${namespaced ? 'NAMESPACE/NAME' : 'NAME'}.`);
  const ref = namespaced ? { kind, namespace, name } : { kind, name };
  const link = snapshot.links.get(id);
  const isKnown = snapshot.tables[id].named(namespace, name) !== undefined;
  if (link?.phase === 'live' && link.only === undefined && !isKnown && !isNamed(ref, snapshot))
    throw new UserError(`There is no ${refText(ref)}.`, '', 'missing');
  return ref;
}

/** A finding may be that something is gone: a slice's entry of an endpoint that is no more. */
function isNamed(ref: ObjectRef, { judgement }: Snapshot): boolean {
  return judgement.findings.some(({ objects }) => objects.some((one) => refText(one) === refText(ref)));
}

/** As `namedTarget` reads it: `Pod/shop/web-0`. */
export function targetText({ kind, namespace, name }: ObjectRef): string {
  return [kind, ...(namespace ? [namespace] : []), name].join('/');
}

/** Throws a UserError where the runbook is about something else. Without a target it looks for what it is about itself. */
export function checkTargets({ id, target }: Runbook, targets: readonly ObjectRef[]): void {
  const [first, second, ...more] = targets;
  if (first === undefined) return;
  if (target === undefined) throw new UserError(`${id} is about the whole cluster.`, 'Name no target.');
  if (!target.kinds.includes(first.kind))
    throw new UserError(`${id} is not about a ${first.kind}.`, `Name a ${target.kinds.join(' or ')}.`);
  if (more.length > 0 || (second !== undefined && target.second === undefined))
    throw new UserError(`${id} takes ${target.second === undefined ? 'one target' : 'two targets'}.`);
}

const kindIds = Object.keys(kinds) as readonly KindId[];

function namesOf(id: KindId): readonly string[] {
  const kind = kinds[id].kind.toLowerCase();
  return [kind, kinds[id].plural.toLowerCase(), ...(shortNames[id] ?? [])];
}

const shortNames: { readonly [K in KindId]?: readonly string[] } = {
  nodes: ['no'],
  pods: ['po'],
  namespaces: ['ns'],
  services: ['svc'],
};
