import { check } from './check.ts';
import type { Command } from './command.ts';
import { console } from './console.ts';
import { simulate } from './simulate.ts';

/** What can be typed after the program's name. The first is what runs when nothing is typed. */
export const commands: readonly Command[] = [console, check, simulate];
