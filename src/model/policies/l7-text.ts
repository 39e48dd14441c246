import { list, record, text } from '../objects/raw.ts';
import type { RawObject } from '../objects/row.ts';

export type L7Kind = 'http' | 'dns' | 'kafka' | 'l7proto';

/** What the layer 7 rules of a toPorts item let by, for people: `GET /api, POST /orders`, `*.example.com`. */
export function l7Text(item: RawObject, kind: L7Kind): string {
  const rules = record(item.rules);
  if (kind === 'l7proto') return text(rules.l7proto, 60);
  return shortened(list(rules[kind]).map((one) => words[kind](record(one))));
}

/** Of many the first few. */
export function shortened(all: readonly string[]): string {
  const kept = all.filter((one) => one !== '').slice(0, MOST);
  const more = all.length - kept.length;
  return kept.length === 0 ? '' : `${kept.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

const MOST = 4;

const words: Readonly<Record<Exclude<L7Kind, 'l7proto'>, (rule: RawObject) => string>> = {
  http({ method, path, host, headers, headerMatches }) {
    const asks = list(headers).length + list(headerMatches).length > 0 ? 'with headers' : '';
    const where = `${text(host, 100)}${text(path, 100)}`;
    return [text(method, 20), where, asks].filter((one) => one !== '').join(' ') || 'anything';
  },
  dns: ({ matchName, matchPattern }) => text(matchName, 100) || text(matchPattern, 100),
  kafka: ({ role, apiKey, topic }) => [text(role, 40) || text(apiKey, 40), text(topic, 100)].filter(Boolean).join(' '),
};
