import { UserError } from '../errors.ts';
import { list, owner, record, text, time } from '../model/objects/raw.ts';
import type { RawObject } from '../model/objects/row.ts';

/** Who else keeps this object as they want it, a sentence each: they may take a change back within minutes. */
export function keepers(object: RawObject | undefined): readonly string[] {
  const metadata = record(object?.metadata);
  const labels = record(metadata.labels);
  const annotations = record(metadata.annotations);
  const told: string[] = [];
  const controller = owner(metadata);
  if (controller.name !== '')
    told.push(`It belongs to ${controller.kind} ${controller.name}, whose controller may undo this.`);
  if (
    annotations['argocd.argoproj.io/tracking-id'] !== undefined ||
    labels['argocd.argoproj.io/instance'] !== undefined
  )
    told.push('Argo CD keeps it as it is in git and may put it back: change it there, too.');
  if (labels['kustomize.toolkit.fluxcd.io/name'] !== undefined || labels['helm.toolkit.fluxcd.io/name'] !== undefined)
    told.push('Flux keeps it as it is in git and will put it back: change it there, too.');
  if (labels['app.kubernetes.io/managed-by'] === 'Helm')
    told.push('Helm installed it: the next upgrade of its release puts it back.');
  if (/^(Reconcile|EnsureExists)$/.test(text(labels['addonmanager.kubernetes.io/mode'])))
    told.push('AKS installed it as an addon and puts it back by itself.');
  return told;
}

/**
 * Refuses what AKS itself reconciles: its support policy says that what it runs is not altered by customers, and its addon
 * manager puts it back within minutes. Throws a UserError.
 */
export function refuseAddon(object: RawObject | undefined, what: string): void {
  if (text(record(record(object?.metadata).labels)['addonmanager.kubernetes.io/mode']) !== 'Reconcile') return;
  throw new UserError(
    `${what} is part of AKS, which puts it back within minutes.`,
    'A policy of your own beside it allows what it does not; what it allows only AKS takes away.',
  );
}

/** Who changed it last, and when by the server's clock: `kubectl-edit`; '' and 0 where managedFields do not say. */
export function lastEditor(object: RawObject): { manager: string; at: number } {
  const entries = list(record(object.metadata).managedFields, 50).map(record);
  return entries
    .filter((entry) => entry.subresource === undefined || entry.subresource === '')
    .map((entry) => ({ manager: text(entry.manager), at: time(entry.time) }))
    .reduce((last, one) => (one.at >= last.at ? one : last), { manager: '', at: 0 });
}
