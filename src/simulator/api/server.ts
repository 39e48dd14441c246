import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Cluster } from '../cluster.ts';
import { answer } from './answer.ts';
import { type CertificateKind, createAuthority } from './certificates.ts';
import type { RequestEntry } from './intercept.ts';
import type { ApiServerOptions, Setting } from './setting.ts';
import { createTurns } from './turns.ts';

export type ApiServer = {
  /** https://127.0.0.1:PORT */
  url: string;
  port: number;
  /** PEM of the certificate authority, for kubeconfig's certificate-authority-data. */
  ca: string;
  /** The newest entries of the request log (bounded), oldest first. */
  requests(): readonly RequestEntry[];
  /** Stops listening and resets every connection: from now on connections are refused. */
  refuse(): Promise<void>;
  /** Listens again on the same port. */
  accept(): Promise<void>;
  /** Resets every open connection. */
  dropConnections(): void;
  /** Ends open watches (of one kind, by its plural) cleanly, as a server does from time to time: their clients ask again. */
  endWatches(resource?: string): void;
  /** From the next connection on. */
  present(certificate: CertificateKind): Promise<void>;
  close(): Promise<void>;
};

const loggedRequests = 50_000;

/** Serves the cluster on 127.0.0.1. Rejects when the port is taken. */
export async function startApiServer(cluster: Cluster, options: ApiServerOptions): Promise<ApiServer> {
  const authority = await createAuthority();
  const stop = new AbortController();
  const sockets = new Set<Socket>();
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
    stopped: stop.signal,
  };

  const server = createServer(await authority.issue('valid'));
  // A watch lives as long as it likes, and an idle connection is kept for the next request.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 120_000;
  server.on('connection', (socket: Socket) => {
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  });
  server.on('request', (incoming: IncomingMessage, response: ServerResponse) => {
    void answer(setting, incoming, { response });
  });
  server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, first: Buffer) => {
    void answer(setting, incoming, { socket, first });
  });
  server.on('tlsClientError', (_error, socket) => socket.destroy());

  const dropConnections = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  const unlisten = () =>
    new Promise<void>((resolve) => {
      if (!server.listening) {
        resolve();
        return;
      }
      server.close(() => resolve());
      dropConnections();
    });

  await listen(options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${port}`,
    port,
    ca: authority.ca,
    requests: () => entries,
    refuse: unlisten,
    accept: () => (server.listening ? Promise.resolve() : listen(port)),
    dropConnections,
    endWatches(resource) {
      for (const [end, kind] of setting.watches) if (resource === undefined || resource === kind) end();
    },
    async present(certificate) {
      server.setSecureContext(await authority.issue(certificate));
    },
    async close() {
      stop.abort();
      await unlisten();
    },
  };
}
