import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, connect as openSocket, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CertificateKind, createAuthority } from '../../../src/simulator/api/certificates.ts';

export type Seen = {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: string;
};
export type Reply = { status?: number; headers?: Record<string, string>; body?: unknown };

export type SmallAzure = {
  url: string;
  /** By a name that is not loopback, for proxies: the certificate knows it, no DNS does. */
  namedUrl: string;
  ca: string;
  seen: Seen[];
  /** Answers of one's own come first. */
  answer(reply: (seen: Seen) => Reply | undefined): void;
  close(): Promise<void>;
};

/** An Azure of a dozen lines: an authority that gives anybody a token, and whatever a test answers besides. */
export async function startSmallAzure(certificate: CertificateKind = 'valid'): Promise<SmallAzure> {
  const authority = await createAuthority();
  const folder = mkdtempSync(join(tmpdir(), 'ciliscope-small-azure-'));
  const ca = join(folder, 'ca.pem');
  writeFileSync(ca, authority.ca);
  const seen: Seen[] = [];
  const replies: ((seen: Seen) => Reply | undefined)[] = [];
  const server: Server = createServer(await authority.issue(certificate), async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const url = new URL(request.url ?? '', 'https://any');
    const one = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body,
    };
    seen.push(one);
    let reply: Reply | undefined;
    for (const answer of replies.toReversed()) reply ??= answer(one);
    reply ??= authorityReply(one, here()) ?? { status: 404, body: { error: { code: 'NotFound', message: 'nothing' } } };
    const { status = 200, headers = {}, body: sent } = reply;
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof sent === 'string' ? sent : JSON.stringify(sent ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const here = () => `https://127.0.0.1:${port}`;
  return {
    url: here(),
    namedUrl: `https://kubernetes.default.svc:${port}`,
    ca,
    seen,
    answer: (reply) => replies.push(reply),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true });
    },
  };
}

function authorityReply({ method, path, headers, body }: Seen, here: string): Reply | undefined {
  const tenant = path.split('/')[1] ?? '';
  const base = headers.host === undefined ? here : `https://${headers.host}`;
  if (path.endsWith('/.well-known/openid-configuration')) {
    return {
      body: {
        issuer: `${base}/${tenant}/v2.0`,
        authorization_endpoint: `${base}/${tenant}/oauth2/v2.0/authorize`,
        token_endpoint: `${base}/${tenant}/oauth2/v2.0/token`,
        device_authorization_endpoint: `${base}/${tenant}/oauth2/v2.0/devicecode`,
        jwks_uri: `${base}/${tenant}/discovery/v2.0/keys`,
      },
    };
  }
  if (method === 'POST' && path.endsWith('/oauth2/v2.0/token'))
    return { body: tokenFor(new URLSearchParams(body), tenant) };
  return undefined;
}

/** What the authority says to a grant: a JWT that names `appid` or `upn`, good for an hour. */
export function tokenFor(asked: URLSearchParams, tenant: string, claims: Record<string, unknown> = {}): unknown {
  const scope = (asked.get('scope') ?? '').split(' ')[0] ?? '';
  const expires_in = 3_600;
  const told = {
    aud: scope,
    tid: tenant,
    appid: asked.get('client_id'),
    exp: Math.floor(Date.now() / 1_000) + expires_in,
    ...claims,
  };
  return { token_type: 'Bearer', expires_in, ext_expires_in: expires_in, access_token: jwt(told) };
}

export function jwt(claims: unknown): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part(claims)}.x`;
}

/** A CONNECT proxy that leads everywhere to the one port, and lists what it was asked for. */
export async function startProxy(
  port: number,
  refuse = '',
): Promise<{ url: string; asked: string[]; close(): Promise<void> }> {
  const asked: string[] = [];
  const open = new Set<Socket>();
  const server = createTcpServer((client) => {
    open.add(client);
    client.on('error', () => {});
    client.once('data', (head) => {
      asked.push(String(head).split('\r\n')[0] ?? '');
      if (refuse !== '') {
        client.end(`HTTP/1.1 ${refuse}\r\ncontent-length: 0\r\n\r\n`);
        return;
      }
      const upstream = openSocket(port, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        client.pipe(upstream).pipe(client);
      });
      open.add(upstream);
      upstream.on('error', () => client.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
