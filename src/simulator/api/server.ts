import type { Cluster } from '../cluster.ts';
import { answer } from './answer.ts';
import { createAuthority } from './certificates.ts';
import type { RequestEntry } from './intercept.ts';
import { type Listener, listen } from './listener.ts';
import type { ApiServerOptions, ExecCounts, Setting } from './setting.ts';
import { createTurns } from './turns.ts';

export type ApiServer = Listener & {
  /** PEM of the certificate authority, for kubeconfig's certificate-authority-data. */
  ca: string;
  /** The newest entries of the request log (bounded), oldest first. */
  requests(): readonly RequestEntry[];
  /** How many commands run in containers. */
  execs(): ExecCounts;
  /** Ends open watches (of one kind, by its plural) cleanly, as a server does from time to time: their clients ask again. */
  endWatches(resource?: string): void;
  close(): Promise<void>;
};

const loggedRequests = 50_000;

/** Serves the cluster on 127.0.0.1. Rejects when the port is taken. */
export async function startApiServer(cluster: Cluster, options: ApiServerOptions): Promise<ApiServer> {
  const authority = options.authority ?? (await createAuthority());
  const stop = new AbortController();
  const entries: RequestEntry[] = [];
  let requests = 0;
  const setting: Setting = {
    cluster,
    options,
    count: () => requests++,
    log(entry) {
      entries.push(entry);
      if (entries.length > loggedRequests * 1.1) entries.splice(0, entries.length - loggedRequests);
      options.onRequest?.(entry);
    },
    watches: new Map(),
    turns: createTurns(),
    execs: { running: 0, most: 0, total: 0, left: 0 },
    stopped: stop.signal,
  };

  const listener = await listen(authority, options.port ?? 0, {
    request(incoming, response) {
      void answer(setting, incoming, { response });
    },
    upgrade(incoming, socket, first) {
      void answer(setting, incoming, { socket, first });
    },
  });
  return {
    ...listener,
    ca: authority.ca,
    requests: () => entries,
    execs: () => ({ ...setting.execs }),
    endWatches(resource) {
      for (const [end, kind] of setting.watches) if (resource === undefined || resource === kind) end();
    },
    async close() {
      stop.abort();
      await listener.refuse();
    },
  };
}
