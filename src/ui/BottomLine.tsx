import { Box } from 'ink';
import { useContext, useEffect, useMemo, useSyncExternalStore } from 'react';
import type { Offer } from './keys/key-layers.ts';
import { KeysContext } from './keys/use-bindings.ts';
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
  const keys = useContext(KeysContext);
  // Which keys work can change with every key and every registration.
  useStore(store.presses);
  useSyncExternalStore(keys.subscribe, keys.version);
  return <Line spans={footerSpans(keys.offers(), columns, useTheme().ascii)} width={columns} />;
}

/** The keys by rank for as long as there is room; `?` is always among them. */
function footerSpans(offers: readonly Offer[], columns: number, ascii: boolean): readonly Span[] {
  const ranked = offers.filter((offer) => Number.isFinite(offer.rank)).sort((a, b) => a.rank - b.rank);
  const spans: Span[] = [];
  let used = 1;
  for (const offer of ranked) {
    const name = keyName(offer.keys[0] ?? '', ascii);
    const needed = width(name) + width(offer.title) + 3;
    if (used + needed > columns) continue;
    used += needed;
    spans.push(
      { text: ` ${name}`, tone: offer.reason === '' ? 'accent' : 'dim' },
      { text: ` ${offer.title} `, tone: offer.reason === '' ? 'plain' : 'dim' },
    );
  }
  return spans;
}
