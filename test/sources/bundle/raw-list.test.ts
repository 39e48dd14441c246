import { expect, it } from 'vitest';
import { listRaw } from '../../../src/sources/bundle/raw-list.ts';
import type { ApiClient } from '../../../src/sources/kubernetes/api-client.ts';
import { ApiProblem } from '../../../src/sources/kubernetes/api-problem.ts';
import { sources } from '../../../src/sources/kubernetes/sources.ts';

const source = sources.find(({ id }) => id === 'services');
const pages = ['a', 'b', 'c'];

/** A server of three pages, on which the given page fails so many times. */
async function list(failing: number, times: number, kind: 'unreachable' | 'server' | 'forbidden') {
  const asked: string[] = [];
  const client = {
    async json({ query }: { query: Record<string, string> }) {
      const at = Number(query['continue'] ?? 0);
      asked.push(pages[at] ?? '');
      if (at === failing && asked.filter((name) => name === pages[at]).length <= times)
        throw new ApiProblem(kind, 'It broke off.');
      const more = at + 1 < pages.length ? { continue: String(at + 1) } : {};
      return { items: [{ metadata: { name: pages[at] } }], metadata: more };
    },
  } as unknown as ApiClient;
  const served = { version: async () => 'v1' } as unknown as Parameters<typeof listRaw>[0]['served'];
  const names: unknown[] = [];
  if (source === undefined) throw new Error('no such source');
  try {
    for await (const page of listRaw({ client, served, source, link: undefined, signal: new AbortController().signal }))
      names.push(...page.objects.map(({ metadata }) => (metadata as { name: string }).name));
  } catch (error) {
    return { names, asked, error: (error as Error).message };
  }
  return { names, asked, error: '' };
}

it('asks once more for a page in the middle that did not come, and for no other', async () => {
  expect(await list(1, 1, 'unreachable')).toEqual({ names: pages, asked: ['a', 'b', 'b', 'c'], error: '' });
  const twice = await list(1, 2, 'server');
  expect(twice).toMatchObject({ names: ['a'], asked: ['a', 'b', 'b'] });
  expect(twice.error).toMatch(/broke off/);
  expect((await list(0, 1, 'unreachable')).asked).toEqual(['a']);
  expect((await list(1, 1, 'forbidden')).asked).toEqual(['a', 'b']);
});
