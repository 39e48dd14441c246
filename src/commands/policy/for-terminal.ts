import type { Command as Program } from 'commander';
import { readConfig } from '../../config.ts';
import { createTheme } from '../../ui/theme.ts';
import { version } from '../version.ts';

export type AsciiOption = { ascii?: boolean };

export function describeAscii(program: Program): Program {
  return program.option('--ascii', 'signs of ASCII only, as where the locale is not UTF-8');
}

/** A text for people in signs that the terminal has. */
export function forTerminal(text: string, { ascii }: AsciiOption, env: NodeJS.ProcessEnv): string {
  const config = readConfig(ascii ? { ascii } : {}, env, version());
  return createTheme({ ascii: config.ascii, colour: false }).paint(text, {});
}
