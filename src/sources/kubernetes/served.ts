import type { ApiClient } from './api-client.ts';
import { ApiProblem } from './api-problem.ts';

/** Which versions of which kinds a group serves right now. */
export type Served = {
  /** The first of `versions` in which the server has `plural`, '' when it has it in none. Throws ApiProblem. */
  version(group: string, plural: string, versions: readonly string[], signal: AbortSignal): Promise<string>;
};

/** However many kinds are missing, what there is is asked for once in this time. */
const freshMs = 3_000;

export function createServed(client: ApiClient): Served {
  const asked = new Map<string, { at: number; answer: Promise<ReadonlySet<string>> }>();

  function kept(path: string, ask: (path: string) => Promise<ReadonlySet<string>>): Promise<ReadonlySet<string>> {
    const known = asked.get(path);
    if (known !== undefined && Date.now() - known.at < freshMs) return known.answer;
    const answer = ask(path);
    asked.set(path, { at: Date.now(), answer });
    return answer;
  }

  async function groupVersions(path: string): Promise<ReadonlySet<string>> {
    const answer = (await client.json({ verb: 'GET', resource: 'apis', path })) as Groups;
    return new Set(
      (answer.groups ?? []).flatMap(({ versions }) => versions ?? []).map((one) => String(one.groupVersion)),
    );
  }

  async function plurals(path: string): Promise<ReadonlySet<string>> {
    try {
      const answer = (await client.json({ verb: 'GET', resource: 'apis', path })) as Resources;
      return new Set((answer.resources ?? []).map((resource) => String(resource?.name)));
    } catch (error) {
      if (error instanceof ApiProblem && error.kind === 'missing') return new Set();
      throw error;
    }
  }

  return {
    async version(group, plural, versions, signal) {
      // A group that is not there is told by the list of groups: nothing has to be asked for that is refused.
      const there = group === '' ? undefined : await kept('/apis', groupVersions);
      for (const version of versions) {
        if (there?.has(`${group}/${version}`) === false) continue;
        const resources = await kept(group === '' ? `/api/${version}` : `/apis/${group}/${version}`, plurals);
        if (signal.aborted) return '';
        if (resources.has(plural)) return version;
      }
      return '';
    },
  };
}

type Groups = { groups?: { versions?: { groupVersion?: string }[] }[] };
type Resources = { resources?: { name?: string }[] };
