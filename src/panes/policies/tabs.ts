import type { Snapshot } from '../../model/snapshot.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import type { Frame } from '../../ui/pane.ts';
import { number } from '../../ui/text.ts';
import type { Glyphs, Span } from '../../ui/theme.ts';
import { policyFindings, rank, severityLook } from '../policy-findings.ts';
import { policyKinds } from '../policy-kinds.ts';

/** The views of the policies pane, in the order the arrows walk them. */
const tabs = [
  { id: 'policies', title: 'list' },
  { id: 'policy-map', title: 'map' },
  { id: 'policy-lint', title: 'lint' },
] as const;
export type TabId = (typeof tabs)[number]['id'];

/** ` list 214   map   lint ✖ 3 `: the one that is shown in reverse video. */
export function tabLine({ tables, judgement }: Snapshot, here: TabId, glyphs: Glyphs): readonly Span[] {
  const count = policyKinds.reduce((sum, { id }) => sum + tables[id].rows.size, 0);
  const findings = policyFindings(judgement);
  const [worst] = [...findings].sort((a, b) => rank(a.severity) - rank(b.severity));
  const found = worst === undefined ? '' : ` ${severityLook(worst.severity, glyphs).sign} ${number(findings.length)}`;
  const more: Record<TabId, string> = {
    policies: count > 0 ? ` ${number(count)}` : '',
    'policy-map': '',
    'policy-lint': found,
  };
  return tabs.flatMap(({ id, title }): Span[] => {
    const text = ` ${title}${more[id]} `;
    return [{ text: ' ' }, id === here ? { text, inverse: true } : { text, tone: 'dim' }];
  });
}

/** `arrows` are left out where they move a cursor. */
export function tabKeys<C extends Readonly<{ frame: Frame }>>(here: TabId, arrows = true): readonly Binding<C>[] {
  const index = tabs.findIndex((tab) => tab.id === here);
  const to = (by: number) => tabs[(index + by + tabs.length) % tabs.length]?.id ?? here;
  const keys = (arrow: string, letter: string) => (arrows ? [arrow, letter] : [letter]);
  return [
    { keys: keys('right', 't'), title: 'next view', rank: 5, run: ({ frame }) => frame.go({ pane: to(1) }) },
    { keys: keys('left', 'T'), title: 'view before', run: ({ frame }) => frame.go({ pane: to(-1) }) },
  ];
}
