import type { Config } from '../config.ts';
import type { RawObject } from '../model/objects/row.ts';
import { emptySnapshot } from '../model/snapshot.ts';
import { createClusterSession } from './kubernetes/cluster-session.ts';
import { readKubeconfig, selectContext } from './kubernetes/kubeconfig.ts';
import { type ListReader, listInPages } from './kubernetes/page-list.ts';
import { createServed } from './kubernetes/served.ts';

/** What is listed: the first of `versions` that the server has; '' = every namespace, and every object. */
export type Listed = {
  group: string;
  versions: readonly string[];
  plural: string;
  kind: string;
  namespace: string;
  fieldSelector: string;
};

/** A cluster that is read, once and by itself; nothing is watched. */
export type Reading = {
  cluster: { context: string; server: string };
  /** Raw objects, never sanitised here; none where the server has no such kind. Throws UserError. */
  list(wanted: Listed, signal: AbortSignal): Promise<readonly RawObject[]>;
  close(): Promise<void>;
};

/**
 * Resolves when the server has answered as a Kubernetes API server. Throws UserError as `connect` does, and whatever
 * `signal` was aborted with.
 */
export async function readOnce(
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<Reading> {
  const load = () => selectContext(readKubeconfig(config, env), config.context);
  const session = createClusterSession({
    config,
    env,
    epoch: 1,
    load,
    deliver() {},
    uidOf: () => undefined,
    known: () => emptySnapshot(0),
    notice: '',
    onOther() {},
  });
  const served = createServed(session.client);
  try {
    await Promise.race([session.greet(), aborted(signal)]);
  } catch (error) {
    await session.close();
    throw error;
  }
  const { context, server } = session.facts();
  return {
    cluster: { context, server },
    async list({ group, versions, plural, kind, namespace, fieldSelector }, signal) {
      const version = await served.version(group, plural, versions, signal);
      if (version === '') return [];
      const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
      const scope = namespace === '' ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
      // Items of a list say neither.
      const apiVersion = group === '' ? version : `${group}/${version}`;
      const objects: RawObject[] = [];
      await listInPages({
        client: session.client,
        resource: plural,
        path: `${root}${scope}/${plural}`,
        query: fieldSelector === '' ? {} : { fieldSelector },
        reader: collect(objects, { apiVersion, kind }),
        onPage() {},
        signal,
      });
      return objects;
    },
    close: () => session.close(),
  };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

function collect(objects: RawObject[], type: { apiVersion: string; kind: string }): ListReader {
  return {
    begin() {
      objects.length = 0;
    },
    trim: (text) => text,
    item(raw) {
      objects.push({ ...type, ...raw });
    },
    finish() {},
    listed: () => objects.length,
  };
}
