import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Authority, CertificateKind } from './certificates.ts';

/** An HTTPS server of 127.0.0.1 whose connections can be made to fail. */
export type Listener = {
  /** https://127.0.0.1:PORT */
  url: string;
  port: number;
  /** Stops listening and resets every connection: from now on connections are refused. */
  refuse(): Promise<void>;
  /** Listens again on the same port. */
  accept(): Promise<void>;
  /** Resets every open connection. */
  dropConnections(): void;
  /** From the next connection on. */
  present(certificate: CertificateKind): Promise<void>;
};

export type Hearing = {
  request(incoming: IncomingMessage, response: ServerResponse): void;
  /** Absent: an upgrading client is hung up on. */
  upgrade?(incoming: IncomingMessage, socket: Duplex, first: Buffer): void;
};

/** `port` 0: any free one. Rejects when it is taken. */
export async function listen(authority: Authority, port: number, hearing: Hearing): Promise<Listener> {
  const sockets = new Set<Socket>();
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
  server.on('request', hearing.request);
  if (hearing.upgrade !== undefined) server.on('upgrade', hearing.upgrade);
  server.on('tlsClientError', (_error, socket) => socket.destroy());

  const dropConnections = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const listenOn = (wanted: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(wanted, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  await listenOn(port);
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `https://127.0.0.1:${bound}`,
    port: bound,
    refuse: () =>
      new Promise<void>((resolve) => {
        if (!server.listening) {
          resolve();
          return;
        }
        server.close(() => resolve());
        dropConnections();
      }),
    accept: () => (server.listening ? Promise.resolve() : listenOn(bound)),
    dropConnections,
    async present(certificate) {
      server.setSecureContext(await authority.issue(certificate));
    },
  };
}
