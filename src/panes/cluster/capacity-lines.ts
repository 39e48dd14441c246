import { addresses, identities, slopeText } from '../../model/capacity.ts';
import type { SourceId } from '../../model/link.ts';
import { sliceFill } from '../../model/slices.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { number } from '../../ui/text.ts';
import type { Span, Theme } from '../../ui/theme.ts';
import { meter } from '../../ui/widgets/charts.ts';
import type { Page } from '../page.ts';
import { linkState } from '../pane-state.ts';
import { span } from '../spans.ts';
import { agentView } from '../views.ts';
import { percent } from '../vitals.ts';

/** Identities, addresses and slices against what there can be, and when they are full where there is a slope. */
export function capacityLines(page: Page, snapshot: Snapshot, theme: Theme, now: number): void {
  page.section('Capacity');
  // A count of rows that are not all there is no capacity.
  const counted = (name: string, source: SourceId, draw: () => void) => {
    const state = linkState(source, snapshot.links.get(source), 1, now);
    if (state.phase === 'live' || state.phase === 'stale') draw();
    else page.field(name, [span(state.text, state.tone)]);
  };
  counted('identities', 'ciliumIdentities', () => identityLine(page, snapshot, theme));
  counted('addresses', 'ciliumEndpoints', () => addressLines(page, snapshot, theme));
  counted('slices', 'ciliumEndpointSlices', () => {
    const fill = sliceFill(snapshot);
    const fullest = ` · fullest ${number(fill.fullest)} of ${number(fill.most)}, ${number(fill.full)} full`;
    page.field(
      'slices',
      [span(`${number(fill.slices)} for ${number(fill.endpoints)} endpoints`), span(fullest, 'dim')],
      {
        target: { pane: 'endpoints' },
      },
    );
  });
}

function identityLine(page: Page, snapshot: Snapshot, theme: Theme): void {
  const { share, used, most, slope } = identities(snapshot);
  const growth = slopeText(slope);
  page.field('identities', [
    ...bar(theme, share),
    span(` ${number(used)} of ${number(most)}`),
    span(growth === '' ? '' : ` · ${theme.glyphs.about} ${growth}`, 'dim'),
  ]);
}

/** More than these are an inventory, and `check` lists them. */
const mostNamed = 5;

function addressLines(page: Page, snapshot: Snapshot, theme: Theme): void {
  const { glyphs } = theme;
  const { used, capacity: most, source, fullNodes, exhaustedSubnets, refused, errors } = addresses(snapshot);
  if (most > 0)
    page.field('addresses', [
      ...bar(theme, used / most),
      span(` ${number(used)} of ${number(most)}`),
      span(` · by ${source}`, 'dim'),
    ]);
  else page.field('addresses', [span(`${number(used)} in use; how many there could be is not known`, 'dim')]);
  const below = (sign: Span, text: string, node?: string) =>
    page.field(
      '',
      [sign, span(text)],
      node === undefined ? { troubled: true } : { troubled: true, target: agentView(node) },
    );
  const bad = span(`${glyphs.error} `, 'error');
  for (const full of fullNodes.slice(0, mostNamed)) {
    below(
      span(`${glyphs.warning} `, 'warning'),
      `${full.node} holds ${number(full.used)} of ${number(full.most)} pods`,
      full.node,
    );
  }
  for (const subnet of exhaustedSubnets.slice(0, mostNamed)) below(bad, `subnet ${subnet.name} is exhausted`);
  for (const { config, reason } of refused.slice(0, mostNamed)) below(bad, `${config.name}: ${reason}`, config.name);
  for (const { node, error } of errors.slice(0, mostNamed)) below(bad, `${node}: ${error}`, node);
}

function bar(theme: Theme, share: number): Span[] {
  const drawn = meter(theme, share, 20);
  return [span(drawn.text.replace(/ *\d+%$/, ''), drawn.tone), span(` ${percent(share)}`)];
}
