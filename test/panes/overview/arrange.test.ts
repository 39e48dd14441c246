import { expect, it } from 'vitest';
import { arrange } from '../../../src/panes/overview/arrange.ts';
import { span, spansText } from '../../../src/panes/spans.ts';
import { createTheme } from '../../../src/ui/theme.ts';

const { glyphs } = createTheme({ ascii: false, colour: false });
const block = (title: string) => ({ id: title, title: [span(title)], want: 0, least: 0, sick: false, draw: () => [] });
const titles = (left: string, columns: number) =>
  arrange([[block(left), block('4 Policies')]], columns, 1, glyphs)
    .flatMap(({ parts }) => parts.map(({ spans }) => spansText(spans)))
    .join('');

it.each(['3 Slices', '3 Endpoint slice', '3 Endpoint slices', '3 Endpoint slices forbidden: list them'])(
  'the title %s does not touch the rule of the next block',
  (title) => {
    const drawn = titles(title, 40);
    expect(drawn).toHaveLength(40);
    expect(drawn).toMatch(/^── 3 [^─]*[^─ ] ─+ 4 Policies ─+$/);
  },
);
