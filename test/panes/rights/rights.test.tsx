import { describe, expect, it } from 'vitest';
import type { HeldRight } from '../../../src/model/needed-right.ts';
import { rightsPage } from '../../../src/panes/rights/rights-page.ts';
import { spansText } from '../../../src/panes/spans.ts';
import { createTheme } from '../../../src/ui/theme.ts';

const { glyphs } = createTheme({ ascii: false, colour: false });
const right = (more: Partial<HeldRight>): HeldRight => ({
  ...{ feature: 'view', verbs: ['get', 'list', 'watch'], group: '', plural: 'pods', subresource: '', namespace: '' },
  ...{ source: 'pods', missing: [], here: [] },
  ...more,
});
const restart = { title: 'restart an agent', rights: [{ verb: 'delete' as const, group: '', plural: 'pods' }] };
const page = (...held: readonly HeldRight[]) =>
  rightsPage({ held, namespace: 'shop', user: 'jane' }, [restart], { columns: 79, glyphs })
    .map(({ spans }) => spansText(spans).trimEnd())
    .join('\n');

describe('the page of rights', () => {
  it('says for each pane and each change which verb is missing', () => {
    const text = page(
      right({}),
      right({ plural: 'nodes', source: 'nodes', missing: ['list', 'watch'] }),
      right({ feature: 'exec', plural: 'pods', subresource: 'exec', namespace: 'kube-system', missing: ['get'] }),
      right({ feature: 'write', verbs: ['delete'], missing: ['delete'] }),
    );
    expect(text).toMatch(/2 Agents +● may/);
    expect(text).toMatch(/1 Cluster +✖ missing\n +missing: list\/watch nodes/);
    expect(text).toMatch(/Commands in agents +✖ missing\n +missing: get pods\/exec in kube-system/);
    expect(text).toMatch(/restart an agent +✖ missing\n +missing: delete pods/);
  });

  it('says what one may in one namespace alone', () => {
    expect(page(right({ here: ['list', 'watch'] }))).toMatch(
      /2 Agents +▲ in shop only\n +in shop only: list\/watch pods/,
    );
  });
});
