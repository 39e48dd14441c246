import { Box } from 'ink';
import type { Binding } from '../../ui/keys/binding.ts';
import { useBindings } from '../../ui/keys/use-bindings.ts';
import { type Store, useStore } from '../../ui/store.ts';
import { number, wrap } from '../../ui/text.ts';
import { type Glyphs, type Span, useTheme } from '../../ui/theme.ts';
import { Line } from '../../ui/widgets/Line.tsx';
import { TitleRule } from '../../ui/widgets/TitleRule.tsx';
import { span } from '../spans.ts';
import type { BundleState } from './bundle-state.ts';
import { endLines, megabytes, planLines } from './bundle-words.ts';

type BundleOverlayProps = Readonly<{
  state: Store<BundleState>;
  width: number;
  height: number;
  onBegin(): void;
  onStop(): void;
  onCopy(text: string): void;
  onClose(): void;
}>;

/** What a support bundle would take, how far it is, and where it lies: over whatever pane asked for it. */
export function BundleOverlay(props: BundleOverlayProps) {
  const { state, width, height } = props;
  const { glyphs } = useTheme();
  const now = useStore(state);
  useBindings(keys, () => ({ ...props, now }), { title: 'Support bundle' });
  const lines = linesOf(now).flatMap((line) => wrap(line, Math.max(16, width - 2)));
  return (
    <Box flexDirection="column" width={width} height={height}>
      <TitleRule title="Support bundle" state={titleOf(now, glyphs)} width={width} />
      {['', ...lines].slice(0, Math.max(1, height - 1)).map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: these lines have no identity but their place
        <Line key={index} spans={[span(line === '' ? '' : ` ${line}`)]} width={width} />
      ))}
    </Box>
  );
}

function titleOf(now: BundleState, glyphs: Glyphs): Span {
  switch (now.phase) {
    case 'asked':
      return { text: 'nothing has been asked yet', tone: 'plain' };
    case 'taking':
      return { text: now.stopping ? 'stopping, what was read is kept' : 'being taken', tone: 'progress' };
    case 'failed':
      return { text: `${glyphs.error} not written`, tone: 'error' };
    case 'ended': {
      const whole = now.end.gaps.length === 0 && !now.end.stopped;
      return whole
        ? { text: `${glyphs.ok} written`, tone: 'ok' }
        : { text: `${glyphs.warning} written, with gaps`, tone: 'warning' };
    }
  }
}

function linesOf(now: BundleState): readonly string[] {
  switch (now.phase) {
    case 'asked':
      return [...planLines(now.plan, now.path), '', 'y takes it, esc leaves it.'];
    case 'taking': {
      const { text, requests, bytes } = now.progress;
      return [`${text} · ${number(requests)} requests · ${megabytes(bytes)}`, '', `It is written to ${now.path}.`];
    }
    case 'failed':
      return [now.text];
    case 'ended':
      return [
        `It is ${now.end.path}.`,
        ...endLines(now.end),
        '',
        'ciliscope check --from FILE reads it without a cluster.',
      ];
  }
}

type Context = BundleOverlayProps & { now: BundleState };

const keys: readonly Binding<Context>[] = [
  {
    keys: ['y'],
    title: 'take it',
    rank: 1,
    applies: ({ now }) => now.phase === 'asked',
    run: ({ onBegin }) => onBegin(),
  },
  {
    keys: ['c'],
    title: 'copy its path',
    rank: 1,
    applies: ({ now }) => now.phase === 'ended',
    run: ({ now, onCopy }) => {
      if (now.phase === 'ended') onCopy(now.end.path);
    },
  },
  {
    keys: ['ctrl-c', 'esc', 'q'],
    title: 'stop, keep what was read',
    rank: 2,
    applies: ({ now }) => now.phase === 'taking',
    run: ({ onStop }) => onStop(),
  },
  {
    keys: ['esc', 'q'],
    title: 'back',
    rank: 2,
    applies: ({ now }) => now.phase !== 'taking',
    run: ({ onClose }) => onClose(),
  },
];
