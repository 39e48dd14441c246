import type { ApiClient } from './api-client.ts';
import { ApiProblem } from './api-problem.ts';

/** Which versions of which kinds a group serves right now. */
export type Served = {
  /** The first of `versions` in which the server has `plural`, '' when it has it in none. Throws ApiProblem. */
  version(group: string, plural: string, versions: readonly string[], signal: AbortSignal): Promise<string>;
};

/** However many kinds of a group are missing, the group is asked for once in this time. */
const freshMs = 3_000;

type Answer = { at: number; resources: Promise<ReadonlySet<string>> };

export function createServed(client: ApiClient): Served {
  const asked = new Map<string, Answer>();
  return {
    async version(group, plural, versions, signal) {
      for (const version of versions) {
        const path = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
        let answer = asked.get(path);
        if (answer === undefined || Date.now() - answer.at >= freshMs) {
          answer = { at: Date.now(), resources: pluralsAt(client, path) };
          asked.set(path, answer);
        }
        const resources = await answer.resources;
        if (signal.aborted) return '';
        if (resources.has(plural)) return version;
      }
      return '';
    },
  };
}

async function pluralsAt(client: ApiClient, path: string): Promise<ReadonlySet<string>> {
  try {
    const answer = (await client.json({ verb: 'GET', resource: 'apis', path })) as { resources?: { name?: string }[] };
    return new Set((answer.resources ?? []).map((resource) => String(resource?.name)));
  } catch (error) {
    if (error instanceof ApiProblem && error.kind === 'missing') return new Set();
    throw error;
  }
}
