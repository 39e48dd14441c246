import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { type ApiProblem, statusProblem } from './api-problem.ts';
import type { Ask } from './http-pool.ts';

/** Most of a refusal that is read, bytes. */
const refusalBytes = 65_536;

/** The body as it was meant, unpacked where it was packed. */
export function decoded(answer: Dispatcher.ResponseData): AsyncIterable<Buffer> {
  if (answer.headers['content-encoding'] !== 'gzip') return answer.body;
  return pipeline(answer.body, createGunzip(), () => {});
}

/** What an answer other than 2xx says; reads its body. */
export async function problemOf(answer: Dispatcher.ResponseData, ask: Ask): Promise<ApiProblem> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of decoded(answer)) {
      bytes += chunk.length;
      if (bytes > refusalBytes) break;
      chunks.push(chunk);
    }
  } catch {
    // The status says enough.
  }
  const asked = ask.resource === '' ? `ask for ${ask.path}` : `${ask.verb.toLowerCase()} ${ask.resource}`;
  return statusProblem(answer.statusCode, answer.headers, Buffer.concat(chunks).toString('utf8'), asked);
}
