import { Box } from 'ink';
import { useSnapshot } from '../../state/use-snapshot.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import { useBindings } from '../../ui/keys/use-bindings.ts';
import { type Store, useStore } from '../../ui/store.ts';
import { useTheme } from '../../ui/theme.ts';
import { Line } from '../../ui/widgets/Line.tsx';
import { TitleRule } from '../../ui/widgets/TitleRule.tsx';
import type { PaneProps } from '../pane-props.ts';
import { useNow } from '../use-now.ts';
import { signInLines, signInTitle } from './sign-in-lines.ts';
import type { SignInState } from './sign-in-state.ts';

type SignInOverlayProps = Readonly<{
  snapshots: PaneProps['store'];
  state: Store<SignInState>;
  width: number;
  height: number;
  now(): number;
  onAgain(): void;
  onCopy(text: string): void;
  onClose(): void;
}>;

/** The code, where it is typed, and how long it is good for: over whatever pane asked for it. */
export function SignInOverlay(props: SignInOverlayProps) {
  const { snapshots, state, width, height, now } = props;
  const login = useSnapshot(snapshots, ({ facts }) => facts.azureLogin?.value);
  const { glyphs } = useTheme();
  const phase = useStore(state);
  const time = useNow(now);
  const code = login?.state === 'code' ? (login.code?.userCode ?? '') : '';
  useBindings(keys, () => ({ ...props, code, ended: phase.phase === 'ended' }), { title: 'Sign in to Azure' });
  return (
    <Box flexDirection="column" width={width} height={height}>
      <TitleRule title="Sign in to Azure" state={signInTitle(phase, login, glyphs, time)} width={width} />
      {signInLines(phase, login, width)
        .slice(0, Math.max(1, height - 1))
        .map((spans, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: these lines have no identity but their place
          <Line key={index} spans={spans} width={width} />
        ))}
    </Box>
  );
}

type Context = SignInOverlayProps & { code: string; ended: boolean };

const keys: readonly Binding<Context>[] = [
  {
    keys: ['c'],
    title: 'copy the code',
    rank: 1,
    applies: ({ code }) => code !== '',
    run: ({ code, onCopy }) => onCopy(code),
  },
  // Without a code it says so, and is not offered.
  {
    keys: ['c'],
    title: 'copy the code',
    applies: ({ code }) => code === '',
    unless: () => 'there is no code',
    run: () => {},
  },
  {
    keys: ['l'],
    title: 'another code',
    rank: 3,
    unless: ({ code, ended }) => (code === '' && !ended ? 'one is being asked for' : undefined),
    run: ({ onAgain }) => onAgain(),
  },
  { keys: ['esc', 'q'], title: 'give up', rank: 2, run: ({ onClose }) => onClose() },
];
