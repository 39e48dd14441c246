import { ApiError, notFound } from '../api-error.ts';
import type { KubeObject } from '../cluster.ts';
import { at, numberAt, tellSelector, textAt } from '../resources/cells.ts';
import { decodeObject } from './body.ts';
import { answerEviction } from './eviction.ts';
import { answerJson, type Exchange, methodNotAllowed, readBody } from './exchange.ts';
import { answerExec } from './exec.ts';
import { existing } from './existing.ts';
import { answerLog } from './log.ts';
import { readPatch } from './patch.ts';
import { persistChange } from './persist.ts';
import { answerProxy } from './proxy.ts';
import { answerGet } from './read.ts';
import type { Way } from './setting.ts';
import type { View } from './view.ts';
import { answerPatch, answerUpdate } from './write.ts';

/** What lies below an object: status, scale, and what a pod can be asked for. */
export async function answerSubresource(exchange: Exchange, view: View, way: Way): Promise<void> {
  const [subresource = ''] = exchange.request.subresource.split('/');
  if (!view.resource.subresources.includes(subresource)) {
    const { name } = exchange.request;
    throw new ApiError(404, 'NotFound', 'the server could not find the requested resource', {
      name,
      kind: view.resource.plural,
    });
  }
  switch (subresource) {
    case 'status':
      return answerMain(exchange, view, 'status');
    case 'finalize':
      return answerMain(exchange, view, 'finalize');
    case 'scale':
      return answerScale(exchange, view);
  }
  if (view.resource.kind !== 'Pod') throw methodNotAllowed();
  if (subresource === 'proxy') return answerPodProxy(exchange, view);
  const pod = existing(exchange, view);
  switch (subresource) {
    case 'log':
      return answerLog(exchange, pod);
    case 'exec':
      return answerExec(exchange, pod, way);
    case 'eviction':
      return answerEviction(exchange, view, pod);
    default:
      throw methodNotAllowed();
  }
}

/** The name of a proxied pod carries scheme and port: `https:name:9962`. */
async function answerPodProxy(exchange: Exchange, view: View): Promise<void> {
  const parts = exchange.request.name.split(':');
  const [name = '', port = '80'] = parts.length === 3 ? parts.slice(1) : parts;
  const pod = existing({ ...exchange, request: { ...exchange.request, name } }, view);
  await answerProxy(exchange, pod, Number(port));
}

async function answerMain(exchange: Exchange, view: View, subresource: string): Promise<void> {
  switch (exchange.request.verb) {
    case 'get':
      return answerGet(exchange, view);
    case 'update':
      return answerUpdate(exchange, view, subresource);
    case 'patch':
      return answerPatch(exchange, view, subresource);
    default:
      throw methodNotAllowed();
  }
}

async function answerScale(exchange: Exchange, view: View): Promise<void> {
  const { verb } = exchange.request;
  const before = existing(exchange, view);
  if (verb === 'get') return answerJson(exchange, 200, scaleOf(before));
  const scaleView = { ...view, resource: { ...view.resource, group: 'autoscaling', version: 'v1', kind: 'Scale' } };
  let wanted: KubeObject;
  if (verb === 'update') wanted = decodeObject(await readBody(exchange), false, scaleView.resource);
  else if (verb === 'patch') {
    const patch = await readPatch(exchange, scaleView);
    wanted = patch.kind === 'change' ? patch.change(scaleOf(before)) : patch.configuration;
  } else throw methodNotAllowed();
  const replicas = at(wanted, 'spec', 'replicas');
  if (wanted.metadata?.name !== undefined && wanted.metadata.name !== before.metadata.name)
    throw notFound(view.resource, wanted.metadata.name);
  const version = wanted.metadata?.resourceVersion;
  const object = {
    ...before,
    metadata: { ...before.metadata, resourceVersion: version ?? before.metadata.resourceVersion ?? '' },
    spec: { ...(before['spec'] as object), replicas: typeof replicas === 'number' ? replicas : 0 },
  };
  const changed = persistChange(exchange, view, before, { object, subresource: 'scale' });
  await answerJson(exchange, 200, scaleOf(changed.object));
}

/** autoscaling/v1 Scale of a workload. */
function scaleOf(object: KubeObject): KubeObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const selector = tellSelector(at(object, 'spec', 'selector'));
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp } as KubeObject['metadata'],
    spec: { replicas: numberAt(object, 'spec', 'replicas') },
    status: {
      replicas: numberAt(object, 'status', 'replicas'),
      selector: selector === '<none>' ? textAt(object, 'status', 'selector') : selector,
    },
  };
}
