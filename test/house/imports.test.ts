import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Source, sources } from './sources.ts';

// The import table of docs/architecture.md. A room may import itself, what stands beside it, and nothing else of ours.
const MAY: Record<string, readonly string[]> = {
  errors: [],
  config: ['errors'],
  model: [],
  checks: ['model'],
  queries: ['model', 'errors'],
  state: ['model', 'errors'],
  actions: ['model', 'errors'],
  runbooks: ['model', 'checks', 'queries', 'actions', 'errors'],
  kusto: ['model'],
  kql: ['kusto'],
  // The audit log is asked now and then with a saved query.
  sources: ['model', 'config', 'errors', 'kusto', 'queries'],
  simulator: ['model', 'config', 'errors', 'kusto'],
  ui: [],
  panes: ['model', 'checks', 'queries', 'state', 'actions', 'runbooks', 'ui', 'errors'],
  commands: [
    'errors',
    'config',
    'model',
    'checks',
    'queries',
    'state',
    'actions',
    'runbooks',
    'sources',
    'simulator',
    'kusto',
    'ui',
    'panes',
  ],
  main: ['commands', 'config', 'errors'],
  worker: ['sources', 'state', 'model', 'checks', 'runbooks', 'config', 'errors'],
};
const SOCKETS = /^(node:)?(net|tls|http|https|http2|dgram|undici|ws|@kubernetes\/client-node)$/;

const all = sources();
const own = (source: Source) => source.imports.filter((path) => path.startsWith('src/'));
const room = (path: string) => (path.split('/')[1] ?? '').replace(/\.tsx?$/, '');

describe('imports', () => {
  it('follow the table', () => {
    const broken = all.flatMap((source) =>
      own(source)
        .filter((path) => room(path) !== room(source.path) && !(MAY[room(source.path)] ?? []).includes(room(path)))
        .map((path) => `${source.path} → ${path}`),
    );
    expect(broken).toEqual([]);
  });

  it('name files that are there', () => {
    expect(
      all.flatMap((source) =>
        own(source)
          .filter((path) => !existsSync(path))
          .map((path) => `${source.path} → ${path}`),
      ),
    ).toEqual([]);
  });

  it('have no cycles', () => {
    expect(cycles(new Map(all.map((source) => [source.path, own(source)])))).toEqual([]);
  });

  it('keep panes apart: a pane imports no other pane', () => {
    const paneOf = (path: string) => /^src\/panes\/([^/]+)\//.exec(path)?.[1];
    const broken = all.flatMap((source) => {
      const pane = paneOf(source.path);
      return pane
        ? own(source)
            .filter((path) => (paneOf(path) ?? pane) !== pane)
            .map((path) => `${source.path} → ${path}`)
        : [];
    });
    expect(broken).toEqual([]);
  });

  it('open sockets only in sources and simulator', () => {
    const broken = all.filter(
      (s) => !['sources', 'simulator'].includes(room(s.path)) && s.imports.some((i) => SOCKETS.test(i)),
    );
    expect(broken.map((source) => source.path)).toEqual([]);
  });

  it("name Azure's packages as types, or load them when they are first needed", () => {
    const early = all.filter((s) => /^import (?!type\b)[^;]*?from '@azure\//m.test(s.text));
    expect(early.map((source) => source.path)).toEqual([]);
  });

  it('know of the simulator only in commands', () => {
    const broken = all.filter(
      (s) => !['commands', 'simulator'].includes(room(s.path)) && own(s).some((i) => room(i) === 'simulator'),
    );
    expect(broken.map((source) => source.path)).toEqual([]);
  });

  it('keep from the thread that draws what reads an answer of an agent, runs a runbook, or takes secrets out', () => {
    const byPath = new Map(all.map((source) => [source.path, source]));
    const from = (path: string): boolean =>
      /^src\/(panes|ui)\//.test(path) || /^src\/commands\/(open-console|handing-over-words)\.tsx?$/.test(path);
    const drawing = new Set(all.map(({ path }) => path).filter(from));
    // Not the worker's own: what is only started from there is another thread.
    for (const path of drawing)
      for (const next of own(byPath.get(path) as Source)) if (byPath.has(next)) drawing.add(next);
    const kept =
      /^src\/(model\/(agent-says\/(?!agent-says\.ts|drop-codes\.ts)|redaction\/)|runbooks\/(run|answer-runbook)\.ts|sources\/(ask-agents|truth-check)\.ts)/;
    expect([...drawing].filter((path) => kept.test(path))).toEqual([]);
    expect(drawing.has('src/panes/drops/DropsScreen.tsx') && drawing.has('src/runbooks/index.ts')).toBe(true);
  });

  it('start the worker only from commands', () => {
    expect(all.filter((s) => /new Worker\(/.test(s.text) && room(s.path) !== 'commands').map((s) => s.path)).toEqual(
      [],
    );
  });
});

function cycles(graph: Map<string, string[]>): string[] {
  const found: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const visit = (path: string, trail: string[]): void => {
    if (state.get(path) === 'done') return;
    if (state.get(path) === 'open') {
      found.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
      return;
    }
    state.set(path, 'open');
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
    state.set(path, 'done');
  };
  for (const path of graph.keys()) visit(path, []);
  return found;
}
