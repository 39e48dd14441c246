import { render } from 'ink';
import { type ReactNode, useMemo } from 'react';
import { DeviceContext } from '../device.ts';
import { useStore } from '../store.ts';
import { createTheme, ThemeContext } from '../theme.ts';
import { type Leaving, openTerminal, type Terminal, type TerminalOptions } from './open-terminal.ts';

/**
 * Shows `screen` on the whole terminal until `leave` is called, a signal comes or the terminal is gone. The terminal is
 * restored before this resolves or rejects. Rejects when the screen cannot be drawn at all: our bug.
 */
export async function showFullScreen(
  options: TerminalOptions,
  screen: (leave: () => void) => ReactNode,
): Promise<Leaving> {
  const terminal = openTerminal(options);
  const left = Promise.withResolvers<Leaving>();
  const colour = (options.env.NO_COLOR ?? '') === '';
  const leave = () => left.resolve({ reason: 'quit', code: 0 });
  const instance = render(
    <Themed terminal={terminal} ascii={options.ascii} colour={colour}>
      {screen(leave)}
    </Themed>,
    {
      stdout: terminal.inkStdout,
      stdin: terminal.inkStdin,
      // Whole frames, one write each, whenever something changed; pacing and differences are the painter's.
      debug: true,
      interactive: true,
      patchConsole: false,
      exitOnCtrlC: false,
      isScreenReaderEnabled: false,
    },
  );
  try {
    const broken = instance.waitUntilExit().then(() => left.promise);
    const leaving = await Promise.race([left.promise, terminal.ended, broken]);
    if (leaving.reason === 'quit') await terminal.answered();
    return leaving;
  } finally {
    // First the terminal, then Ink, whose last frame would come after the farewell.
    terminal.close();
    instance.unmount();
  }
}

type ThemedProps = { terminal: Terminal; ascii: boolean; colour: boolean; children: ReactNode };

function Themed({ terminal, ascii, colour, children }: ThemedProps) {
  const wide = useStore(terminal.ambiguousWide);
  const theme = useMemo(() => createTheme({ ascii: ascii || wide, colour }), [ascii, wide, colour]);
  return (
    <DeviceContext value={terminal}>
      <ThemeContext value={theme}>{children}</ThemeContext>
    </DeviceContext>
  );
}
