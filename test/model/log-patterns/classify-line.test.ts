import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { classifyLine, programOfContainer } from '../../../src/model/log-patterns/classify-line.ts';
import { logPatterns } from '../../../src/model/log-patterns/index.ts';
import type { LogProgram } from '../../../src/model/log-patterns/log-pattern.ts';
import { noise } from '../../../src/model/log-patterns/noise.ts';
import { readLogLine } from '../../../src/model/log-patterns/read-log-line.ts';
import { runbooks } from '../../../src/runbooks/index.ts';
import type { KubeObject } from '../../../src/simulator/cluster.ts';
import { createVoices } from '../../../src/simulator/voices/voices.ts';
import { live } from '../../simulator/scenarios/effects.ts';
import { ordinaryLine } from './ordinary-lines.ts';
import { writtenForms } from './written-forms.ts';

type Case = { pattern: string; program: LogProgram; level: string; lines: readonly string[] };
const cases = parse(readFileSync(new URL('lines.yaml', import.meta.url), 'utf8')) as Case[];
const source = parse(readFileSync(new URL('said.yaml', import.meta.url), 'utf8')) as {
  said: Record<string, [LogProgram, string, string, Record<string, unknown>][]>;
  lines: [number, LogProgram, string][];
};
const each = cases.flatMap(({ lines, ...rest }) => lines.map((line) => ({ ...rest, line })));

describe('a line of a log', () => {
  it.each(each)('is $pattern: $line', ({ pattern, program, level, line }) => {
    const found = classifyLine(line, program);
    expect(found?.pattern.id).toBe(pattern);
    expect(found?.level).toBe(level);
  });

  it.each(Object.entries(source.said))('of row %s is known, in every form in which it is written', (row, entries) => {
    for (const [program, level, message, fields] of entries) {
      for (const line of writtenForms(level, message, fields)) {
        const found = classifyLine(line, program);
        expect([found?.pattern.row, found?.level], line).toEqual([Number(row), level]);
      }
    }
  });

  it.each(source.lines)('of row %s is known as %s writes it: %s', (row, program, line) => {
    for (const before of ['', '2026-11-22T03:14:07.215630481Z ', '2026-11-22T03:14:07.215630481Z stderr F ']) {
      expect(classifyLine(before + line, program)?.pattern.row).toBe(row);
    }
  });

  it('that was cut is known by what is left of it', () => {
    const line = 'time=2026-11-22T03:14:07Z level=error msg="Failed to add PolicyMap key {Identity:1';
    expect(classifyLine(line, 'agent')).toMatchObject({ pattern: { id: 'policy-map-full' }, level: 'error' });
  });

  it.each([
    'Liveness probe failed: panic: runtime error: index out of range',
    'invalid metrics: the server could not find the requested resource (get pods.metrics.k8s.io)',
  ])('of an event that repeats what a container of somebody says is none: %s', (line) => {
    expect(classifyLine(line, 'kubelet')).toBeUndefined();
  });

  it('of every pattern is among these, with at least one of its substrings', () => {
    const text = each.map(({ line }) => line.replace(/\\+"/g, '"')).join('\n');
    for (const { id, substrings } of logPatterns) {
      expect(cases.map(({ pattern }) => pattern)).toContain(id);
      expect(
        substrings.some((substring) => text.includes(substring)),
        id,
      ).toBe(true);
    }
  });

  it('may be any of the 52 rows, and no id is there twice', () => {
    expect([...new Set(logPatterns.map(({ row }) => row))].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 52 }, (_, index) => index + 1),
    );
    expect(new Set(logPatterns.map(({ id }) => id)).size).toBe(logPatterns.length);
  });

  it.each(logPatterns)('of $id has a meaning and a next step that are one line each at 80 columns', (pattern) => {
    expect(pattern.meaning.length).toBeLessThan(78);
    expect(pattern.next.length).toBeLessThan(78);
  });

  it('leads to runbooks that there are', () => {
    const named = logPatterns.flatMap(({ runbook }) => runbook ?? []);
    expect(named.filter((id) => !runbooks.some((one) => one.id === id))).toEqual([]);
    expect(named.length).toBeGreaterThan(30);
  });

  it('of another program is none', () => {
    const line = 'level=info msg="Unable to update CiliumEndpointSlice in k8s-apiserver" error="conflict"';
    expect(classifyLine(line, 'operator')?.pattern.id).toBe('slice-write-failed');
    expect(classifyLine(line, 'agent')).toBeUndefined();
  });

  it.each(noise)('with "%s" is noise, whatever its error is', (text) => {
    const line = `time=2026-11-22T03:14:07Z level=warn msg="x ${text} x" error="the server could not find the requested resource"`;
    expect(classifyLine(line, 'agent')).toBeUndefined();
  });
});

describe('ordinary lines', () => {
  it('are none of them: what healthy programs of the simulator say, but for their announcements', async () => {
    const { store, now } = live('healthy', { churn: 0 });
    const voices = createVoices(
      store,
      () => now,
      () => [],
    );
    const said = new Map<string, string>();
    let count = 0;
    // One pod of each kind: the others of a kind say the same.
    const pods = new Map(
      store
        .list('Pod')
        .filter(isSystem)
        .map((pod) => [containersOf(pod).join(), pod]),
    );
    for (const pod of pods.values()) {
      for (const name of containersOf(pod)) {
        const options = { previous: false, follow: false, signal: new AbortController().signal };
        let left = linesEach;
        for await (const { line } of voices.log(pod, name, options) ?? []) {
          left -= 1;
          if (left < 0) break;
          count += 1;
          for (const program of programs) {
            const found = classifyLine(line, program);
            if (found !== undefined) said.set(found.pattern.id, line);
          }
        }
      }
    }
    expect(count).toBeGreaterThan(1_000);
    const announcements = ['cni-config-written', 'lease-taken', 'localhost-allowed', 'slice-limits'];
    for (const [id, line] of said) expect(announcements, line).toContain(id);
  });

  it('are none of them: 10,000 made by a grammar of healthy lines, in every form', () => {
    const found: string[] = [];
    for (let turn = 0; turn < 10_000; turn++) {
      const line = ordinaryLine(turn);
      for (const program of programs) if (classifyLine(line, program) !== undefined) found.push(`${program}: ${line}`);
    }
    expect(found).toEqual([]);
  });
});

it('a line as long as lines may be takes no longer to read than it is long', () => {
  const began = process.cpuUsage().user;
  for (const tail of ['a', '\\', '\\"'])
    for (const head of ['level=error msg=', 'ERROR ', '{"msg":"']) readLogLine(`${head}${tail.repeat(60_000)} x`);
  expect((process.cpuUsage().user - began) / 1e6).toBeLessThan(2);
});

it('a container’s log is that of its program', () => {
  expect(programOfContainer('cilium-agent')).toBe('agent');
  expect(programOfContainer('mount-bpf-fs')).toBe('init');
  expect(programOfContainer('cilium-operator-generic')).toBe('operator');
  expect(programOfContainer('nginx')).toBeUndefined();
});

/** What programs say while they start, and some of what they say again and again. */
const linesEach = 300;

function isSystem({ metadata }: KubeObject): boolean {
  return metadata.namespace === 'kube-system';
}

function containersOf({ spec }: KubeObject): string[] {
  const { containers = [], initContainers = [] } = spec as Record<string, { name: string }[]>;
  return [...initContainers, ...containers].map(({ name }) => name);
}

const programs: readonly LogProgram[] = [
  'agent',
  'operator',
  'cni',
  'azure-ipam',
  'cns',
  'kubelet',
  'envoy',
  'relay',
  'init',
];
