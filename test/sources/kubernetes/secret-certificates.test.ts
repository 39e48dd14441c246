import { describe, expect, it } from 'vitest';
import { createIssuer } from '../../../src/simulator/world/inventory/certificate.ts';
import { readCertificates } from '../../../src/sources/kubernetes/secret-certificates.ts';

const from = Date.UTC(2026, 0, 1);
const to = Date.UTC(2026, 10, 28, 12);
const pem = (subject: string) =>
  createIssuer().certificate({ subject, issuer: 'Cilium CA', notBefore: from, notAfter: to });
const base64 = (text: string) => Buffer.from(text).toString('base64');
const key = base64('-----BEGIN PRIVATE KEY-----\nMIGHAgEA\n-----END PRIVATE KEY-----\n');

/** The API server's answer in pieces, and the pieces themselves: whoever read them is to leave nothing in them. */
function answering(body: string) {
  const pieces = body.match(/[\s\S]{1,40}/g)?.map((piece) => Buffer.from(piece)) ?? [];
  const asked: string[] = [];
  async function* flow() {
    yield* pieces;
  }
  const open = async ({ path }: { path: string }) => {
    asked.push(path);
    return { status: 200, headers: {}, body: flow() };
  };
  return { client: { open } as unknown as Parameters<typeof readCertificates>[0], pieces, asked };
}

const read = ({ client }: ReturnType<typeof answering>) =>
  readCertificates(client, 'kube-system', 'hubble-server-certs', new AbortController().signal);

describe('certificates in a Secret', () => {
  it('are told by date and name', async () => {
    const data = {
      'ca.crt': base64(pem('Cilium CA') + pem('Older CA')),
      'tls.crt': base64(pem('relay\u001b[31m')),
      'tls.key': key,
    };
    const answer = answering(JSON.stringify({ kind: 'Secret', data }));
    expect(await read(answer)).toMatchObject([
      { entry: 'tls.crt', subject: expect.stringMatching(/^CN=relay/), notBefore: from, notAfter: to },
      { entry: 'ca.crt', subject: 'CN=Cilium CA', issuer: 'CN=Cilium CA' },
      { entry: 'ca.crt', subject: 'CN=Older CA' },
    ]);
    expect(JSON.stringify(await read(answering(JSON.stringify({ data }))))).not.toContain('\\u001b');
    expect(answer.asked).toEqual(['/api/v1/namespaces/kube-system/secrets/hubble-server-certs']);
  });

  it('leave no byte of the Secret behind', async () => {
    const answer = answering(JSON.stringify({ data: { 'tls.crt': base64(pem('relay')), 'tls.key': key } }));
    const told = JSON.stringify(await read(answer));
    expect(told).not.toContain(key.slice(0, 20));
    expect(Buffer.concat(answer.pieces).every((byte) => byte === 0)).toBe(true);
  });

  it.each([
    ['nothing where there is none', '{"kind":"Secret","data":{}}'],
    ['nothing of what is no certificate', JSON.stringify({ data: { 'tls.crt': base64('hello'), 'ca.crt': '' } })],
    ['nothing of a broken one', JSON.stringify({ data: { 'tls.crt': base64(pem('relay').replace(/[A-M]/g, 'B')) } })],
    ['nothing of what is only mentioned', JSON.stringify({ metadata: { annotations: { last: '{"tls.crt":"abc"}' } } })],
  ])('are %s', async (_title, body) => {
    expect(await read(answering(body))).toEqual([]);
  });

  it('are found however the answer is laid out', async () => {
    const laidOut = JSON.stringify({ data: { 'tls.crt': base64(pem('relay')) } }, null, 2);
    expect(await read(answering(laidOut))).toHaveLength(1);
  });
});
