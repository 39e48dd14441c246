import { afterEach, beforeEach, expect, test } from 'vitest';
import { ApiProblem, type ProblemKind } from '../../../src/sources/kubernetes/api-problem.ts';
import { createSameCluster } from '../../../src/sources/kubernetes/same-cluster.ts';
import { nothingFor } from '../../nothing-for.ts';

let stop: AbortController;
beforeEach(() => {
  stop = new AbortController();
});
afterEach(() => stop.abort());

/** A server that answers these in turn, and the last of them for ever: a UID, or why there is none. */
function looking(...answers: (string | ApiProblem)[]) {
  const seen = { asked: 0, others: 0, waits: [] as string[] };
  const client = {
    async json() {
      const answer = answers[Math.min(seen.asked, answers.length - 1)];
      seen.asked += 1;
      if (answer instanceof ApiProblem) throw answer;
      return { metadata: { uid: answer } };
    },
    reached: async () => void seen.waits.push('unreachable'),
    readmitted: async () => void seen.waits.push('unauthorized'),
  };
  const same = createSameCluster(client, () => (seen.others += 1), stop.signal);
  return { seen, same };
}

const problem = (kind: ProblemKind) => new ApiProblem(kind, kind);

test.each<[ProblemKind, string[]]>([
  ['server', []],
  ['throttled', []],
  ['unreachable', ['unreachable']],
  ['unauthorized', ['unauthorized']],
])('%s just when it looks: it looks again by itself, and sees another cluster', async (kind, waits) => {
  const { seen, same } = looking('old', problem(kind), 'new');
  const looked = () => {
    if (seen.asked < 2) same.look();
    return seen.asked;
  };
  await expect.poll(looked).toBe(2);
  await expect.poll(() => seen.others, { timeout: 4_000 }).toBe(1);
  expect(seen).toEqual({ asked: 3, others: 1, waits });
});

test.each<ProblemKind>(['forbidden', 'missing'])('%s: it cannot tell, and does not ask again', async (kind) => {
  const { seen, same } = looking(problem(kind));
  same.look();
  await expect.poll(() => seen.asked).toBe(1);
  await nothingFor(1_500);
  same.look();
  await nothingFor(100);
  expect(seen.asked).toBe(1);
});

test('left: it looks no more', async () => {
  const { seen, same } = looking(problem('server'));
  same.look();
  await expect.poll(() => seen.asked).toBe(1);
  stop.abort();
  await nothingFor(1_500);
  expect(seen.asked).toBe(1);
});
