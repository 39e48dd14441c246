import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
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
    expect(
      where(
        all.filter((s) =>
          /^(?:export )?const \w+(?::[^=]+)? = new (?:Map|Set|WeakMap)(?:<[^>]*(?:<[^>]*>)?>)?\(\);/m.test(s.text),
        ),
      ),
    ).toEqual([]);
  });

  it('no unfinished words in what ships', () => {
    expect(
      where(all.filter((s) => /\b(?:TODO|FIXME|XXX|HACK|not implemented|coming soon|stub)\b/i.test(s.text))),
    ).toEqual([]);
  });

  it('only main.ts ends the process', () => {
    expect(where(all.filter((s) => /\bprocess\.exit\(/.test(s.text) && s.path !== 'src/main.ts'))).toEqual([]);
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
            /^export const \w+: (?:Check|Command|Scenario|Runbook|Action|Query)\b/m.test(s.text),
        )
        .filter((s) => !list.imports.includes(s.path))
        .map((s) => `${s.path} is not in src/${folder}/index.ts`);
    });
    expect(missing).toEqual([]);
  });

  it('a check’s file name is its id', () => {
    const wrong = all
      .filter((s) => /^src\/checks\/[^/]+\//.test(s.path))
      .filter(
        (s) =>
          /: Check\b/.test(s.text) &&
          !s.text.includes(`id: '${s.path.slice('src/checks/'.length).replace(/\.ts$/, '')}'`),
      );
    expect(where(wrong)).toEqual([]);
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
