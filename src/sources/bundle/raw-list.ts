import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { kinds } from '../../model/kinds.ts';
import type { Link } from '../../model/link.ts';
import type { RawObject } from '../../model/objects/row.ts';
import type { ApiClient } from '../kubernetes/api-client.ts';
import { ApiProblem } from '../kubernetes/api-problem.ts';
import type { Served } from '../kubernetes/served.ts';
import { listPath, type WatchSource } from '../kubernetes/sources.ts';

/** A page of a list. `anew`: the list began again, and what came of it before is void. */
export type RawPage = { objects: readonly RawObject[]; version: string; anew: boolean };

export type RawList = {
  client: ApiClient;
  served: Served;
  source: WatchSource;
  /** As the watch of it stands: where only a part may be read, only that is asked for. */
  link: Link | undefined;
  signal: AbortSignal;
};

const pageSize = '500';
const mostRounds = 3;
/** Before a page that broke off is asked for once more. */
const pauseMs = 1_000;

/** The objects of a source as the server has them, page by page, those that are not to be kept left out. Throws ApiProblem. */
export async function* listRaw({ client, served, source, link, signal }: RawList): AsyncGenerator<RawPage> {
  const kind = kinds[source.kind];
  const version = await served.version(kind.group, kind.plural, kind.versions, signal);
  if (version === '') throw new ApiProblem('missing', `The server has no ${kind.plural}.`);
  const apiVersion = kind.group === '' ? version : `${kind.group}/${version}`;
  const path = listPath(kind, version, link?.only ?? source.namespace);
  let query: Record<string, string> = source.fieldSelector === '' ? {} : { fieldSelector: source.fieldSelector };
  let token = '';
  for (let round = 1; ; ) {
    const page = await readPage(token).catch(async (error: unknown) => {
      if (!(error instanceof ApiProblem)) throw error;
      if (error.kind === 'forbidden' && source.orSelector !== '' && query['fieldSelector'] !== source.orSelector) {
        query = { fieldSelector: source.orSelector };
        return undefined;
      }
      if (error.kind === 'expired' && round < mostRounds) {
        round += 1;
        return undefined;
      }
      // A server that gave pages before is there; of one that is not, its watches tell.
      const mayCome = token !== '' && (error.kind === 'unreachable' || error.kind === 'server');
      if (!mayCome) throw error;
      await sleep(pauseMs, undefined, { signal });
      return readPage(token);
    });
    if (page === undefined) {
      yield { objects: [], version, anew: token !== '' };
      token = '';
      continue;
    }
    yield { objects: page.objects, version, anew: false };
    if (page.token === '') return;
    token = page.token;
    // Watches and keys come first.
    await nextTurn();
  }

  async function readPage(from: string): Promise<{ objects: readonly RawObject[]; token: string }> {
    const paging = { limit: pageSize, ...(from === '' ? {} : { continue: from }) };
    const list = (await client.json({
      ...{ verb: 'LIST', resource: kind.plural, path, signal },
      query: { ...query, ...paging },
    })) as { items?: unknown; metadata?: { continue?: string } } | null;
    const items: readonly unknown[] = Array.isArray(list?.items) ? list.items : [];
    // Items of a list say neither what they are nor in which version.
    const objects = items.filter(isObject).map((raw) => trimmed({ apiVersion, kind: kind.kind, ...raw }, source));
    const kept = objects.filter(({ metadata }) => source.named?.test(nameOf(metadata)) !== false);
    return { objects: kept, token: list?.metadata?.continue ?? '' };
  }
}

function isObject(raw: unknown): raw is RawObject {
  return typeof raw === 'object' && raw !== null;
}

function nameOf(metadata: unknown): string {
  const { name } = (metadata ?? {}) as { name?: unknown };
  return typeof name === 'string' ? name : '';
}

/** Nothing here reads who wrote which field of these, and it is a third of what they weigh. */
function trimmed(raw: RawObject, { trim }: WatchSource): RawObject {
  if (!trim || !isObject(raw.metadata)) return raw;
  const { managedFields: _, ...metadata } = raw.metadata;
  return { ...raw, metadata };
}
