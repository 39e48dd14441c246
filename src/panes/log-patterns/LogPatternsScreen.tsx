import { useSnapshot } from '../../state/use-snapshot.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import type { Frame } from '../../ui/pane.ts';
import { useTheme } from '../../ui/theme.ts';
import { type LineKeys, LinesScreen } from '../LinesScreen.tsx';
import type { PaneProps } from '../pane-props.ts';
import type { PaneState } from '../pane-state.ts';
import { useNow } from '../use-now.ts';
import { logsView } from '../views.ts';
import { patternPage } from './pattern-page.ts';

/** The known patterns in the logs that were read, with their rates: `:log-patterns [PATTERN or NODE]`. */
export function LogPatternsScreen({ store, now, ...frame }: PaneProps & Frame) {
  const theme = useTheme();
  const time = useNow(now, 2_000);
  const signs = useSnapshot(store, (snapshot) => snapshot.logSigns);
  const [only = ''] = frame.args;
  const nodeOf = (namespace: string, pod: string) => store.get().tables.pods.named(namespace, pod)?.node ?? '';
  const lines = patternPage(signs, only, nodeOf, { columns: frame.width - 1, theme, now: time });
  const kinds = new Set(signs.signs.map(({ pattern }) => pattern)).size;
  const state: PaneState =
    signs.readings.length === 0
      ? {
          phase: 'none',
          glyph: 'unknown',
          text: 'no log was read',
          tone: 'unknown',
          sentence: 'No log has been opened yet. l opens the logs of all agents; what stands in them is counted here.',
          old: false,
        }
      : {
          phase: 'live',
          glyph: '',
          text: `${kinds} known in ${signs.readings.length} ${signs.readings.length === 1 ? 'log' : 'logs'}`,
          tone: 'plain',
          sentence: '',
          old: false,
        };
  return (
    <LinesScreen
      frame={frame}
      name="log-patterns"
      title={`Log patterns${only === '' ? '' : ` · ${only}`}`}
      state={state}
      lines={lines}
      bindings={keys}
    />
  );
}

const keys: readonly Binding<LineKeys>[] = [
  { keys: ['l'], title: 'logs of all agents', rank: 2, run: ({ frame }) => frame.go(logsView('agents')) },
];
