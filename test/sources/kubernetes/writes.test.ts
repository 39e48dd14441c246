// What becomes of a change on the wire: done, refused, lost, and what is told of it.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { policyRights } from '../../../src/model/changeable.ts';
import type { RawObject } from '../../../src/model/objects/row.ts';
import type { NewJob } from '../../../src/model/write-jobs.ts';
import type { ApiKind, WriteRequest } from '../../../src/model/writes.ts';
import { type WatchedCluster, watchCluster } from '../../wire/watched-cluster.ts';

let cluster: WatchedCluster | undefined;
afterEach(async () => {
  await cluster?.close();
  cluster = undefined;
});

const resource: ApiKind = {
  group: 'cilium.io',
  version: 'v2',
  plural: 'ciliumnetworkpolicies',
  kind: 'CiliumNetworkPolicy',
};
const place = { resource, namespace: 'shop', name: 'db' };
const policy = (port: string): RawObject => ({
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumNetworkPolicy',
  metadata: { name: 'db', namespace: 'shop' },
  spec: {
    endpointSelector: { matchLabels: { app: 'db' } },
    ingress: [{ toPorts: [{ ports: [{ port, protocol: 'TCP' }] }] }],
  },
});
const create: WriteRequest = { verb: 'create', ...place, body: policy('5432'), preconditions: {} };
const signal = new AbortController().signal;

async function watched(): Promise<WatchedCluster> {
  cluster = await watchCluster();
  await cluster.allLive();
  return cluster;
}

const rights = policyRights('create', 'update', 'delete');
const object = { kind: 'CiliumNetworkPolicy', namespace: 'shop', name: 'db' };

function jobOf(request: WriteRequest, before: RawObject | null, more: Partial<NewJob> = {}): NewJob {
  const title = `${request.verb} CiliumNetworkPolicy shop/db`;
  const base = { action: 'test', title, object, requests: [request] as const, before };
  return { ...base, noUndo: false, difference: '', uses: '', ...more };
}

/** Begins a change of the policy and sends the request as its only one. */
async function change({ sources }: WatchedCluster, request: WriteRequest, before: RawObject | null = null) {
  await sources.asks.openWrites(60_000, rights, signal);
  const job = await sources.asks.beginJob(jobOf(request, before));
  const answer = await sources.asks.sendWrite(job, request);
  const undo = await sources.asks.endJob(job, answer.outcome === 'done' ? 'verified' : answer.outcome, '');
  return { answer, undo };
}

const stored = ({ simulator }: WatchedCluster) =>
  simulator.cluster.store.get('CiliumNetworkPolicy.cilium.io', 'shop', 'db') as RawObject | undefined;
const made = (here: WatchedCluster) =>
  here.simulator.cluster.store.create(policy('5432') as never, 'kubectl') as unknown as RawObject;
const metadataOf = (object: RawObject | undefined) => (object?.metadata ?? {}) as Record<string, string>;
const replace = (live: RawObject, port: string): WriteRequest => ({
  verb: 'replace',
  ...place,
  body: policy(port),
  preconditions: { uid: metadataOf(live).uid ?? '', resourceVersion: metadataOf(live).resourceVersion ?? '' },
});
const remove = (live: RawObject): WriteRequest => ({
  verb: 'delete',
  ...place,
  preconditions: { uid: metadataOf(live).uid ?? '', resourceVersion: metadataOf(live).resourceVersion ?? '' },
});

describe('done', () => {
  test('creates, replaces and deletes, as ciliscope', async () => {
    const here = await watched();
    const first = await change(here, create);
    expect(first.answer).toMatchObject({ outcome: 'done', late: false });
    const live = stored(here) as RawObject;
    expect(JSON.stringify(metadataOf(live).managedFields)).toContain('"manager":"ciliscope"');

    expect((await change(here, replace(live, '6432'), live)).answer.outcome).toBe('done');
    expect(JSON.stringify(stored(here))).toContain('6432');

    const last = await change(here, remove(stored(here) as RawObject), live);
    expect(last.answer).toMatchObject({ outcome: 'done', object: undefined });
    expect(stored(here)).toBeUndefined();
  });

  test('patches what is named, and applies with an owner of its own fields', async () => {
    const here = await watched();
    const live = made(here);
    const { uid = '', resourceVersion = '' } = metadataOf(live);
    const patch = { spec: { description: 'patched' } };
    const first = await change(
      here,
      { verb: 'patch', ...place, body: patch, preconditions: { uid, resourceVersion } },
      live,
    );
    expect(first.answer.outcome).toBe('done');
    expect(stored(here)).toMatchObject({ spec: { description: 'patched', endpointSelector: {} } });

    const body = { ...policy('5432'), spec: { description: 'applied' } };
    const again = await change(here, { verb: 'apply', ...place, body, preconditions: {} }, live);
    // It was another manager's field: the server says whose.
    expect(again.answer).toMatchObject({
      outcome: 'refused',
      kind: 'conflict',
      hint: expect.stringContaining('conflict'),
    });
  });

  test('a rehearsal shows what would come of it and changes nothing', async () => {
    const here = await watched();
    const after = await here.sources.asks.rehearse(create, signal);
    expect(after).toMatchObject({ kind: 'CiliumNetworkPolicy', metadata: { name: 'db' } });
    expect(stored(here)).toBeUndefined();
  });
});

describe('nothing is sent', () => {
  test('while the window is closed, and from the moment it is', async () => {
    const here = await watched();
    const { asks } = here.sources;
    const job = jobOf(create, null);
    await expect(asks.beginJob(job)).rejects.toThrow(/write window is closed/);
    await asks.openWrites(60_000, rights, signal);
    expect(here.snapshot().jobs.window?.until).toBeGreaterThan(Date.now());
    await asks.closeWrites();
    expect(here.snapshot().jobs.window).toBeUndefined();
    await expect(asks.beginJob(job)).rejects.toThrow(/write window is closed/);
    await expect(asks.sendWrite(1, create)).resolves.toMatchObject({ outcome: 'refused', kind: 'closed' });
    expect(stored(here)).toBeUndefined();
  });

  test('after the window has run out; what was begun before goes on', async () => {
    const here = await watched();
    const { asks } = here.sources;
    await asks.openWrites(500, rights, signal);
    const job = await asks.beginJob(jobOf(create, null));
    await here.until('read-only again', ({ jobs }) => jobs.window === undefined);
    expect(here.snapshot().jobs.running).toHaveLength(1);
    await expect(asks.sendWrite(job, create)).resolves.toMatchObject({ outcome: 'done' });
    await asks.endJob(job, 'verified', 'done');
    expect(here.snapshot().jobs).toMatchObject({ running: [], done: [{ outcome: 'verified' }] });
    await expect(change(await here, create).then(() => undefined)).resolves.toBeUndefined();
  });

  test('without a right to change anything, and the missing rights are named where there are some', async () => {
    cluster = await watchCluster({ context: 'reader' });
    await expect(cluster.sources.asks.openWrites(60_000, rights, signal)).rejects.toThrow(
      /may change nothing here\. Ask for the right to create\/update\/delete networkpolicies, /,
    );
    expect(cluster.snapshot().jobs.window).toBeUndefined();
  });

  test('and no other context can be chosen while something is under way', async () => {
    const here = await watched();
    const { asks } = here.sources;
    await asks.openWrites(60_000, rights, signal);
    const job = await asks.beginJob(jobOf(create, null));
    await expect(asks.useContext('reader')).rejects.toThrow(/Being changed here just now/);
    await expect(asks.sendWrite(job, create)).resolves.toMatchObject({ outcome: 'done' });
    await asks.endJob(job, 'verified', 'done');
    await asks.useContext('reader');
    // What was kept is of the cluster: it is there under another name for it, but nothing is open any more.
    await expect(asks.beginJob(jobOf(create, null))).rejects.toThrow(/write window is closed/);
  });

  test('after another context was chosen', async () => {
    const here = await watched();
    await here.sources.asks.openWrites(60_000, rights, signal);
    await here.sources.asks.useContext('reader');
    expect(here.snapshot().jobs.window).toBeUndefined();
  });

  const another: ApiKind = { ...resource, plural: 'ciliumclusterwidenetworkpolicies' };
  test.each<[string, (live: RawObject) => WriteRequest]>([
    ['another verb', remove],
    ['another name', (live) => ({ ...replace(live, '6432'), name: 'web' })],
    ['another namespace', (live) => ({ ...replace(live, '6432'), namespace: 'pay' })],
    ['another text', (live) => replace(live, '7432')],
    ['another kind', (live) => ({ ...replace(live, '6432'), resource: another })],
    ['a namesake', (live) => ({ ...replace(live, '6432'), preconditions: { uid: 'another' } })],
  ])('that was not begun and kept: %s', async (_, request) => {
    const here = await watched();
    const live = made(here);
    const { asks } = here.sources;
    await asks.openWrites(60_000, rights, signal);
    const job = await asks.beginJob(jobOf(replace(live, '6432'), live));
    const from = await here.mark();
    expect(await asks.sendWrite(job, request(live))).toMatchObject({ outcome: 'refused', kind: 'closed' });
    expect(await here.asked(from)).not.toContainEqual(expect.stringMatching(/^(CREATE|UPDATE|PUT|DELETE) /));
    expect(stored(here)).toEqual(live);
    // The right one still goes.
    expect(await asks.sendWrite(job, replace(live, '6432'))).toMatchObject({ outcome: 'done' });
  });

  test('where what was there before cannot be kept', async () => {
    cluster = await watchCluster({ config: { stateDir: '/dev/null/state' } });
    await cluster.allLive();
    await expect(change(cluster, create)).rejects.toThrow(/cannot be kept for an undo .* nothing was changed/);
    expect(stored(cluster)).toBeUndefined();
  });
});

describe('refused', () => {
  test.each([
    ['write-conflict', 'conflict', /changed meanwhile/, /object has been modified/],
    ['admission-denied', 'refused', /admission rule denies it/, /container has no memory limit/],
    ['too-many-requests', 'throttled', /slow down \(429\)/, /Nothing was changed. Try again in 10s/],
    ['forbidden', 'forbidden', /No permission: update cilium/, /Ask for the right to update ciliumnetworkpolicies/],
  ])('%s: %s, in the server’s own words, and nothing is sent again', async (fault, kind, what, hint) => {
    const here = await watched();
    const live = made(here);
    here.simulator.faults.add({ id: fault, verb: 'update', resource: 'ciliumnetworkpolicies' });
    const from = await here.mark();
    const { answer, undo } = await change(here, replace(live, '6432'), live);
    expect(answer).toMatchObject({ outcome: 'refused', kind });
    expect(answer).toMatchObject({ what: expect.stringMatching(what), hint: expect.stringMatching(hint) });
    expect(JSON.stringify(stored(here))).toContain('5432');
    expect((await here.asked(from)).filter((one) => /UPDATE|PUT/.test(one))).toHaveLength(1);
    // Nothing was changed, so there is nothing to take back.
    expect(undo).toBeUndefined();
    expect(here.snapshot().jobs.undo).toEqual([]);
  });

  test('what the server does not know of a field', async () => {
    const here = await watched();
    const body = { ...policy('5432'), spec: { endpointSelector: {}, ingresss: [] } };
    const { answer } = await change(here, { ...create, body });
    expect(answer).toMatchObject({ outcome: 'refused', kind: 'refused', hint: expect.stringContaining('ingresss') });
  });

  test('a precondition that no longer holds: the newer version stays', async () => {
    const here = await watched();
    const live = made(here);
    here.simulator.cluster.store.update({ ...live, spec: policy('1').spec } as never, 'kubectl');
    const { answer } = await change(here, replace(live, '6432'), live);
    expect(answer).toMatchObject({ outcome: 'refused', kind: 'conflict' });
    expect(JSON.stringify(stored(here))).toContain('"1"');
  });

  test('a namesake of another uid is not deleted', async () => {
    const here = await watched();
    const live = made(here);
    here.simulator.cluster.store.remove('CiliumNetworkPolicy.cilium.io', 'shop', 'db');
    made(here);
    expect((await change(here, remove(live), live)).answer).toMatchObject({ outcome: 'refused', kind: 'conflict' });
    expect(stored(here)).toBeDefined();
  });
});

test('a rehearsal without the right names it as RBAC does', async () => {
  const here = await watched();
  const live = made(here);
  for (const verb of ['create', 'update', 'patch', 'delete'])
    here.simulator.faults.add({ id: 'forbidden', verb, resource: 'ciliumnetworkpolicies' });
  for (const [request, right] of [
    [create, 'create'],
    [replace(live, '6432'), 'update'],
    [remove(live), 'delete'],
    [{ ...replace(live, '1'), verb: 'patch' }, 'patch'],
  ] as const) {
    await expect(here.sources.asks.rehearse(request, signal)).rejects.toThrow(
      new RegExp(`No permission: ${right} ciliumnetworkpolicies. Ask for the right to ${right} ciliumnetworkpolicies`),
    );
  }
});

test('nobody listens there: nothing was sent, so nothing happened', { timeout: 30_000 }, async () => {
  const here = await watched();
  const live = made(here);
  const { asks } = here.sources;
  await asks.openWrites(60_000, rights, signal);
  const job = await asks.beginJob(jobOf(replace(live, '6432'), live));
  here.simulator.faults.add({ id: 'api-down' });
  await here.until('the server is gone', ({ links }) => links.get('pods')?.phase !== 'live', 20_000);
  const answer = await asks.sendWrite(job, replace(live, '6432'));
  const undo = await asks.endJob(job, 'refused', '');
  expect(answer).toMatchObject({
    outcome: 'refused',
    kind: 'unreachable',
    what: expect.stringMatching(/refuses connections\. Nothing was changed\./),
  });
  expect(undo).toBeUndefined();
  expect(here.snapshot().jobs.undo).toEqual([]);
});

describe('the answer is lost', () => {
  test.each(['create', 'replace', 'delete'] as const)(
    '%s: a reading shows that it was done; it is not sent again',
    async (verb) => {
      const here = await watched();
      const live = verb === 'create' ? undefined : made(here);
      const request =
        verb === 'create' ? create : verb === 'replace' ? replace(live ?? {}, '6432') : remove(live ?? {});
      here.simulator.faults.add({ id: 'write-lost', resource: 'ciliumnetworkpolicies' });
      const from = await here.mark();
      const { answer, undo } = await change(here, request, live ?? null);
      expect(answer).toMatchObject({ outcome: 'done', late: true });
      expect((await here.asked(from)).filter((one) => /^(CREATE|UPDATE|DELETE) ciliumn/.test(one))).toHaveLength(1);
      expect(undo).toBeDefined();
    },
  );

  test('a reading shows that nothing happened', { timeout: 30_000 }, async () => {
    const here = await watched();
    const live = made(here);
    here.simulator.faults.add({ id: 'hang-up', verb: 'update', resource: 'ciliumnetworkpolicies' });
    const { answer, undo } = await change(here, replace(live, '6432'), live);
    expect(answer).toMatchObject({
      outcome: 'refused',
      kind: 'lost',
      what: expect.stringMatching(/nothing has changed/),
    });
    // It could still arrive: nothing was done that could be taken back, but what was there is kept.
    expect(undo).toBeUndefined();
    expect(here.snapshot().jobs.undo).toMatchObject([{ verb: 'restore', object: { name: 'db' } }]);
  });

  test('somebody else changed it in between: ours can no longer be done', { timeout: 60_000 }, async () => {
    // The request falls into the hole, or comes when it is gone: what is found then is the same.
    cluster = await watchCluster({ config: { requestMs: 2_000 } });
    await cluster.allLive();
    const here = cluster;
    const live = made(here);
    here.simulator.faults.add({ id: 'black-hole', verb: 'update', resource: 'ciliumnetworkpolicies' });
    const changing = change(here, replace(live, '6432'), live);
    await here.until('is being changed', ({ jobs }) => jobs.running.length === 1);
    here.simulator.cluster.store.update({ ...live, spec: policy('1').spec } as never, 'kubectl');
    here.simulator.faults.clear();
    await expect(changing).resolves.toMatchObject({ answer: { outcome: 'refused', kind: 'conflict' } });
    expect(JSON.stringify(stored(here))).toContain('"1"');
  });

  test('and no reading is answered: it is not known, and what was there is kept', { timeout: 60_000 }, async () => {
    cluster = await watchCluster({ config: { requestMs: 1_000 } });
    await cluster.allLive();
    const live = made(cluster);
    cluster.simulator.faults.add({ id: 'hang-up', verb: 'update', resource: 'ciliumnetworkpolicies' });
    cluster.simulator.faults.add({ id: 'hang-up', verb: 'get', resource: 'ciliumnetworkpolicies' });
    const { answer, undo } = await change(cluster, replace(live, '6432'), live);
    expect(answer).toMatchObject({ outcome: 'unknown', what: expect.stringMatching(/may or may not have happened/) });
    expect(undo).toMatchObject({ verb: 'restore' });
    const kept = await cluster.sources.asks.undoRecord(undo?.id ?? '');
    expect(kept).toMatchObject({ before: { metadata: { name: 'db' } } });
    expect('after' in kept).toBe(false);
  });
});

describe('what is kept', () => {
  test('is not offered again while it is being taken back', async () => {
    const here = await watched();
    const { asks } = here.sources;
    const { undo } = await change(here, create);
    const live = stored(here) as RawObject;
    const uses = undo?.id ?? '';
    const job = await asks.beginJob(jobOf(remove(live), live, { title: 'undo', uses }));
    expect(here.snapshot().jobs).toMatchObject({ running: [{ title: 'undo' }], undo: [] });
    // Nothing came of it: it can be taken back as before.
    await asks.endJob(job, 'refused', '');
    expect(here.snapshot().jobs.undo).toMatchObject([{ id: uses }]);
  });

  test('the audit: two lines a request and one for the end, with who, where, what and hashes; nothing of the object itself', async () => {
    cluster = await watchCluster();
    await cluster.allLive();
    const folder = cluster.config.stateDir;
    await cluster.sources.asks.rehearse(create, signal);
    await change(cluster, create);
    const lines = readFileSync(join(folder, 'audit.ndjson'), 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { outcome: 'sending', user: 'admin', action: 'test', job: 1, before: '' },
      {
        outcome: 'done',
        context: 'admin',
        object: 'CiliumNetworkPolicy shop/db',
        request: 'POST /apis/cilium.io/v2/namespaces/shop/ciliumnetworkpolicies?fieldManager=ciliscope',
        after: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      },
      { about: 'end', outcome: 'verified', title: 'create CiliumNetworkPolicy shop/db' },
    ]);
    expect(lines.join('')).not.toMatch(/5432|Bearer|token/i);
    expect(statSync(join(folder, 'audit.ndjson')).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'undo')).mode & 0o777).toBe(0o700);
  });

  test('another program on the same state folder lists what can be taken back, of this cluster only', async () => {
    const here = await watched();
    const { undo } = await change(here, create);
    expect(here.snapshot().jobs.undo).toMatchObject([{ id: undo?.id, verb: 'delete' }]);
    expect(here.snapshot().jobs.done).toMatchObject([{ outcome: 'verified' }]);
    await here.sources.asks.useContext('reader');
    expect(here.snapshot().jobs.undo).toMatchObject([{ id: undo?.id }]);
    // What was done before is not told as if it were done where one looks now.
    expect(here.snapshot().jobs.done).toEqual([]);
  });
});
