import { Box } from 'ink';
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import type { Offer } from './keys/key-layers.ts';
import { useKeys } from './keys/use-bindings.ts';
import type { ShellStore } from './shell-store.ts';
import { createStore, useStore } from './store.ts';
import { width } from './text.ts';
import { type Span, useTheme } from './theme.ts';
import { keyName } from './widgets/key-name.ts';
import { Line } from './widgets/Line.tsx';
import { Prompt } from './widgets/Prompt.tsx';

/** How long something said in passing stays, in milliseconds. */
const passing = 5000;

/** The last line: the prompt, or what was just said, or the keys that work here. With two lines the keys always stay. */
export function BottomLine({ store, width: columns, lines }: { store: ShellStore; width: number; lines: number }) {
  const question = useStore(store.question);
  const message = useStore(store.message);
  const histories = useMemo(() => new Map([...':/'].map((sign) => [sign, createStore<readonly string[]>([])])), []);
  useEffect(() => {
    if (message === undefined || message.stays) return;
    const timer = setTimeout(() => store.message.update(() => undefined), passing);
    return () => clearTimeout(timer);
  }, [message, store]);
  const said =
    question !== undefined ? (
      <Prompt
        key={question.sign}
        question={question}
        width={columns}
        history={histories.get(question.sign) ?? createStore<readonly string[]>([])}
        onClose={() => store.question.update(() => undefined)}
      />
    ) : message !== undefined ? (
      <Line
        spans={
          message.stays
            ? [{ text: message.text, tone: message.tone }]
            : [{ text: ` ${message.text}`, tone: message.tone }]
        }
        width={columns}
      />
    ) : undefined;
  if (lines === 1) return said ?? <Footer store={store} width={columns} />;
  return (
    <Box flexDirection="column">
      {said ?? <Line spans="" width={columns} />}
      <Footer store={store} width={columns} />
    </Box>
  );
}

function Footer({ store, width: columns }: { store: ShellStore; width: number }) {
  const keys = useKeys();
  // Not only drawing changes which keys work: some look at what no drawing follows.
  useStore(store.presses);
  const offers = useSyncExternalStore(keys.subscribe, keys.offers);
  return <Line spans={footerSpans(offers, columns, useTheme().ascii)} width={columns} />;
}

const always = ['?', 'q'];

/** The keys by rank for as long as there is room. */
function footerSpans(offers: readonly Offer[], columns: number, ascii: boolean): readonly Span[] {
  const ranked = offers.filter((offer) => Number.isFinite(offer.rank)).sort((a, b) => a.rank - b.rank);
  const nameOf = (offer: Offer) => keyName(offer.keys[0] ?? '', ascii);
  const needs = (offer: Offer) => width(nameOf(offer)) + width(offer.title) + 3;
  // How to get help and how to get out are told first, however many keys a pane has.
  const kept = new Set(ranked.filter((offer) => always.includes(offer.keys[0] ?? '')));
  let used = 1 + [...kept].reduce((sum, offer) => sum + needs(offer), 0);
  for (const offer of ranked) {
    if (kept.has(offer) || used + needs(offer) > columns) continue;
    used += needs(offer);
    kept.add(offer);
  }
  const spans: Span[] = [];
  for (const offer of ranked.filter((one) => kept.has(one))) {
    const name = nameOf(offer);
    spans.push(
      { text: ` ${name}`, tone: offer.reason === '' ? 'accent' : 'dim' },
      { text: ` ${offer.title} `, tone: offer.reason === '' ? 'plain' : 'dim' },
    );
  }
  return spans;
}
