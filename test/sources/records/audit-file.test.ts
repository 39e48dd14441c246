import { execFile, execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AuditEntry } from '../../../src/model/audit.ts';
import { verifyChain } from '../../../src/sources/records/audit-chain.ts';
import { audit, auditLines } from '../../../src/sources/records/audit-file.ts';

let state: string;
let file: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'ciliscope-audit-'));
  file = join(state, 'audit.ndjson');
});
afterEach(() => rmSync(state, { recursive: true, force: true }));

const entry = (job: number): AuditEntry => ({
  ...{ time: '2026-11-22T10:00:00Z', session: 'a', job, context: 'admin', server: 'https://one', user: 'jane' },
  ...{ action: 'delete-policy', object: 'CiliumNetworkPolicy shop/db', request: 'DELETE /', outcome: 'sending' },
});
const write = (count: number) => {
  for (let job = 1; job <= count; job += 1) audit(state, entry(job));
};
const lines = () => readFileSync(file, 'utf8').trimEnd().split('\n');
const verified = () => verifyChain(auditLines(file));

describe('the chain', () => {
  it('is whole as it is written, and ends in the hash of its last line', () => {
    write(5);
    expect(verified()).toMatchObject({ lines: 5, broken: undefined, unchained: 0, cut: 0, goesOn: false });
    expect(verified().head).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it.each<[string, (all: string[]) => string[], number]>([
    ['a changed line', (all) => all.with(2, (all[2] as string).replace('jane', 'john')), 4],
    ['a line taken out', (all) => all.toSpliced(2, 1), 3],
    ['lines put in', (all) => all.toSpliced(3, 0, all[0] as string), 4],
    ['lines in another order', (all) => all.with(2, all[3] as string).with(3, all[2] as string), 3],
    ['a line without its hash', (all) => all.with(4, '{"time":"2026-11-22T10:00:00Z"}'), 5],
    ['a line that is no longer one', (all) => all.with(1, 'x'), 2],
    ['what was written at its end by somebody else', (all) => [...all, 'hello world'], 7],
    ['an empty line at its end', (all) => [...all, ''], 7],
  ])('is broken by %s, and says where', (_, change, line) => {
    write(6);
    writeFileSync(file, `${change(lines()).join('\n')}\n`);
    expect(verified().broken).toMatchObject({ file: 'audit.ndjson', line });
  });

  it('goes on over lines of before there was a chain, and none may follow it', () => {
    writeFileSync(file, `${JSON.stringify(entry(1))}\n`);
    write(2);
    expect(verified()).toMatchObject({ lines: 3, unchained: 1, broken: undefined });
  });

  it('takes in a line that was cut off while it was written', () => {
    write(2);
    appendFileSync(file, '{"prev":"sha256:12');
    write(2);
    expect(verified()).toMatchObject({ lines: 5, cut: 1, broken: undefined });
  });

  it('does not take in what others wrote, even where lines of ours follow it', () => {
    write(2);
    appendFileSync(file, 'hello world');
    write(2);
    expect(verified()).toMatchObject({ lines: 5, cut: 0, broken: { line: 3 } });
  });

  it('goes on over files that were put aside, of which nine are kept', () => {
    for (let number = 1; number <= 9; number += 1) writeFileSync(`${file}.${number}`, '');
    for (let round = 1; round <= 2; round += 1) {
      write(3);
      const all = lines();
      writeFileSync(file, `${[...all.slice(0, -1), (all.at(-1) as string).padEnd(10_000_000)].join('\n')}\n`);
    }
    write(1);
    expect(readdirSync(state)).toHaveLength(10);
    expect(lines()).toHaveLength(1);
    expect(verified()).toMatchObject({ lines: 7, broken: undefined, goesOn: false });
    rmSync(`${file}.2`);
    expect(verified()).toMatchObject({ lines: 4, broken: undefined, goesOn: true });
    writeFileSync(`${file}.1`, readFileSync(`${file}.1`, 'utf8').replace('jane', 'john'));
    expect(verified().broken).toMatchObject({ file: 'audit.ndjson.1', line: 2 });
  });

  it('is one for several programs at once, and outlives one that died with the lock', async () => {
    const dead = execFile(process.execPath, ['-e', '']);
    await new Promise((resolve) => dead.on('exit', resolve));
    writeFileSync(`${file}.lock`, `${hostname()} ${dead.pid}`);
    const program = join(import.meta.dirname, 'append-audit.ts');
    const names = ['one', 'two', 'three'];
    await Promise.all(names.map((name) => promisify(execFile)(process.execPath, [program, state, name, '40'])));
    expect(verified()).toMatchObject({ lines: 120, broken: undefined });
    const sessions = lines().map((line) => JSON.parse(line).session);
    expect(names.map((name) => sessions.filter((one) => one === name).length)).toEqual([40, 40, 40]);
    expect(readdirSync(state)).toEqual(['audit.ndjson']);
  }, 30_000);

  it.each<[string, () => void, RegExp]>([
    ['a link', () => symlinkSync(join(state, 'elsewhere'), file), /ELOOP|symbolic/],
    ['a link to nothing', () => symlinkSync('/nonexistent/elsewhere', file), /ELOOP|symbolic/],
    ['a folder', () => mkdirSync(file), /EISDIR|no plain file/],
    ['a pipe that nobody reads', () => execFileSync('mkfifo', [file]), /ENXIO|no plain file/],
  ])('is not written where %s stands in its place, and leaves no lock behind', (_, place, words) => {
    place();
    expect(() => audit(state, entry(1))).toThrow(words);
    expect(readdirSync(state)).toEqual(['audit.ndjson']);
  });

  it('is made private where somebody was less careful', () => {
    writeFileSync(file, '', { mode: 0o666 });
    write(1);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('is not written while another program holds the lock, though our clock be ahead of what dates the files, and says who', () => {
    writeFileSync(`${file}.lock`, `${hostname()} ${process.pid}`);
    const real = Date.now;
    vi.spyOn(Date, 'now').mockImplementation(() => real() + 60_000);
    try {
      expect(() => write(1)).toThrow(`is held by another program (${hostname()} ${process.pid})`);
    } finally {
      vi.restoreAllMocks();
    }
    expect(readdirSync(state)).toEqual(['audit.ndjson.lock']);
  });
});
