import { badRequest, notFound } from '../api-error.ts';
import { readObject } from './body.ts';
import type { Exchange } from './exchange.ts';
import { existing, findExisting } from './existing.ts';
import { readPatch } from './patch.ts';
import { outcome, persistChange, persistNew, settleFields, toStored } from './persist.ts';
import { answerObject } from './read.ts';
import type { View } from './view.ts';

export async function answerCreate(exchange: Exchange, view: View): Promise<void> {
  const object = await readObject(exchange, view.resource);
  await settleFields(exchange, view, object);
  const made = persistNew(exchange, view, object);
  await answerObject(exchange, 201, view, made.text);
}

export async function answerUpdate(exchange: Exchange, view: View, subresource = ''): Promise<void> {
  const object = await readObject(exchange, view.resource);
  const { name, namespace } = exchange.request;
  if (object.metadata.name !== name) {
    throw badRequest(`the name of the object (${object.metadata.name}) does not match the name on the URL (${name})`);
  }
  if (view.resource.namespaced && (object.metadata.namespace ?? namespace) !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  await settleFields(exchange, view, object);
  const before = existing(exchange, view);
  const changed = persistChange(exchange, view, before, { object: toStored(view, object), subresource });
  await answerObject(exchange, 200, view, changed.text);
}

export async function answerPatch(exchange: Exchange, view: View, subresource = ''): Promise<void> {
  const patch = await readPatch(exchange, view);
  const { name, namespace } = exchange.request;
  const before = findExisting(exchange, view);
  if (patch.kind === 'apply') {
    await settleFields(exchange, view, patch.configuration);
    const configuration = toStored(view, patch.configuration);
    if (view.resource.namespaced) configuration.metadata.namespace ??= namespace;
    if ((configuration.metadata.name ?? name) !== name) {
      throw badRequest(
        `the name of the object (${configuration.metadata.name}) does not match the name on the URL (${name})`,
      );
    }
    configuration.metadata.name = name;
    const applied = patch.apply(before, configuration, subresource);
    const { object, managedFields } = applied;
    if (before === undefined) {
      await answerObject(exchange, 201, view, persistNew(exchange, view, object, managedFields).text);
      return;
    }
    const change = { object, subresource, applied: managedFields };
    const unchanged = JSON.stringify(before.metadata.managedFields) === JSON.stringify(managedFields);
    // Applying the same again changes nothing, not even the version.
    const result =
      unchanged && !patch.changes(before, object)
        ? outcome(view, before)
        : persistChange(exchange, view, before, change);
    await answerObject(exchange, 200, view, result.text);
    return;
  }
  if (before === undefined) throw notFound(view.resource, name);
  const patched = patch.change(view.object(before));
  await settleFields(exchange, view, patched);
  const object = toStored(view, patched);
  const changed = persistChange(exchange, view, before, { object, subresource });
  await answerObject(exchange, 200, view, changed.text);
}
