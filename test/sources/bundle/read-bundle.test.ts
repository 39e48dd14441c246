import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';
import { afterAll, describe, expect, it } from 'vitest';
import { createChecks } from '../../../src/checks/run.ts';
import { readBundle } from '../../../src/sources/bundle/read-bundle.ts';

const folder = mkdtempSync(join(tmpdir(), 'ciliscope-hostile-'));
afterAll(() => rmSync(folder, { recursive: true }));

type File = Partial<Header> & { text?: string | Buffer };
const inside = 'ciliscope-bundle';
const manifest = { name: `${inside}/manifest.json`, text: '{"format":1,"takenAt":"2026-11-22T12:00:00Z","gaps":[]}' };

/** Archives that are not ours, or were ours before somebody laid hands on them; each is refused with one sentence. */
const hostile: readonly [string, () => Promise<Buffer> | Buffer, RegExp][] = [
  [
    'a path that leads out',
    () => archive([{ name: `${inside}/../../etc/passwd`, text: 'x' }]),
    /holds a file outside its folder/,
  ],
  ['an absolute path', () => archive([{ name: '/etc/passwd', text: 'x' }]), /holds a file outside its folder/],
  ['a path of Windows', () => archive([{ name: `${inside}/..\\..\\x`, text: 'x' }]), /holds a file outside its folder/],
  ['an archive of something else', () => archive([{ name: 'src/main.ts', text: 'x' }]), /holds nothing of a bundle/],
  ['a zip', () => Buffer.from('PK\x03\x04 and so on'), /is packed in another way than as tar\.gz or tar/],
  ['a device', () => archive([{ name: `${inside}/x`, type: 'fifo' }]), /holds a fifo, which no bundle does/],
  [
    'a name without end',
    () => archive([{ name: `${inside}/${'n'.repeat(3_000_000)}`, text: 'x' }]),
    /cannot be unpacked|no manifest|nothing of a bundle/,
  ],
  [
    'a link',
    () => archive([{ name: `${inside}/manifest.json`, type: 'symlink', linkname: '/etc/shadow' }]),
    /holds a symlink, which no bundle does/,
  ],
  [
    'a hard link',
    () => archive([{ name: `${inside}/x`, type: 'link', linkname: '/etc/shadow' }]),
    /holds a link, which no bundle does/,
  ],
  [
    'a bomb',
    () =>
      archive(
        Array.from({ length: 3 }, (_, at) => ({ name: `${inside}/logs/${at}`, text: Buffer.alloc(64 * 1024 ** 2) })),
      ),
    /unpacks to more than any bundle/,
  ],
  ['nothing', () => Buffer.alloc(0), /broke off before its end|cannot be unpacked/],
  [
    'what is no gzip',
    () => Buffer.from('hello, this is no archive'),
    /cannot be unpacked \(it is no gzip, or damaged\)/,
  ],
  ['what is no tar', () => gzipSync(Buffer.from('hello, this is no archive'.repeat(100))), /cannot be unpacked/],
  [
    'a copy that broke off',
    async () => (await archive([{ name: `${inside}/x`, text: noise(200_000) }, manifest])).subarray(0, 90_000),
    /cannot be unpacked \(it ends too early\)/,
  ],
  [
    'no manifest',
    () => archive([{ name: `${inside}/session.json`, text: '{}' }]),
    /broke off before its end: it has no manifest/,
  ],
  [
    'another format',
    () =>
      archive([
        { name: `${inside}/session.json`, text: '{}' },
        { ...manifest, text: '{"format":99}' },
      ]),
    /of a format that this version does not read/,
  ],
  [
    'no JSON',
    () => archive([{ name: `${inside}/objects/pods/1-00001.ndjson`, text: '{"a":\n' }]),
    /holds what is no JSON: objects\/pods\/1-00001\.ndjson/,
  ],
  [
    'no objects',
    () => archive([{ name: `${inside}/objects/pods/1-00001.ndjson`, text: '[1]\n' }]),
    /holds what is no object/,
  ],
  [
    'a session that makes no sense',
    () => archive([{ name: `${inside}/session.json`, text: '{"links":5}' }, manifest]),
    /makes no sense/,
  ],
  [
    'an endless nest',
    () => archive([{ name: `${inside}/session.json`, text: `${'['.repeat(200_000)}${']'.repeat(200_000)}` }, manifest]),
    /makes no sense/,
  ],
];

describe('readBundle', () => {
  it.each(hostile)('refuses %s with one sentence', async (name, make, said) => {
    const file = join(folder, `${name.replaceAll(' ', '-')}.tgz`);
    writeFileSync(file, await make());
    const error = await readBundle(file, judgeOf).then(
      () => undefined,
      (thrown: unknown) => thrown as Error & { what?: string },
    );
    expect(error?.name).toBe('UserError');
    expect(error?.message).toMatch(said);
    expect(error?.message).not.toMatch(/[\x00-\x1f]/);
  });

  it('says so of a file that is not there, and of a folder', async () => {
    await expect(readBundle(join(folder, 'nowhere'), judgeOf)).rejects.toThrow(/There is no file/);
    await expect(readBundle(folder, judgeOf)).rejects.toThrow(/is no file/);
  });

  it('takes nothing from a bundle to the terminal that would steer it', async () => {
    const file = join(folder, 'steers.tgz');
    const link = { phase: 'failed', heard: 0, problem: 'x\x1b]52;c;aGk=\x07y' };
    const session = {
      cluster: { context: '\x1b[2Jevil' },
      links: [['pods', link]],
      facts: [],
      churn: {},
      timeline: {},
      judgedAt: [1],
      settleMs: 5,
    };
    writeFileSync(file, await archive([{ name: `${inside}/session.json`, text: JSON.stringify(session) }, manifest]));
    const { snapshot } = await readBundle(file, () => ({ judge: () => nothing, unvouched: () => [] }));
    expect(snapshot.cluster.context).toBe('^[[2Jevil');
    expect(snapshot.links.get('pods')?.problem).not.toMatch(/[\x00-\x1f]/);
  });
});

const judgeOf = (standMs: number) => createChecks({ standMs, everyLook: true });
const nothing = {
  findings: [],
  notLookedAt: [],
  notAsked: [],
  looked: 0,
  of: 0,
  waiting: [],
  cleared: [],
  since: 0,
  at: 0,
};

function archive(files: readonly File[]): Promise<Buffer> {
  const tar = pack();
  for (const { text = '', ...header } of files) tar.entry({ name: '', ...header }, text);
  tar.finalize();
  return buffer(tar as unknown as NodeJS.ReadableStream as never).then((bytes) => gzipSync(bytes as Buffer));
}

function noise(length: number): string {
  let state = 1;
  return Array.from({ length }, () => {
    state = (state * 48271) % 2147483647;
    return String.fromCharCode(32 + (state % 90));
  }).join('');
}
