import { createHash } from 'node:crypto';
import type { Value } from '../values/value.ts';
import { type KqlFunction, pure } from './kql-function.ts';

const digest = (algorithm: string): KqlFunction =>
  pure(['string'], (text) => createHash(algorithm).update(text).digest('hex'));

export const encodingFunctions: Readonly<Record<string, KqlFunction>> = {
  base64_encode_tostring: pure(['string'], (text) => Buffer.from(text).toString('base64')),
  base64_decode_tostring: pure(['string'], (text) => Buffer.from(text, 'base64').toString('utf8')),
  url_decode: pure(['string'], decode),
  url_encode: pure(['string'], (text) => encodeURIComponent(text).replaceAll('%20', '+')),
  url_encode_component: pure(['string'], (text) => encodeURIComponent(text)),
  parse_url: pure(['string'], parseUrl),
  hash_md5: digest('md5'),
  hash_sha1: digest('sha1'),
  hash_sha256: digest('sha256'),
};

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

function parseUrl(text: string): Value {
  const url = URL.parse(text);
  if (!url) return null;
  return {
    Scheme: url.protocol.slice(0, -1),
    Host: url.hostname,
    Port: url.port,
    Path: url.pathname,
    Username: url.username,
    Password: url.password,
    'Query Parameters': Object.fromEntries(url.searchParams),
    Fragment: url.hash.slice(1),
  };
}
