import { X509Certificate } from 'node:crypto';
import type { CertificateDates } from '../../model/asks.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import type { ApiClient } from './api-client.ts';

/** Entries of a TLS Secret that anybody may see. The third one is the key. */
const entries = ['tls.crt', 'ca.crt'] as const;
/** A Secret holds at most 1 MiB, and is told in base64. */
const mostBytes = 4 * 1_048_576;

/**
 * Until when the certificates in a Secret hold, and whose they are. The API server gives a Secret as a whole: what comes
 * is never made into an object or a text, only the certificates are cut out of its bytes, and the bytes are wiped.
 * Throws ApiProblem.
 */
export async function readCertificates(
  client: Pick<ApiClient, 'open'>,
  namespace: string,
  name: string,
  signal: AbortSignal,
): Promise<readonly CertificateDates[]> {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets/${encodeURIComponent(name)}`;
  const { body } = await client.open({ verb: 'GET', resource: 'secrets', path, signal });
  const chunks: Buffer[] = [];
  let whole = Buffer.alloc(0);
  try {
    let bytes = 0;
    for await (const chunk of body) {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes > mostBytes) return [];
    }
    whole = Buffer.concat(chunks);
    return entries.flatMap((entry) => datesIn(entry, entryIn(whole, entry)));
  } finally {
    for (const buffer of [...chunks, whole]) buffer.fill(0);
  }
}

/** The value of the first member of that name, base64; empty where there is none. In an annotation its quotes are escaped. */
function entryIn(whole: Buffer, entry: string): string {
  const key = whole.indexOf(`"${entry}"`);
  if (key === -1) return '';
  const from = whole.indexOf('"', key + entry.length + 2) + 1;
  const to = whole.indexOf('"', from);
  const between = whole.subarray(key + entry.length + 2, from).toString('latin1');
  return /^\s*:\s*"$/.test(between) && to > from ? whole.subarray(from, to).toString('latin1') : '';
}

/** A file may hold a chain. What is no certificate is left out. */
function datesIn(entry: string, base64: string): readonly CertificateDates[] {
  const pem = Buffer.from(base64, 'base64').toString('latin1');
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  return blocks.slice(0, 20).flatMap((block) => {
    try {
      const { subject, issuer, validFrom, validTo } = new X509Certificate(block);
      const line = (text: string) => sanitiseLine(text.replaceAll('\n', ', '), 200);
      return [
        {
          entry,
          subject: line(subject),
          issuer: line(issuer),
          notBefore: Date.parse(validFrom),
          notAfter: Date.parse(validTo),
        },
      ];
    } catch {
      return [];
    }
  });
}
