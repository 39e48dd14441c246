import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checks } from '../../src/checks/index.ts';
import { runbooks } from '../../src/runbooks/index.ts';
import { sources } from './sources.ts';

const all = sources();
const where = (list: readonly { path: string }[]) => list.map((source) => source.path);

describe('the house rules', () => {
  it('no file over 400 lines', () => {
    expect(
      all.filter((s) => s.text.split('\n').length > 401).map((s) => `${s.path} ${s.text.split('\n').length}`),
    ).toEqual([]);
  });

  it('no drawers', () => {
    const drawer =
      /\/(utils?|helpers?|common|lib|services?|managers?|hooks|components|contexts|types|constants)(\/|\.tsx?$)/;
    // The kubeconfig's contexts are a thing of the domain, not React's.
    expect(where(all.filter((s) => drawer.test(s.path) && !s.path.startsWith('src/panes/contexts/')))).toEqual([]);
  });

  it('no vague names', () => {
    const vague = /\b(?:class|function|const|type|interface)\s+\w*(?:Manager|Handler|Helper|Util|Utils|Impl)\b/;
    expect(where(all.filter((s) => vague.test(s.text)))).toEqual([]);
  });

  it('files are kebab-case.ts or PascalCase.tsx', () => {
    const name = /\/(?:[a-z0-9]+(?:-[a-z0-9]+)*\.tsx?|[A-Z][A-Za-z0-9]*\.tsx)$/;
    expect(where(all.filter((s) => !name.test(s.path)))).toEqual([]);
  });

  it('named exports only, no enums, no classes but errors', () => {
    expect(where(all.filter((s) => /^export default\b/m.test(s.text)))).toEqual([]);
    expect(where(all.filter((s) => /^(?:export )?(?:const )?enum\b/m.test(s.text)))).toEqual([]);
    expect(
      where(
        all.filter((s) => /^(?:export )?(?:abstract )?class (?!\w+ extends (?:\w*Error|Component)\b)/m.test(s.text)),
      ),
    ).toEqual([]);
  });

  it('no module-level mutable state', () => {
    expect(where(all.filter((s) => /^(?:export )?(?:let|var) /m.test(s.text)))).toEqual([]);
    // Made empty, it can only be meant to be filled.
    const empty =
      /^(?:export )?const \w+(?:(?:: (?!readonly |Readonly)[^=]+)? = (?:new (?:Map|Set|WeakMap|WeakSet)(?:<[^()]*>)?\((?:\[\])?\)|\[\])|: Record<[^=]+ = \{\});/m;
    expect(where(all.filter((s) => empty.test(s.text)))).toEqual([]);
    // Made full and changed all the same.
    const changed = all.flatMap((s) =>
      [...s.text.matchAll(/^(?:export )?const (\w+)(?::[^=\n]+)? = (?:new (?:Map|Set|WeakMap|WeakSet)\b|\[|\{)/gm)]
        .filter(([, name]) =>
          new RegExp(
            `(?<![\\w.])${name}(?:\\.(?:set|add|delete|clear|push|pop|shift|unshift|splice|sort|reverse)\\(|\\[[^\\]]+\\] = |\\.\\w+ = )`,
          ).test(s.text),
        )
        .map(([, name]) => `${s.path} ${name}`),
    );
    expect(changed).toEqual([]);
  });

  it('no unfinished words in what ships', () => {
    expect(
      where(all.filter((s) => /\b(?:TODO|FIXME|XXX|HACK|not implemented|coming soon|stub)\b/i.test(s.text))),
    ).toEqual([]);
  });

  it('only main.ts ends the process, and worker.ts its own thread', () => {
    const ending = where(all.filter((s) => /\bprocess\.exit\(/.test(s.text)));
    expect(ending.filter((path) => !['src/main.ts', 'src/worker.ts'].includes(path))).toEqual([]);
  });

  it('one reader of keys: Ink’s useInput is not used', () => {
    expect(where(all.filter((s) => /\buse(?:Input|Stdin|Paste)\b/.test(s.text)))).toEqual([]);
  });

  it('the toolkit has no word of the domain', () => {
    const domain = /kube|cilium|\bpods?\b|\bnodes?\b(?!:)|azure|\baks\b|namespace/i;
    const ui = all.filter((s) => s.path.startsWith('src/ui/'));
    const spoken = ui.filter((s) =>
      domain.test(
        s.text.replace(/['"]node:[a-z/]+['"]/g, '').replace(/\b(?:ReactNode|nodeType|Node\.js|NodeJS)\b/g, ''),
      ),
    );
    expect(where(spoken)).toEqual([]);
  });

  it('every file of a list folder is in its list, under its own name', () => {
    const lists = ['checks', 'runbooks', 'actions', 'queries', 'commands', 'simulator/scenarios'];
    const missing = lists.flatMap((folder) => {
      const list = all.find((s) => s.path === `src/${folder}/index.ts`);
      if (!list) return [];
      return all
        .filter(
          (s) =>
            s.path.startsWith(`src/${folder}/`) &&
            /^export const \w+(?:: (?:Check|Command|Scenario|Runbook|Action|SavedQuery)\b| = \w+Check\()/m.test(s.text),
        )
        .filter((s) => !list.imports.includes(s.path))
        .map((s) => `${s.path} is not in src/${folder}/index.ts`);
    });
    expect(missing).toEqual([]);
  });

  it('every pane and every family of faults is in its list', () => {
    const missing = (list: string, entry: (path: string) => boolean) => {
      const imports = all.find((s) => s.path === list)?.imports ?? [];
      return where(all.filter((s) => entry(s.path) && !imports.includes(s.path)));
    };
    expect(missing('src/panes/index.ts', (path) => /^src\/panes\/[^/]+\/index\.ts$/.test(path))).toEqual([]);
    const faults = all.filter(
      (s) => s.path.startsWith('src/simulator/faults/') && /^export const \w+: readonly Fault\[\]/m.test(s.text),
    );
    expect(faults.length).toBeGreaterThan(1);
    expect(
      missing('src/simulator/faults/index.ts', (path) => !path.endsWith('/index.ts') && where(faults).includes(path)),
    ).toEqual([]);
  });

  it('only actions change the world: nobody else names what begins, sends or rehearses a change', () => {
    const naming = where(all.filter((s) => /\b(?:sendWrite|beginJob|endJob|rehearse)\b/.test(s.text)));
    const roads =
      /^src\/(?:actions\/|sources\/(?:write-jobs|kubernetes\/writes)\.ts|model\/writes?(?:-jobs)?\.ts|state\/across-threads\.ts)/;
    expect(naming.filter((path) => !roads.test(path))).toEqual([]);
    expect(naming.length).toBeGreaterThan(4);
    // What the request says of itself is data, and is drawn.
    const senders = all.filter((s) => s.imports.includes('src/sources/kubernetes/writes.ts'));
    expect(where(senders)).toEqual(['src/sources/write-jobs.ts']);
    const methods = where(all.filter((s) => /method: '(?:PUT|PATCH|DELETE)'/.test(s.text)));
    expect(methods.filter((path) => !path.startsWith('src/simulator/'))).toEqual(['src/sources/azure/put-rules.ts']);
    // ARM: one file sends, one sees to it that it is sent once, and two begin it: a command after asking, a job behind the gate.
    const importing = (path: string) => where(all.filter((s) => s.imports.includes(path)));
    expect(importing('src/sources/azure/cluster-put.ts')).toEqual(['src/sources/azure/cluster-operations.ts']);
    expect(importing('src/sources/azure/put-rules.ts')).toEqual(['src/commands/plan/apply-plan.ts']);
    expect(importing('src/sources/azure/cluster-operations.ts').toSorted()).toEqual([
      'src/commands/plan/apply-plan.ts',
      'src/sources/azure/deployments.ts',
      'src/sources/azure/operation-audit.ts',
    ]);
  });

  it('what is exported is used: by its own file or another, not by tests alone', () => {
    const readers = [...all, ...sources('bench'), ...sources('docs')];
    // The roots are started from outside.
    const unused = all
      .filter((s) => !['src/main.ts', 'src/worker.ts', 'src/kql.ts'].includes(s.path))
      .flatMap((s) => {
        const own = wordsOf(s.text);
        const importers = readers.filter((reader) => reader.imports.includes(s.path)).map(({ text }) => asked(text));
        return [...s.text.matchAll(/^export (?:async )?(?:const|function\*?|class|type|interface) (\w+)/gm)]
          .filter(([, name = '']) => (own.get(name) ?? 0) < 2 && !importers.some((names) => names.has(name)))
          .map(([, name]) => `${s.path} ${name}`);
      });
    expect(unused).toEqual([]);
  });

  it('a check’s file name is its id', () => {
    const text = (path: string) => all.find((s) => s.path === `src/checks/${path}.ts`)?.text ?? '';
    const listed = [...text('index').matchAll(/from '\.\/([^']+\/[^']+)\.ts'/g)].map(([, path = '']) => path);
    expect(listed.length).toBeGreaterThan(0);
    expect(listed.filter((path) => !text(path).includes(`id: '${path}'`))).toEqual([]);
  });

  it('a runbook’s file name is its id, its steps’ ids are its own, and what leads to it is a check', () => {
    const text = (id: string) => all.find((s) => s.path === `src/runbooks/${id}.ts`)?.text ?? '';
    expect(runbooks.filter(({ id }) => !text(id).includes(`id: '${id}'`)).map(({ id }) => id)).toEqual([]);
    expect(new Set(runbooks.map(({ id }) => id)).size).toBe(runbooks.length);
    const known = new Set(checks.map(({ id }) => id));
    for (const { id, steps, from } of runbooks) {
      expect({ id, twice: steps.filter((step, at) => steps.findIndex((one) => one.id === step.id) !== at) }).toEqual({
        ...{ id, twice: [] },
      });
      expect({ id, decides: steps.some((step) => step.type === 'look' && step.decides) }).toEqual({
        id,
        decides: true,
      });
      expect({ id, unknown: from.filter((check) => !known.has(check)) }).toEqual({ id, unknown: [] });
    }
  });

  it('tests never read what lies outside the checkout', () => {
    const tests = sources('test').filter((s) => !s.path.startsWith('test/house/'));
    expect(where(tests.filter((s) => s.text.includes('../shared')))).toEqual([]);
  });

  it('no machine path and no registry host in what is committed', () => {
    const files = ['README.md', 'CONTRIBUTING.md', 'package.json', 'package-lock.json', '.ci/run'].concat(
      readdirSync('docs', { recursive: true, encoding: 'utf8' })
        .filter((f) => f.endsWith('.md'))
        .map((f) => `docs/${f}`),
    );
    expect(files.filter((file) => /\/work\/|\/root\/|https?:\/\/registry\./.test(readFileSync(file, 'utf8')))).toEqual(
      [],
    );
    expect(
      where(
        [...all, ...sources('test')].filter(
          (s) => !s.path.startsWith('test/house/') && /["'`]\/(?:work|root)\//.test(s.text),
        ),
      ),
    ).toEqual([]);
  });
});

/** What a file imports by name; of one that imports a module whole or on demand, every word. */
function asked(text: string): ReadonlySet<string> {
  if (/\bimport\(|\* as /.test(text)) return new Set(wordsOf(text).keys());
  const clauses = [...text.matchAll(/\{([^{}]*)\}\s*from\b/g)].map(([, clause = '']) => clause);
  return new Set(clauses.flatMap((clause) => clause.match(/\w+/g) ?? []));
}

/** Every name of the code, and how often. */
function wordsOf(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  for (const [word] of code.matchAll(/[A-Za-z_$][\w$]*/g)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
