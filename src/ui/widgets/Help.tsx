import { Box } from 'ink';
import { useMemo } from 'react';
import type { Offer } from '../keys/key-layers.ts';
import { useBindings } from '../keys/use-bindings.ts';
import { pad } from '../text.ts';
import { type Span, useTheme } from '../theme.ts';
import { keyName } from './key-name.ts';
import { createTextStore, TextView } from './TextView.tsx';
import { TitleRule } from './TitleRule.tsx';

export type HelpProps = Readonly<{
  offers: readonly Offer[];
  words: readonly Readonly<{ word: string; title: string }>[];
  width: number;
  height: number;
  onClose(): void;
}>;

/** Every key that works here, under headings, with the reason where one does not work now; and every `:` word. */
export function Help({ offers, words, width, height, onClose }: HelpProps) {
  const { ascii } = useTheme();
  const store = useMemo(() => createTextStore(), []);
  const lines = useMemo(() => [...keyLines(offers, ascii), ...wordLines(words)], [offers, words, ascii]);
  useBindings([{ keys: ['q', '?', 'esc'], title: 'close', rank: 1, run: () => onClose() }], () => undefined, {
    title: 'Help',
  });
  return (
    <Box flexDirection="column" width={width} height={height}>
      <TitleRule title="Keys" right="/ search  esc close" width={width} />
      <TextView lines={lines} width={width} height={height - 1} active store={store} />
    </Box>
  );
}

function keyLines(offers: readonly Offer[], ascii: boolean): Span[] {
  const groups = [...Map.groupBy(offers, (offer) => offer.group)];
  // What the bottom line names first is what one came for; moving about everybody knows.
  const first = (members: readonly Offer[]) => Math.min(...members.map((offer) => offer.rank));
  const sorted = groups.sort(([, a], [, b]) => (first(a) < first(b) ? -1 : first(a) > first(b) ? 1 : 0));
  return sorted.flatMap(([group, members]): Span[] => [
    { text: ` ${group}`, tone: 'strong' },
    ...members.map((offer): Span => {
      const keys = pad(offer.keys.map((key) => keyName(key, ascii)).join(' '), 16);
      const word = offer.word === '' ? '' : `  :${offer.word}`;
      return offer.reason === ''
        ? { text: `   ${keys} ${offer.title}${word}` }
        : { text: `   ${keys} ${offer.title}${word}  (not now: ${offer.reason})`, tone: 'dim' };
    }),
    { text: '' },
  ]);
}

function wordLines(words: HelpProps['words']): Span[] {
  return [
    { text: ' Words', tone: 'strong' },
    ...words.map(({ word, title }): Span => ({ text: `   ${pad(`:${word}`, 16)} ${title}` })),
  ];
}
